// Link layers that are rare, and short to decode: frame relay, Linux's netfilter log, FDDI, LLC over ATM,
// Solaris's IPNET. Knows where the network layer begins.

import { Quirk } from "../../record.ts";
import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { GROUP } from "./ethernet.ts";
import { decodeEtherType, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "./ethertype.ts";
import { decodeLlc, decodeSnap } from "./llc.ts";

/** Q.922 address: the last byte has the lowest bit set; four at most. */
const ADDRESS_BYTES_MIN = 2;
const ADDRESS_BYTES_MAX = 4;
const ADDRESS_END = 0x01;
const UNNUMBERED_INFORMATION = 0x03;
/** Network layer protocol identifiers (RFC 2427). */
const NLPID_SNAP = 0x80;
const NLPID_IPV4 = 0xcc;
const NLPID_IPV6 = 0x8e;

/** Frame relay (RFC 2427), or Cisco's form with an EtherType after the address. */
export function decodeFrameRelay(packet: Packet, at: number): number {
  const { bytes } = packet;
  const stop = Math.min(packet.end, at + ADDRESS_BYTES_MAX);
  let next = at;
  while (next < stop && (bytes[next] & ADDRESS_END) === 0) next++;
  if (next === packet.end) return Reason.LinkCut;
  if (next === stop || next + 1 - at < ADDRESS_BYTES_MIN) return Reason.LinkMalformed;
  next++;
  if (next + 3 > packet.end) return Reason.LinkCut;
  if (bytes[next] !== UNNUMBERED_INFORMATION) {
    return decodeEtherType(packet, u16At(bytes, next), next + 2, false);
  }
  next++;
  if (bytes[next] === 0) next++; // a pad byte, for alignment
  if (next >= packet.end) return Reason.LinkCut;
  packet.at = next + 1;
  if (bytes[next] === NLPID_IPV4) packet.network = ETHERTYPE_IPV4;
  else if (bytes[next] === NLPID_IPV6) packet.network = ETHERTYPE_IPV6;
  else if (bytes[next] === NLPID_SNAP) return decodeSnap(packet, next + 1);
  else return Reason.OtherLinkProtocol;
  return Reason.None;
}

const NFLOG_HEADER_BYTES = 4;
const ATTRIBUTE_HEADER_BYTES = 4;
const PAYLOAD = 9; // NFULA_PAYLOAD

/**
 * Netfilter log: family, version, resource, then attributes (length, type, value, padded to 4), one of
 * which is the packet. Lengths are in the order of the machine that captured: of the two readings, the
 * type tells, since all types are below 256. At most one step for every 4 captured bytes.
 */
export function decodeNflog(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + NFLOG_HEADER_BYTES > end) return Reason.LinkCut;
  let next = at + NFLOG_HEADER_BYTES;
  while (next + ATTRIBUTE_HEADER_BYTES <= end) {
    const little = bytes[next + 3] === 0;
    const length = little ? bytes[next] | bytes[next + 1] << 8 : u16At(bytes, next);
    const type = little ? bytes[next + 2] : bytes[next + 3];
    if (length < ATTRIBUTE_HEADER_BYTES) return Reason.LinkMalformed;
    if (type === PAYLOAD) {
      const payloadEnd = next + length;
      packet.network = NETWORK_BY_VERSION;
      packet.at = next + ATTRIBUTE_HEADER_BYTES;
      if (payloadEnd < packet.wireEnd) packet.wireEnd = payloadEnd;
      if (payloadEnd < packet.end) packet.end = payloadEnd;
      return Reason.None;
    }
    next += (length + 3) & ~3;
  }
  return Reason.LinkCut;
}

const FDDI_HEADER_BYTES = 13;
/** Frame control of a frame with LLC: the other bits are priority and address length. */
const FDDI_CLASS = 0xf8;
const FDDI_LLC = 0x50;
const FDDI_DESTINATION = 1;
const FDDI_SOURCE = 7;

/** FDDI: frame control and two addresses, then LLC. */
export function decodeFddi(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + FDDI_HEADER_BYTES > end) return Reason.LinkCut;
  if ((bytes[at] & FDDI_CLASS) !== FDDI_LLC) return Reason.OtherLinkProtocol;
  if ((bytes[at + FDDI_DESTINATION] & GROUP) !== 0) packet.quirks |= Quirk.LinkMulticast;
  packet.linkSource = at + FDDI_SOURCE;
  return decodeLlc(packet, at + FDDI_HEADER_BYTES, packet.wireEnd);
}

const SUN_ATM_HEADER_BYTES = 4;
const SUN_ATM_TRAFFIC = 0x0f;
const SUN_ATM_LLC = 2;

/** SunATM: direction and traffic type, circuit; then LLC if the type says so. */
export function decodeSunAtm(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + SUN_ATM_HEADER_BYTES > end) return Reason.LinkCut;
  if ((bytes[at] & SUN_ATM_TRAFFIC) !== SUN_ATM_LLC) return Reason.OtherLinkProtocol;
  return decodeLlc(packet, at + SUN_ATM_HEADER_BYTES, packet.wireEnd);
}

/** LLC without anything before it (RFC 2684 over ATM). */
export function decodeBareLlc(packet: Packet, at: number): number {
  return decodeLlc(packet, at, packet.wireEnd);
}

/** A header of `headerBytes` that says nothing we need, then IP: IPNET's 24, or 0 in raw IP. */
export function decodeBareIp(packet: Packet, at: number, headerBytes: number): number {
  if (at + headerBytes > packet.end) return Reason.LinkCut;
  packet.network = NETWORK_BY_VERSION;
  packet.at = at + headerBytes;
  return Reason.None;
}
