// The ordinary frame, TCP or UDP in IPv4 in Ethernet: whether it is one, and its record. In parts that V8 puts into
// the decoder's loop: it has a limit for the size of each, and for all together. Each reads at most
// `ORDINARY_BYTES` from `start` on, which are there, and allocates nothing.

import { Field, Kind, Quirk } from "../record.ts";
import { isTunnelPort } from "./tunnel.ts";

// Numbers of other files, written down here once more because V8 folds a module's own constants into
// the code but loads imported ones one by one: a third of the time per packet (tests/bench).

/** Indices, relative to the record's, in its views of 4 and 8 bytes. Two addresses of 16 bytes each. */
const SOURCE = Field.Source >> 3;
const SOURCE_MAPPED = (Field.Source + 8) >> 2;
const SOURCE_IPV4 = (Field.Source + 12) >> 2;
const DESTINATION = Field.Destination >> 3;
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
const OPTIONS = Field.OptionLayout >> 3;
const MSS_SCALE = Field.Mss >> 2; // WindowScale, TransportHeaderLength
const TIMESTAMP = Field.TimestampValue >> 3;
const URGENT_LENGTH = Field.Urgent >> 2; // IpLength
const INTERFACE = Field.Interface >> 2; // and the first two bytes of LinkSource
const LINK_SOURCE = (Field.LinkSource + 2) >> 2; // the other four

/** Values of these words, least significant byte first. */
const MAPPED_PREFIX = 0xffff0000;
const TCP_IN_IPV4 = Kind.Tcp | 4 << 8;
const UDP_IN_IPV4 = Kind.Udp | 4 << 8;
const NO_WINDOW_SCALE = 255 << 16;
const DONT_FRAGMENT_QUIRK = Quirk.DontFragment;

/** The ordinary frame: Ethernet without tags, 20 bytes of IPv4, 20 or more of TCP. */
const LINK_ADDRESS = 6;
const ETHERTYPE = 12;
const IP = 14;
const IP_LENGTH = 16;
const IP_FRAGMENT = 20;
const SOURCE_ADDRESS = 26;
const DESTINATION_ADDRESS = 30;
const TCP = 34;
const DATA_OFFSET = 46;
const END = 54;
/** EtherType 0x0800, then version 4 and a header of 20 bytes. */
const IPV4_AND_LENGTH_20 = 0x080045;
const PROTOCOL_TCP = 6;
const PROTOCOL_UDP = 17;
const UDP_HEADER_BYTES = 8;
/** After the ports, behind a header of IPv4 of 20 bytes. */
const UDP_LENGTH = 38;
/** In the word that begins with IPv4's flags: all flags but "don't fragment", fragment offset, protocol; and that flag. */
const FRAGMENT_RESERVED_PROTOCOL = 0xbfff00ff;
const DONT_FRAGMENT = 0x40000000;
/** The reserved bits beside the TCP data offset, in the word that begins with it. */
const TCP_RESERVED = 0x0f000000;
/** The ordinary way stores four bytes at once, which is right where the least significant comes first. */
export const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Where in the frame things are, for the decoder; what a module exports is not folded in it either. */
export const ORDINARY_BYTES = END, TCP_AT = TCP, DESTINATION_AT = DESTINATION_ADDRESS;
/**
 * Where the words lie that tell an ordinary frame: EtherType, version, header length and traffic class; total length
 * and identification; flags, fragment offset, TTL and protocol; TCP's data offset, flags and window.
 */
export const WORDS_AT = {
  type: ETHERTYPE,
  length: IP_LENGTH,
  fragment: IP_FRAGMENT,
  offset: DATA_OFFSET,
};

/**
 * Bytes of the header of TCP in IPv4 with nothing unusual about it; 0: whatever is leaves for the general way. The
 * words are those at `WORDS_AT`: each is read once, for this and for `putWords`.
 */
export function ordinaryHeader(
  type: number,
  length: number,
  fragment: number,
  offset: number,
  wireLength: number,
): number {
  const total = length >>> 16, header = offset >>> 28 << 2;
  const isOrdinary = type >>> 8 === IPV4_AND_LENGTH_20 &&
    (fragment & FRAGMENT_RESERVED_PROTOCOL) === PROTOCOL_TCP && (offset & TCP_RESERVED) === 0 &&
    header >= 20 && header + 20 <= total && total + IP <= wireLength;
  return isOrdinary ? header : 0;
}

/**
 * True for UDP in IPv4 with nothing unusual about it, that is in no port of a tunnel. The words are those at
 * `WORDS_AT`.
 */
