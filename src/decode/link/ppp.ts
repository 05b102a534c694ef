// PPP (RFC 1661) with and without HDLC-like framing (RFC 1662), its sessions over Ethernet (RFC 2516), and
// Cisco's HDLC. Knows which PPP protocols are IP.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow, LENGTH_MAX, Next } from "./ethertype.ts";

/** PPP protocol numbers, and the EtherTypes of the same. */
const PPP_IPV4 = 0x0021;
const PPP_BRIDGING = 0x0031;
const PPP_IPV6 = 0x0057;
const PPP_MPLS = 0x0281;
const PPP_MPLS_UPSTREAM = 0x0283;
const ETHERTYPE_MPLS = 0x8847;
/** Address "all stations" and control "unnumbered information" of RFC 1662. */
const HDLC_ADDRESS = 0xff;
const HDLC_CONTROL = 0x03;
/** Addresses of Cisco's HDLC (RFC 1547 section 4.3.1), which share a link type with PPP's. */
const CISCO_UNICAST = 0x0f;
const CISCO_MULTICAST = 0x8f;
const CISCO_HDLC_BYTES = 4;
const PPPOE_HEADER_BYTES = 6;
/** Bridging (RFC 3518 section 4.1): flags and padding, the kind of frame; of Ethernet it is 1. */
const BRIDGING_BYTES = 2;
const BRIDGED_ETHERNET = 1;
const BRIDGING_CHECK = 0x80;
const ETHERNET_CHECK_BYTES = 4;

/** PPP at `at`, after address and control if they are there; or Cisco's HDLC if its address is. */
export function decodePpp(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + 2 > end) return Reason.LinkCut;
  if (bytes[at] === CISCO_UNICAST || bytes[at] === CISCO_MULTICAST) {
    return decodeCiscoHdlc(packet, at);
  }
  const framed = bytes[at] === HDLC_ADDRESS && bytes[at + 1] === HDLC_CONTROL;
  return follow(packet, Next.Ppp, framed ? at + 2 : at);
}

/** PPP as Linux's pppd is captured: the address says the direction, 1 out and 0 in. */
export function decodePppd(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + 2 > end) return Reason.LinkCut;
  if (bytes[at] === 1) packet.quirks |= Quirk.Outgoing;
  return follow(packet, Next.Ppp, bytes[at + 1] === HDLC_CONTROL ? at + 2 : at + 1);
}

/** Cisco's HDLC at `at`: address, control, EtherType. */
export function decodeCiscoHdlc(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + CISCO_HDLC_BYTES > end) return Reason.LinkCut;
  if (bytes[at] === CISCO_MULTICAST) packet.quirks |= Quirk.LinkMulticast;
  const type = u16At(bytes, at + 2);
  return type > LENGTH_MAX ? follow(packet, type, at + CISCO_HDLC_BYTES) : Reason.OtherLinkProtocol;
}

/** A PPPoE session's header at `at` (RFC 2516 section 4). */
export function decodePppoe(packet: Packet, at: number): number {
  if (at + PPPOE_HEADER_BYTES > packet.end) return Reason.LinkCut;
  return follow(packet, Next.Ppp, at + PPPOE_HEADER_BYTES);
}

/** The protocol field at `at`: two bytes, or one when it is odd (RFC 1661 section 6.5). */
export function decodePppProtocol(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at >= end) return Reason.LinkCut;
  const compressed = (bytes[at] & 1) !== 0;
  if (!compressed && at + 2 > end) return Reason.LinkCut;
  const protocol = compressed ? bytes[at] : u16At(bytes, at);
  const payload = at + (compressed ? 1 : 2);
  switch (protocol) {
    case PPP_IPV4:
      return follow(packet, ETHERTYPE_IPV4, payload);
    case PPP_IPV6:
      return follow(packet, ETHERTYPE_IPV6, payload);
    case PPP_MPLS:
    case PPP_MPLS_UPSTREAM:
      return follow(packet, ETHERTYPE_MPLS, payload);
    case PPP_BRIDGING:
      return decodeBridging(packet, payload);
    default:
      return Reason.OtherLinkProtocol;
  }
}

function decodeBridging(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + BRIDGING_BYTES > end) return Reason.LinkCut;
  if (bytes[at + 1] !== BRIDGED_ETHERNET) return Reason.OtherLinkProtocol;
  if ((bytes[at] & BRIDGING_CHECK) !== 0) packet.cutTail(ETHERNET_CHECK_BYTES);
  return follow(packet, Next.Ethernet, at + BRIDGING_BYTES);
}
