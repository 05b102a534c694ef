// ICMP (RFC 792, RFC 950) and ICMPv6 (RFC 4443), with the original packet that errors quote.

import { Field, Kind } from "../../record.ts";
import { decodeInner } from "./inner.ts";
import { noteShort, type Packet } from "../packet.ts";
import { u32At } from "../read.ts";

const TYPE = 0;
const CODE = 1;
/** Identifier and sequence number of queries; unused, pointer or MTU in errors. */
const REST = 4;
export const ICMP_HEADER_BYTES = 8;

/** ICMP types that quote the packet they are about. */
const DESTINATION_UNREACHABLE = 3;
const SOURCE_QUENCH = 4;
const REDIRECT = 5;
const TIME_EXCEEDED = 11;
const PARAMETER_PROBLEM = 12;
/** ICMP queries with an identifier: echo and its reply, timestamp 13 to address mask reply 18. */
const ECHO_REPLY = 0;
const ECHO = 8;
const TIMESTAMP = 13;
const ADDRESS_MASK_REPLY = 18;

/** ICMPv6: all types below this quote the packet; types 1 to 4 are assigned. */
const ICMP6_ERRORS_END = 128;
const ICMP6_ECHO = 128;
const ICMP6_ECHO_REPLY = 129;
/** Neighbour solicitation and advertisement (RFC 4861 sections 4.3 and 4.4), and where their target is. */
const SOLICITATION = 135;
const ADVERTISEMENT = 136;
const TARGET = 8;
const ICMP6 = 58;
const ADDRESS_BYTES = 16;

/** Decodes the ICMP message that the payload is, and what an error quotes. */
export function decodeIcmp(packet: Packet): void {
  if (!decodeHeader(packet, Kind.Icmp)) return;
  const { payload: bytes, payloadAt: at, payloadEnd: end } = packet;
  switch (bytes[at + TYPE]) {
    case DESTINATION_UNREACHABLE:
    case SOURCE_QUENCH:
    case REDIRECT:
    case TIME_EXCEEDED:
    case PARAMETER_PROBLEM:
      return decodeInner(packet, bytes, at + ICMP_HEADER_BYTES, end);
    case ECHO_REPLY:
    case ECHO:
      return packet.putU32(Field.Sequence, u32At(bytes, at + REST));
    default:
      if (bytes[at + TYPE] >= TIMESTAMP && bytes[at + TYPE] <= ADDRESS_MASK_REPLY) {
        packet.putU32(Field.Sequence, u32At(bytes, at + REST));
      }
  }
}

/**
 * Decodes the ICMPv6 message that the payload is. Of neighbour discovery who asks and who
 * is asked for become the inner addresses, with `Field.InnerProtocol` 58 and without `Quirk.Inner`.
 */
export function decodeIcmp6(packet: Packet): void {
  if (!decodeHeader(packet, Kind.Icmp6)) return;
  const { payload: bytes, payloadAt: at, payloadEnd: end } = packet;
  const type = bytes[at + TYPE];
  if (type < ICMP6_ERRORS_END) return decodeInner(packet, bytes, at + ICMP_HEADER_BYTES, end);
  if (type === ICMP6_ECHO || type === ICMP6_ECHO_REPLY) {
    packet.putU32(Field.Sequence, u32At(bytes, at + REST));
  } else if (type === SOLICITATION || type === ADVERTISEMENT) {
    if (at + TARGET + ADDRESS_BYTES > end) return;
    packet.copyWithin(Field.InnerSource, type === SOLICITATION ? Field.Source : Field.Destination);
    packet.putIpv6(Field.InnerDestination, bytes, at + TARGET);
    packet.putU8(Field.InnerProtocol, ICMP6);
  }
}

/**
 * Writes type, code and payload length. True when all 8 bytes of the header were captured; fewer
 * are noted as `Quirk.Truncated`, and with fewer than 2 the record becomes a `Kind.Ip`.
 */
function decodeHeader(packet: Packet, kind: number): boolean {
  const { payload: bytes, payloadAt: at, payloadEnd: end, payloadLength: length } = packet;
  const captured = end - at;
  if (captured < ICMP_HEADER_BYTES) noteShort(packet, ICMP_HEADER_BYTES);
  if (captured <= CODE) {
    packet.putU8(Field.Kind, Kind.Ip);
    packet.putU32(Field.PayloadLength, length);
    return false;
  }
  packet.putU8(Field.Kind, kind);
  packet.putU8(Field.Type, bytes[at + TYPE]);
  packet.putU8(Field.Code, bytes[at + CODE]);
  packet.putU32(Field.PayloadLength, length > ICMP_HEADER_BYTES ? length - ICMP_HEADER_BYTES : 0);
  return captured >= ICMP_HEADER_BYTES;
}
