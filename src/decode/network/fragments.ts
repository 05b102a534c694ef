// Fragments of IPv4 (RFC 791 section 3.2) and IPv6 (RFC 8200 section 4.5) datagrams: which packet makes
// the transport header known, and which makes the datagram whole. Knows the record; leaves the
// bookkeeping to `datagrams.ts`. First copy of a byte wins; nothing but the beginning is kept.

import { Field, Kind, Quirk } from "../../record.ts";
import { Counter } from "../counters.ts";
import { Datagrams, HAS_FIRST, HEAD_BYTES, HEADER_GIVEN } from "./datagrams.ts";
import { skipExtensionHeaders } from "./extension_headers.ts";
import type { Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { bytesToKnow, decodeTransport } from "../transport/transport.ts";

/** The last byte that a datagram can have. */
const DATAGRAM_BYTES_MAX = 65535;

/** The longest header that is decoded: TCP with all its options. */
const TRANSPORT_BYTES_MAX = 60;

/** Quirks of the IP header: those of the first fragment hold for the datagram. */
const IP_HEADER_QUIRKS = Quirk.IpOptions | Quirk.RecordRoute | Quirk.IpTimestamp |
  Quirk.LooseSourceRoute | Quirk.StrictSourceRoute | Quirk.RouterAlert | Quirk.ExtensionHeaders |
  Quirk.RoutingHeader | Quirk.DontFragment | Quirk.ReservedIpFlag;

/** One fragment, as its IP header (IPv6: its Fragment header) describes it. */
export class Fragment {
  /** 16 bits in IPv4, 32 in IPv6. */
  id = 0;
  /** Where in the datagram's payload it begins, in bytes; a multiple of 8. */
  offset = 0;
  /** It is not the last. */
  more = false;
  protocol = 0;
  /** Its payload on the wire, and where the captured part of it lies. */
  length = 0;
  at = 0;
  end = 0;
  /** Bytes of IP header before the payload, without a Fragment header. */
  headerBytes = 0;
}

/** All datagrams in the making. Takes all its memory at start. */
export class Fragments {
  /** The fragment to `add`: filled in by the IP layers, one object for all. */
  readonly fragment = new Fragment();
  declare private readonly datagrams: Datagrams;
  /** Where `findUpper` found what is known of a datagram's payload. */
  private from: Uint8Array = new Uint8Array(0);
  private start = 0;
  private end = 0;

  constructor(capacity: number, seed: number, counters: Float64Array) {
    this.datagrams = new Datagrams(capacity, seed, counters);
  }

  /**
   * Takes `fragment`, whose IP header is already in the packet's record, and writes the rest of the
   * record: with `Quirk.FragmentHeader` or `Quirk.FragmentWhole` that of the datagram so far, with the
   * TTL, traffic class and options of its first fragment; otherwise a `Kind.Ip` with addresses only.
   *
   * A fragment that reaches beyond the longest datagram is refused (`Reason.FragmentTooLong`), and so
   * is not published. One whose IP length is bad is published, but is no part of any datagram.
   */
  add(packet: Packet): number {
    const { fragment } = this;
    const { offset, length, protocol } = fragment;
    if (offset + length > DATAGRAM_BYTES_MAX) return Reason.FragmentTooLong;
    packet.quirks |= Quirk.Fragment;
    packet.putU8(Field.Kind, Kind.Ip);
    packet.putU8(Field.Protocol, protocol);
    packet.putU32(Field.PayloadLength, length);
    if ((packet.quirks & Quirk.BadIpLength) !== 0) return Reason.None;

    packet.counters[Counter.Fragments]++;
    const { datagrams } = this;
    const version = packet.record[packet.base + Field.IpVersion];
    const slot = datagrams.slotOf(
      packet.u32,
      (packet.base + Field.Source) >> 2,
      fragment.id,
      version === 4 ? protocol : 0x600, // an IPv6 datagram is told by addresses and ID alone
      packet.f64[(packet.base + Field.TimeUs) >> 3],
    );
    // A later copy of the first fragment replaces what the header says, as it does in the kernel.
    if (offset === 0) this.rememberHeader(packet, slot);
    datagrams.see(slot, offset, length, packet.bytes, fragment.at, fragment.end - fragment.at);
    if (!fragment.more) datagrams.total[slot] = offset + length;
    if ((datagrams.state[slot] & HAS_FIRST) === 0) return Reason.None;
    if (datagrams.isWhole(slot)) this.giveWhole(packet, slot, version);
    else if ((datagrams.state[slot] & HEADER_GIVEN) === 0) {
      this.giveHeader(packet, slot, version);
    }
    return Reason.None;
  }

  private rememberHeader(packet: Packet, slot: number): void {
    const { datagrams, fragment } = this;
    datagrams.state[slot] |= HAS_FIRST;
    datagrams.ttl[slot] = packet.record[packet.base + Field.Ttl];
    datagrams.trafficClass[slot] = packet.record[packet.base + Field.TrafficClass];
    datagrams.protocol[slot] = fragment.protocol;
    datagrams.headerBytes[slot] = fragment.headerBytes;
    datagrams.quirks[slot] = packet.quirks & IP_HEADER_QUIRKS;
  }

  /** The datagram is complete: writes its record and forgets it. */
  private giveWhole(packet: Packet, slot: number, version: number): void {
    const { datagrams } = this;
    const total = datagrams.total[slot];
    this.findUpper(packet, slot, version);
    this.putHeader(packet, slot);
    packet.putU16(Field.IpLength, Math.min(datagrams.headerBytes[slot] + total, 0xffff));
    const at = packet.upperAt, end = Math.min(this.end, this.start + total);
    const length = Math.max(this.start + total - at, 0);
    packet.setPayload(this.from, at, end, length, false);
    decodeTransport(packet, packet.upper);
    const known = packet.record[packet.base + Field.Kind] !== Kind.Ip ||
      (packet.quirks & Quirk.Truncated) === 0;
    packet.quirks |= known && (datagrams.state[slot] & HEADER_GIVEN) === 0
      ? Quirk.FragmentWhole | Quirk.FragmentHeader
      : Quirk.FragmentWhole;
    packet.counters[Counter.DatagramsWhole]++;
    datagrams.free(slot);
  }

  /** Writes the datagram's record if its transport header is known by now, to all that it says of a probe. */
  private giveHeader(packet: Packet, slot: number, version: number): void {
    const { quirks } = packet;
    this.findUpper(packet, slot, version);
    const at = packet.upperAt, known = this.end - at;
    if ((packet.quirks & Quirk.Truncated) !== 0 || known < bytesToKnow(packet.upper)) {
      packet.quirks = quirks;
      return;
    }
    packet.quirks |= Quirk.FragmentHeader;
    this.datagrams.state[slot] |= HEADER_GIVEN;
    this.putHeader(packet, slot);
    packet.setPayload(this.from, at, this.end, known, true);
    decodeTransport(packet, packet.upper);
    // What this fragment holds beyond the transport header.
    const header = this.end - this.start - packet.u32[(packet.base + Field.PayloadLength) >> 2];
    const { offset, length } = this.fragment;
    packet.putU32(Field.PayloadLength, Math.max(offset + length - Math.max(offset, header), 0));
  }

  /** What the first fragment's IP header said. */
  private putHeader(packet: Packet, slot: number): void {
    packet.putU8(Field.Ttl, this.datagrams.ttl[slot]);
    packet.putU8(Field.TrafficClass, this.datagrams.trafficClass[slot]);
  }

  /**
   * Finds the transport protocol, and where it begins in what is known of the datagram's payload:
   * from[start, end). In IPv6, other headers may come before it. The quirks become those of the first
   * fragment and of these headers.
   *
   * What is known is the head that was kept. If these other headers fill it, it is the first fragment
   * itself, while that is at hand: a sender must put all headers into it (RFC 7112), and Linux drops
   * the datagram otherwise.
   */
  private findUpper(packet: Packet, slot: number, version: number): void {
    const { datagrams, fragment } = this;
    const quirks = packet.quirks & ~IP_HEADER_QUIRKS | datagrams.quirks[slot];
    const protocol = datagrams.protocol[slot];
    const known = Math.min(datagrams.headLength(slot), datagrams.cut[slot]);
    this.from = datagrams.head;
    this.start = slot * HEAD_BYTES;
    this.end = this.start + known;
    packet.quirks = quirks;
    packet.upper = protocol;
    packet.upperAt = this.start;
    if (version !== 6) return;
    skipExtensionHeaders(packet, protocol, this.from, this.start, this.end);
    const filled = known === HEAD_BYTES &&
      ((packet.quirks & Quirk.Truncated) !== 0 || this.end - packet.upperAt < TRANSPORT_BYTES_MAX);
    if (!filled || fragment.offset !== 0) return;
    this.from = packet.bytes;
    this.start = fragment.at;
    this.end = fragment.end;
    packet.quirks = quirks;
    skipExtensionHeaders(packet, protocol, this.from, this.start, this.end);
  }
}
