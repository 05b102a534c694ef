// Bytes of one packet to one record. Nearly every packet is TCP in IPv4 in Ethernet with nothing
// unusual about it: this file decodes these in one go. All others, and all rules about them, are
// `general.ts`'s, layer by layer; both ways give the same record.

import { Field, Kind, Quirk, type Records } from "../record.ts";
import { Counter, createCounters } from "./counters.ts";
import { Fragments } from "./network/fragments.ts";
import { decodeGeneral } from "./general.ts";
import { isLinkTypeKnown } from "./link/link.ts";
import { isUnicastIpv4 } from "./group.ts";
import { type DecodeLimits, Packet } from "./packet.ts";
import type { Unread } from "./unread.ts";
import { decodeTcpOptions } from "./transport/tcp_options.ts";

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

// Numbers of other files, written down here once more because V8 folds a module's own constants into
// the code but loads imported ones one by one: a third of the time per packet (tests/bench).

/** Indices, relative to the record's, in its views of 4 and 8 bytes. Two addresses of 16 bytes each. */
const TIME = Field.TimeUs >> 3;
const SOURCE_HIGH = Field.Source >> 3;
const SOURCE_MAPPED = (Field.Source + 8) >> 2;
const SOURCE_IPV4 = (Field.Source + 12) >> 2;
const DESTINATION_HIGH = Field.Destination >> 3;
const DESTINATION_MAPPED = (Field.Destination + 8) >> 2;
const DESTINATION_IPV4 = (Field.Destination + 12) >> 2;
const PORTS = Field.SourcePort >> 2; // DestinationPort
const SEQUENCE = Field.Sequence >> 2;
const ACKNOWLEDGEMENT = Field.Acknowledgement >> 2;
const WINDOW_ID = Field.Window >> 2; // IpId
const PROTOCOL_FLAGS_TTL_CLASS = Field.Protocol >> 2; // TcpFlags, Ttl, TrafficClass
const KIND_VERSION = Field.Kind >> 2; // IpVersion, Type, Code
const QUIRKS = Field.Quirks >> 2;
const PAYLOAD_LENGTH = Field.PayloadLength >> 2;
const OPTION_LAYOUT = Field.OptionLayout >> 2;
const MSS_SCALE = Field.Mss >> 2; // WindowScale, TransportHeaderLength
const TIMESTAMP = Field.TimestampValue >> 2;
const URGENT_LENGTH = Field.Urgent >> 2; // IpLength
const INTERFACE = Field.Interface >> 2; // and the first two bytes of LinkSource
const LINK_SOURCE = (Field.LinkSource + 2) >> 2; // the other four

/** Values of these words, least significant byte first. */
const MAPPED_PREFIX = 0xffff0000;
const TCP_IN_IPV4 = Kind.Tcp | 4 << 8;
const NO_WINDOW_SCALE = 255 << 16;
const DONT_FRAGMENT_QUIRK = Quirk.DontFragment;
const LINK_MULTICAST_QUIRK = Quirk.LinkMulticast;
const UNICAST_IN_GROUP_QUIRK = Quirk.UnicastInGroup;
const PACKETS = Counter.Packets;
const BYTES = Counter.Bytes;
const TCP_PACKETS = Counter.Kind + Kind.Tcp;

/** The ordinary frame: Ethernet without tags, 20 bytes of IPv4, 20 or more of TCP. */
const LINKTYPE_ETHERNET = 1;
const LINK_ADDRESS = 6;
const ETHERTYPE = 12;
const IP = 14;
const IP_ADDRESSES = 26;
const TCP = 34;
const TCP_END = 54;
const ETHERTYPE_IPV4 = 0x0800;
const VERSION_4_LENGTH_20 = 0x45;
const PROTOCOL_TCP = 6;
/** Of IPv4's flags and fragment offset: all but "don't fragment", and that one. */
const FRAGMENT_OR_RESERVED = 0xbfff;
const DONT_FRAGMENT = 0x4000;
/** The reserved bits beside the TCP data offset, in the word that begins with them. */
const TCP_RESERVED = 0x0f000000;
/** The bit of a link-layer address's first byte that says "group". */
const GROUP = 0x01;

/** The ordinary way stores four bytes at once, which is right where the least significant comes first. */
const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Decodes packets one after another. Takes all its memory at start. */
export class Decoder {
  /** What was counted so far, at `Counter`'s places. */
  declare readonly counters: Float64Array;
  declare private readonly packet: Packet;
  declare private readonly fragments: Fragments;
  declare private readonly u32: Uint32Array;
  declare private readonly f64: Float64Array;
  /** The array that packets lie in, and a view of it: one load reads a number of up to four bytes. */
  declare private source: Uint8Array;
  declare private view: DataView;

  /** Fills `records`. */
  constructor(records: Records, options: DecodeOptions) {
    this.counters = options.counters ?? createCounters();
    this.fragments = new Fragments(options.fragmentDatagrams, options.seed, this.counters);
    this.packet = new Packet(records, options, this.counters);
    this.u32 = records.u32;
    this.f64 = records.f64;
    this.source = this.packet.bytes;
    this.view = this.packet.view;
  }

