// The beginning of the packet that an ICMP error quotes (RFC 792; RFC 1812 section 4.3.2.3; RFC 4443
// section 3). It was written by whoever sent the error: nothing in it is known to be true.

import { Field, Quirk } from "../../record.ts";
import {
  FRAGMENT,
  FRAGMENT_HEADER_BYTES,
  skipExtensionHeaders,
} from "../network/extension_headers.ts";
import type { Packet } from "../packet.ts";
import { u16At, u32At } from "../read.ts";

const IPV4_HEADER_BYTES_MIN = 20;
const IPV6_HEADER_BYTES = 40;
/** The part of IPv4's flags and fragment offset that is the offset. */
const OFFSET_MASK = 0x1fff;

/** Protocols whose first four bytes are two ports: TCP, UDP, DCCP, SCTP, UDP-Lite. */
function hasPorts(protocol: number): boolean {
  return protocol === 6 || protocol === 17 || protocol === 33 || protocol === 132 ||
    protocol === 136;
}

/**
 * Writes the `Inner*` fields from bytes[at, end) and notes `Quirk.Inner` when an IPv4 or IPv6 header
 * is there whole; `Quirk.InnerPorts` when ports follow it; the four bytes after these, if any, become
 * `Field.Sequence`. Otherwise notes nothing.
 */
export function decodeInner(packet: Packet, bytes: Uint8Array, at: number, end: number): void {
  if (at >= end) return;
  const version = bytes[at] >> 4;
  if (version === 4) decodeInnerIpv4(packet, bytes, at, end);
  else if (version === 6) decodeInnerIpv6(packet, bytes, at, end);
}

function decodeInnerIpv4(packet: Packet, bytes: Uint8Array, at: number, end: number): void {
  const header = (bytes[at] & 0x0f) * 4;
  if (header < IPV4_HEADER_BYTES_MIN || at + header > end) return;
  packet.quirks |= Quirk.Inner;
  packet.putU8(Field.InnerTtl, bytes[at + 8]);
  packet.putU8(Field.InnerProtocol, bytes[at + 9]);
  packet.putIpv4(Field.InnerSource, bytes, at + 12);
  packet.putIpv4(Field.InnerDestination, bytes, at + 16);
  if ((u16At(bytes, at + 6) & OFFSET_MASK) !== 0) return;
  putPorts(packet, bytes[at + 9], bytes, at + header, end);
}

function decodeInnerIpv6(packet: Packet, bytes: Uint8Array, at: number, end: number): void {
  if (at + IPV6_HEADER_BYTES > end) return;
  packet.putU8(Field.InnerTtl, bytes[at + 7]);
  packet.putIpv6(Field.InnerSource, bytes, at + 8);
  packet.putIpv6(Field.InnerDestination, bytes, at + 24);
  // The walk notes quirks of the packet it is in; those of the quoted one are not this packet's.
  const quirks = packet.quirks;
  skipExtensionHeaders(packet, bytes[at + 6], bytes, at + IPV6_HEADER_BYTES, end);
  let protocol = packet.upper, upperAt = packet.upperAt, first = true;
  if (protocol === FRAGMENT && upperAt + FRAGMENT_HEADER_BYTES <= end) {
    first = u16At(bytes, upperAt + 2) >> 3 === 0;
    protocol = bytes[upperAt];
    if (first) {
      skipExtensionHeaders(packet, protocol, bytes, upperAt + FRAGMENT_HEADER_BYTES, end);
      protocol = packet.upper;
      upperAt = packet.upperAt;
    }
  }
  packet.quirks = quirks | Quirk.Inner;
  packet.putU8(Field.InnerProtocol, protocol);
  if (first) putPorts(packet, protocol, bytes, upperAt, end);
}

function putPorts(
  packet: Packet,
  protocol: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): void {
  if (!hasPorts(protocol) || at + 4 > end) return;
  packet.quirks |= Quirk.InnerPorts;
  packet.putU16(Field.InnerSourcePort, u16At(bytes, at));
  packet.putU16(Field.InnerDestinationPort, u16At(bytes, at + 2));
  if (at + 8 <= end) packet.putU32(Field.Sequence, u32At(bytes, at + 4));
}
