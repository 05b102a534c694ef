// IPv4 header (RFC 791). Knows bytes and the record; hands the payload on.

import { Field, Quirk } from "../../record.ts";
import type { Fragments } from "./fragments.ts";
import { decodeIpv4Options } from "./ipv4_options.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeTransport } from "../transport/transport.ts";

const VERSION_AND_LENGTH = 0;
const TRAFFIC_CLASS = 1;
const TOTAL_LENGTH = 2;
const IDENTIFICATION = 4;
const FLAGS_AND_OFFSET = 6;
const TTL = 8;
const PROTOCOL = 9;
const SOURCE = 12;
const DESTINATION = 16;
const IPV4_HEADER_BYTES_MIN = 20;

const RESERVED_FLAG = 0x8000;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const OFFSET = 0x1fff; // in units of 8 bytes

/**
 * Decodes the IPv4 packet at `at` and what it carries.
 *
 * `Quirk.BadIpLength` where the total length is below the header's or beyond the frame on the wire: a
 * kernel drops such a packet. A total length of 0 is what a capture shows of a segment that the network card was to
 * cut up (offload), so it is decoded up to the end of the frame, with that quirk. Bytes after the
 * total length are padding.
 */
export function decodeIpv4(packet: Packet, fragments: Fragments, at: number): number {
  const { bytes, end, base, record } = packet;
  if (at + IPV4_HEADER_BYTES_MIN > end) return Reason.IpCut;
  const first = bytes[at + VERSION_AND_LENGTH];
  if (first >> 4 !== 4) return Reason.IpVersion;
  const header = (first & 0x0f) << 2;
  if (header < IPV4_HEADER_BYTES_MIN) return Reason.IpHeaderLength;
  if (at + header > end) return Reason.IpCut;

  const total = u16At(bytes, at + TOTAL_LENGTH);
  const flags = u16At(bytes, at + FLAGS_AND_OFFSET);
  const protocol = bytes[at + PROTOCOL];
  packet.putIpv4(Field.Source, bytes, at + SOURCE);
  packet.putIpv4(Field.Destination, bytes, at + DESTINATION);
  packet.putU16(Field.IpId, u16At(bytes, at + IDENTIFICATION));
  packet.putU16(Field.IpLength, total);
  record[base + Field.Ttl] = bytes[at + TTL];
  record[base + Field.TrafficClass] = bytes[at + TRAFFIC_CLASS];
  record[base + Field.IpVersion] = 4;
  if ((flags & DONT_FRAGMENT) !== 0) packet.quirks |= Quirk.DontFragment;
  if ((flags & RESERVED_FLAG) !== 0) packet.quirks |= Quirk.ReservedIpFlag;
  if (header > IPV4_HEADER_BYTES_MIN) {
    decodeIpv4Options(packet, bytes, at + IPV4_HEADER_BYTES_MIN, at + header);
  }

  let wireEnd = at + total;
  if ((wireEnd > packet.wireEnd && !packet.isCopy) || total < header) {
    packet.quirks |= Quirk.BadIpLength;
    if (total === 0) wireEnd = packet.wireEnd;
    if (wireEnd < at + header) wireEnd = at + header;
  }
  const payload = at + header;
  const captured = wireEnd < end ? wireEnd : end;
  if ((flags & (MORE_FRAGMENTS | OFFSET)) !== 0) {
    const { fragment } = fragments;
    fragment.id = u16At(bytes, at + IDENTIFICATION);
    fragment.offset = (flags & OFFSET) << 3;
    fragment.more = (flags & MORE_FRAGMENTS) !== 0;
    fragment.protocol = protocol;
    fragment.at = payload;
    fragment.end = captured;
    fragment.length = wireEnd - payload;
    fragment.headerBytes = header;
    return fragments.add(packet);
  }
  packet.setPayload(bytes, payload, captured, wireEnd - payload, false);
  decodeTransport(packet, protocol);
  return Reason.None;
}
