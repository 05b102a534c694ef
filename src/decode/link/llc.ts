// IEEE 802.2 LLC, with SNAP (RFC 1042) or with IP's own service access point. Knows where the network
// layer begins.

import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeEtherType, ETHERTYPE_IPV4 } from "./ethertype.ts";

const LLC_HEADER_BYTES = 3;
const UNNUMBERED_INFORMATION = 0x03;
const SAP_IPV4 = 0x06;
const SAP_SNAP = 0xaa;
/** After LLC: an organisation, then a protocol of its own; organisation 0 means an EtherType. */
const ORGANISATION_BYTES = 3;
const SNAP_BYTES = 5;

/** LLC at `at`. The frame's length field may leave a trailer, which is then no part of the packet. */
export function decodeLlc(packet: Packet, at: number, lengthEnd: number): number {
  const { bytes } = packet;
  if (lengthEnd < packet.wireEnd) packet.wireEnd = lengthEnd;
  if (lengthEnd < packet.end) packet.end = lengthEnd;
  if (at + LLC_HEADER_BYTES > packet.end) return Reason.LinkCut;
  if (bytes[at] !== bytes[at + 1] || bytes[at + 2] !== UNNUMBERED_INFORMATION) {
    return Reason.OtherLinkProtocol;
  }
  if (bytes[at] === SAP_SNAP) return decodeSnap(packet, at + LLC_HEADER_BYTES);
  if (bytes[at] !== SAP_IPV4) return Reason.OtherLinkProtocol;
  packet.network = ETHERTYPE_IPV4;
  packet.at = at + LLC_HEADER_BYTES;
  return Reason.None;
}

/** SNAP at `at`. */
export function decodeSnap(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + SNAP_BYTES > end) return Reason.LinkCut;
  if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 0) {
    return Reason.OtherLinkProtocol;
  }
  return decodeEtherType(packet, u16At(bytes, at + ORGANISATION_BYTES), at + SNAP_BYTES, false);
}
