// PPP (RFC 1661) with and without HDLC-like framing (RFC 1662), and Cisco's HDLC. Knows which PPP
// protocols are IP.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeEtherType, decodeMpls, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "./ethertype.ts";

/** PPP protocol numbers. */
const PPP_IPV4 = 0x0021;
const PPP_IPV6 = 0x0057;
const PPP_MPLS = 0x0281;
const PPP_MPLS_UPSTREAM = 0x0283;
/** Address "all stations" and control "unnumbered information" of RFC 1662. */
const HDLC_ADDRESS = 0xff;
const HDLC_CONTROL = 0x03;
/** Addresses of Cisco's HDLC (RFC 1547 section 4.3.1), which share a link type with PPP's. */
const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;
const CISCO_HDLC_BYTES = 4;

/** PPP at `at`, after address and control if they are there; or Cisco's HDLC if its address is. */
export function decodePpp(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + 2 > end) return Reason.LinkCut;
  if (bytes[at] === CISCO_UNICAST || bytes[at] === CISCO_MULTICAST) {
    return decodeCiscoHdlc(packet, at);
  }
  const framed = bytes[at] === HDLC_ADDRESS && bytes[at + 1] === HDLC_CONTROL;
  return decodePppProtocol(packet, framed ? at + 2 : at);
}

/** Cisco's HDLC at `at`: address, control, EtherType. */
export function decodeCiscoHdlc(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + CISCO_HDLC_BYTES > end) return Reason.LinkCut;
  if (bytes[at] === CISCO_MULTICAST) packet.quirks |= Quirk.LinkMulticast;
  return decodeEtherType(packet, u16At(bytes, at + 2), at + CISCO_HDLC_BYTES, false);
}

/** The protocol field at `at`: two bytes, or one when it is odd (RFC 1661 section 6.5). */
export function decodePppProtocol(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at >= end) return Reason.LinkCut;
  const compressed = (bytes[at] & 1) !== 0;
  if (!compressed && at + 2 > end) return Reason.LinkCut;
  const protocol = compressed ? bytes[at] : u16At(bytes, at);
  packet.at = at + (compressed ? 1 : 2);
  if (protocol === PPP_IPV4) packet.network = ETHERTYPE_IPV4;
  else if (protocol === PPP_IPV6) packet.network = ETHERTYPE_IPV6;
  else if (protocol === PPP_MPLS || protocol === PPP_MPLS_UPSTREAM) {
    return decodeMpls(packet, packet.at);
  } else return Reason.OtherLinkProtocol;
  return Reason.None;
}