export function isOrdinaryUdp(
  view: DataView,
  start: number,
  type: number,
  length: number,
  fragment: number,
  wireLength: number,
): boolean {
  const total = length >>> 16, claimed = view.getUint16(start + UDP_LENGTH);
  return type >>> 8 === IPV4_AND_LENGTH_20 &&
    (fragment & FRAGMENT_RESERVED_PROTOCOL) === PROTOCOL_UDP && claimed >= UDP_HEADER_BYTES &&
    claimed + 20 <= total && total + IP <= wireLength &&
    !isTunnelPort(view.getUint16(start + TCP + 2));
}

/** Upper halves of addresses; options and a timestamp that are not there. Before all else, as neighbours are written over. */
export function putZeros(f64: Float64Array, long: number): void {
  f64[long + SOURCE] = 0;
  f64[long + DESTINATION] = 0;
  f64[long + OPTIONS] = 0;
  f64[long + TIMESTAMP] = 0;
}

/** What is copied as it is. `word`: index of the record in `u32`; `length`: as of `ordinaryHeader`. */
export function putNumbers(
  view: DataView,
  u32: Uint32Array,
  start: number,
  word: number,
  length: number,
  interfaceIndex: number,
): void {
  putEnds(view, u32, start, word, interfaceIndex);
  u32[word + SEQUENCE] = view.getUint32(start + TCP + 4);
  u32[word + ACKNOWLEDGEMENT] = view.getUint32(start + TCP + 8);
  u32[word + KIND_VERSION] = TCP_IN_IPV4;
  u32[word + URGENT_LENGTH] = view.getUint16(start + TCP + 18) | length & 0xffff0000;
}

/** Who sent it to whom, and where it was captured. */
function putEnds(
  view: DataView,
  u32: Uint32Array,
  start: number,
  word: number,
  interfaceIndex: number,
): void {
  u32[word + SOURCE_MAPPED] = MAPPED_PREFIX;
  u32[word + SOURCE_IPV4] = view.getUint32(start + SOURCE_ADDRESS, true);
  u32[word + DESTINATION_MAPPED] = MAPPED_PREFIX;
  u32[word + DESTINATION_IPV4] = view.getUint32(start + DESTINATION_ADDRESS, true);
  const ports = view.getUint32(start + TCP);
  u32[word + PORTS] = ports >>> 16 | ports << 16;
  u32[word + INTERFACE] = interfaceIndex & 0xffff |
    view.getUint16(start + LINK_ADDRESS, true) << 16;
  u32[word + LINK_SOURCE] = view.getUint32(start + LINK_ADDRESS + 2, true);
}

/** The record of an ordinary UDP datagram; after `putZeros`. The words are those at `WORDS_AT`. */
export function putUdp(
  view: DataView,
  u32: Uint32Array,
  start: number,
  word: number,
  type: number,
  length: number,
  fragment: number,
  interfaceIndex: number,
): void {
  putEnds(view, u32, start, word, interfaceIndex);
  u32[word + SEQUENCE] = 0;
  u32[word + ACKNOWLEDGEMENT] = 0;
  u32[word + KIND_VERSION] = UDP_IN_IPV4;
  u32[word + URGENT_LENGTH] = length & 0xffff0000;
  u32[word + WINDOW_ID] = length << 16;
  u32[word + PROTOCOL_FLAGS_TTL_CLASS] = PROTOCOL_UDP | fragment << 8 & 0xff0000 | type << 24;
  u32[word + PAYLOAD_LENGTH] = (length >>> 16) - 20 - UDP_HEADER_BYTES;
  u32[word + MSS_SCALE] = NO_WINDOW_SCALE;
  u32[word + QUIRKS] = (fragment & DONT_FRAGMENT) !== 0 ? DONT_FRAGMENT_QUIRK : 0;
}

/** The rest, of which each word is put together from those at `WORDS_AT`. */
export function putWords(
  u32: Uint32Array,
  word: number,
  type: number,
  length: number,
  fragment: number,
  offset: number,
  header: number,
): void {
  u32[word + WINDOW_ID] = offset & 0xffff | length << 16;
  u32[word + PROTOCOL_FLAGS_TTL_CLASS] = PROTOCOL_TCP | offset >>> 8 & 0xff00 |
    fragment << 8 & 0xff0000 | type << 24;
  u32[word + PAYLOAD_LENGTH] = (length >>> 16) - 20 - header;
  u32[word + MSS_SCALE] = NO_WINDOW_SCALE | header << 24;
  u32[word + QUIRKS] = (fragment & DONT_FRAGMENT) !== 0 ? DONT_FRAGMENT_QUIRK : 0;
}
