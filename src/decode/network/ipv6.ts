// IPv6 header (RFC 8200 section 3) and what follows it. Knows bytes and the record; hands the payload on.

import { Field, Quirk } from "../../record.ts";
import {
  FRAGMENT,
  FRAGMENT_HEADER_BYTES,
  NO_NEXT_HEADER,
  skipExtensionHeaders,
} from "./extension_headers.ts";
import type { Fragments } from "./fragments.ts";
import type { Packet } from "../packet.ts";
import { u16At, u32At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeTransport } from "../transport/transport.ts";

const VERSION_CLASS_FLOW = 0;
const PAYLOAD_LENGTH = 4;
const NEXT_HEADER = 6;
const HOP_LIMIT = 7;
const SOURCE = 8;
const DESTINATION = 24;
const IPV6_HEADER_BYTES = 40;

/** In the Fragment header (RFC 8200 section 4.5). */
const FRAGMENT_OFFSET = 2;
const FRAGMENT_ID = 4;
const OFFSET = 0xfff8; // in bytes as it stands: the low three bits are reserved and "more"
const MORE_FRAGMENTS = 1;

/**
 * Decodes the IPv6 packet at `at` and what it carries.
 *
 * `Quirk.BadIpLength` where the payload length is beyond the frame on the wire. A payload length of
 * 0 before anything but "no next header" is a jumbogram (RFC 2675) or a segment that the network
 * card was to cut up: both are decoded up to the end of the frame, with that quirk.
 */
export function decodeIpv6(packet: Packet, fragments: Fragments, at: number): number {
  const { bytes, end } = packet;
  if (at + IPV6_HEADER_BYTES > end) return Reason.IpCut;
  const first = u16At(bytes, at + VERSION_CLASS_FLOW);
  if (first >> 12 !== 6) return Reason.IpVersion;
  const length = u16At(bytes, at + PAYLOAD_LENGTH);
  const next = bytes[at + NEXT_HEADER];
  packet.copyIpv6(Field.Source, at + SOURCE);
  packet.copyIpv6(Field.Destination, at + DESTINATION);
  packet.putU8(Field.Ttl, bytes[at + HOP_LIMIT]);
  packet.putU8(Field.TrafficClass, first >> 4 & 0xff);
  packet.putU8(Field.IpVersion, 6);
  packet.putU16(
    Field.IpLength,
    length + IPV6_HEADER_BYTES > 0xffff ? 0xffff : length + IPV6_HEADER_BYTES,
  );

  const payload = at + IPV6_HEADER_BYTES;
  let wireEnd = payload + length;
  const open = length === 0 && next !== NO_NEXT_HEADER;
  if (open && packet.wireEnd > payload) wireEnd = packet.wireEnd;
  if ((wireEnd > packet.wireEnd && !packet.isCopy) || open) packet.quirks |= Quirk.BadIpLength;
  const captured = wireEnd < end ? wireEnd : end;

  skipExtensionHeaders(packet, next, bytes, payload, captured);
  const { upper, upperAt } = packet;
  if (upper === FRAGMENT && upperAt + FRAGMENT_HEADER_BYTES <= captured) {
    return decodeFragment(packet, fragments, at, upperAt, captured, wireEnd);
  }
  packet.setPayload(bytes, upperAt, captured, Math.max(wireEnd - upperAt, 0), false);
  decodeTransport(packet, upper);
  return Reason.None;
}

/** The Fragment header at `at` of a packet whose IPv6 header is at `ip`. */
function decodeFragment(
  packet: Packet,
  fragments: Fragments,
  ip: number,
  at: number,
  end: number,
  wireEnd: number,
): number {
  const { bytes } = packet;
  const id = u32At(bytes, at + FRAGMENT_ID);
  const offset = u16At(bytes, at + FRAGMENT_OFFSET);
  packet.putU16(Field.IpId, id & 0xffff);
  const { fragment } = fragments;
  fragment.id = id;
  fragment.offset = offset & OFFSET;
  fragment.more = (offset & MORE_FRAGMENTS) !== 0;
  fragment.protocol = bytes[at];
  fragment.at = at + FRAGMENT_HEADER_BYTES;
  fragment.end = end;
  fragment.length = Math.max(wireEnd - fragment.at, 0);
  fragment.headerBytes = at - ip;
  return fragments.add(packet);
}