  /**
   * Decodes one packet, captured in bytes[start, end), into the record at byte offset `base`.
   *
   * Returns `Reason.None` when the record is to be published: every packet with at least an IP or ARP
   * header. Any other `Reason` was counted and the slot is free for the next packet. Reads nothing
   * outside [start, end). Of `interfaceIndex` the low 16 bits are kept. Never throws. Allocates nothing
   * as long as successive calls pass the same array object; another one costs a view.
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
    // Short, so that V8 puts it into the caller's loop: as an argument of a real call a time, which is
    // not a small integer, would be put on the heap, 16 bytes for every packet.
    this.f64[(base >> 3) + TIME] = timeUs;
    return this.decodeTimed(bytes, start, end, wireLength, linkType, interfaceIndex, base);
  }

  /** As `decode`; the time is already in the record. */
  private decodeTimed(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    linkType: number,
    interfaceIndex: number,
    base: number,
  ): number {
    const { counters, packet, fragments } = this;
    counters[PACKETS]++;
    counters[BYTES] += wireLength;
    if (bytes !== this.source) this.look(bytes);
    const view = this.view;
    // Whatever is unusual leaves for the general way before anything is written.
    if (!LITTLE_ENDIAN || linkType !== LINKTYPE_ETHERNET || end - start < TCP_END) {
      return decodeGeneral(
        packet,
        fragments,
        start,
        end,
        wireLength,
        linkType,
        interfaceIndex,
        base,
      );
    }
    const word0 = view.getUint32(start + IP); // version, header length, traffic class, total length
    const word1 = view.getUint32(start + IP + 4); // identification, flags, fragment offset
    const word2 = view.getUint16(start + IP + 8); // TTL, protocol
    const tcp3 = view.getUint32(start + TCP + 12); // data offset, reserved bits, flags, window
    const total = word0 & 0xffff;
    const header = tcp3 >>> 28 << 2;
    if (
      view.getUint16(start + ETHERTYPE) !== ETHERTYPE_IPV4 ||
      word0 >>> 24 !== VERSION_4_LENGTH_20 || (word2 & 0xff) !== PROTOCOL_TCP ||
      (word1 & FRAGMENT_OR_RESERVED) !== 0 || (tcp3 & TCP_RESERVED) !== 0 ||
      header < 20 || header + 20 > total || total + IP > wireLength
    ) {
      return decodeGeneral(
        packet,
        fragments,
        start,
        end,
        wireLength,
        linkType,
        interfaceIndex,
        base,
      );
    }

    const { u32, f64 } = this;
    const word = base >> 2, long = base >> 3;
    f64[long + SOURCE_HIGH] = 0;
    u32[word + SOURCE_MAPPED] = MAPPED_PREFIX;
    u32[word + SOURCE_IPV4] = view.getUint32(start + IP_ADDRESSES, true);
    f64[long + DESTINATION_HIGH] = 0;
    u32[word + DESTINATION_MAPPED] = MAPPED_PREFIX;
    u32[word + DESTINATION_IPV4] = view.getUint32(start + IP_ADDRESSES + 4, true);
    const ports = view.getUint32(start + TCP);
    u32[word + PORTS] = ports >>> 16 | ports << 16;
    u32[word + SEQUENCE] = view.getUint32(start + TCP + 4);
    u32[word + ACKNOWLEDGEMENT] = view.getUint32(start + TCP + 8);
    u32[word + WINDOW_ID] = tcp3 & 0xffff | word1 & 0xffff0000;
    u32[word + PROTOCOL_FLAGS_TTL_CLASS] = PROTOCOL_TCP | tcp3 >>> 8 & 0xff00 |
      word2 << 8 & 0xff0000 | word0 << 8 & 0xff000000;
    u32[word + KIND_VERSION] = TCP_IN_IPV4;
    u32[word + PAYLOAD_LENGTH] = total - 20 - header;
    u32[word + OPTION_LAYOUT] = 0;
    u32[word + MSS_SCALE] = NO_WINDOW_SCALE | header << 24;
    u32[word + TIMESTAMP] = 0;
    u32[word + URGENT_LENGTH] = view.getUint16(start + TCP + 18) | total << 16;
    u32[word + INTERFACE] = interfaceIndex & 0xffff |
      view.getUint16(start + LINK_ADDRESS, true) << 16;
    u32[word + LINK_SOURCE] = view.getUint32(start + LINK_ADDRESS + 2, true);
    let quirks = (word1 & DONT_FRAGMENT) !== 0 ? DONT_FRAGMENT_QUIRK : 0;
    if ((view.getUint8(start) & GROUP) !== 0) {
      quirks |= LINK_MULTICAST_QUIRK;
      const to = view.getUint32(start + IP_ADDRESSES + 4);
      if (isUnicastIpv4(to)) quirks |= UNICAST_IN_GROUP_QUIRK;
    }
    if (header > 20) {
      packet.base = base;
      packet.quirks = quirks;
      decodeTcpOptions(packet, bytes, start + TCP_END, start + TCP + header, end);
      quirks = packet.quirks;
    }
    u32[word + QUIRKS] = quirks;
    counters[TCP_PACKETS]++;
    return 0;
  }

  /** Was there any packet with a record? */
  hasRecords(): boolean {
    return this.counters.subarray(Counter.Kind, Counter.Reason).some((count) => count > 0);
  }

  /** Frames that give no record are counted there from now on. */
  set unread(unread: Unread) {
    this.packet.unread = unread;
  }

  /** Takes another array to read from. */
  private look(bytes: Uint8Array): void {
    this.source = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.packet.bytes = bytes;
    this.packet.view = this.view;
  }
}
