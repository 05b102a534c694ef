// Bytes of one packet to one record: link layer, network layer, and what that carries. Knows the
// order of the layers and counts; the layers know the rest.

import { Field, type Records } from "../record.ts";
import { decodeArp } from "./arp.ts";
import { Counter, createCounters } from "./counters.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";
import { EtherType } from "./link/ethertype.ts";
import { decodeLink, isLinkTypeKnown } from "./link/link.ts";
import { type DecodeLimits, NETWORK_BY_VERSION, Packet } from "./packet.ts";
import { Reason } from "./reason.ts";

export { isLinkTypeKnown };

/** Values from `PATH` in params.ts, and two more. */
export interface DecodeOptions extends DecodeLimits {
  /** Fragmented datagrams followed at once. */
  fragmentDatagrams: number;
  /** 32 bits that choose the fragment table's hash: random in live capture, fixed in replay. */
  seed: number;
  /** Where to count, `COUNTERS` long; shared memory if another thread is to read. One's own if absent. */
  counters?: Float64Array;
}

/** Decodes packets one after another. Takes all its memory at start. */
export class Decoder {
  /** What was counted so far, at `Counter`'s places. */
  readonly counters: Float64Array;
  private readonly packet: Packet;

  /** Fills `records`. */
  constructor(records: Records, options: DecodeOptions) {
    this.counters = options.counters ?? createCounters();
    this.packet = new Packet(records, options, this.counters);
  }

  /**
   * Decodes one packet, captured in bytes[start, end), into the record at byte offset `base`.
   *
   * Returns `Reason.None` when the record is to be published: every packet with at least an IP or ARP
   * header. Any other `Reason` was counted and the slot is free for the next packet. Reads nothing
   * outside [start, end) and keeps no reference to it; allocates nothing; never throws.
   */
  decode(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    timeUs: number,
    linkType: number,
    interfaceIndex: number,
    base: number,
  ): number {
    const { packet, counters } = this;
    counters[Counter.Packets]++;
    counters[Counter.Bytes] += wireLength;
    packet.bytes = bytes;
    packet.end = end;
    packet.wireEnd = start + wireLength;
    packet.base = base;
    packet.quirks = 0;
    packet.open(base, timeUs, interfaceIndex);
    let reason = decodeLink(packet, linkType, start);
    if (reason === Reason.None) reason = decodeNetwork(packet, bytes);
    if (reason !== Reason.None) {
      counters[Counter.Reason + reason]++;
      return reason;
    }
    packet.u32[(base + Field.Quirks) >> 2] = packet.quirks;
    counters[Counter.Kind + packet.record[base + Field.Kind]]++;
    return Reason.None;
  }
}

/** Goes on with what the link layer found. */
function decodeNetwork(packet: Packet, bytes: Uint8Array): number {
  const { network, at } = packet;
  if (network === EtherType.Ipv4) return decodeIpv4(packet, at);
  if (network === EtherType.Ipv6) return decodeIpv6(packet, at);
  if (network === EtherType.Arp) return decodeArp(packet, at);
  if (network !== NETWORK_BY_VERSION) return Reason.OtherLinkProtocol;
  if (at >= packet.end) return Reason.IpCut;
  return bytes[at] >> 4 === 6 ? decodeIpv6(packet, at) : decodeIpv4(packet, at);
}
