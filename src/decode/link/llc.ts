// IEEE 802.2 LLC, with SNAP (RFC 1042) or with IP's own service access point. Knows what it announces.

import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { ETHERTYPE_IPV4, follow, LENGTH_MAX, Next } from "./ethertype.ts";

const LLC_HEADER_BYTES = 3;
const UNNUMBERED_INFORMATION = 0x03;
const SAP_IPV4 = 0x06;
const SAP_SNAP = 0xaa;
/** After LLC: an organisation, then a protocol of its own; organisation 0 means an EtherType. */
const ORGANISATION_BYTES = 3;
const SNAP_BYTES = 5;

/** LLC at `at`. The frame's length field may leave a trailer, which is then no part of the packet. */
export function decodeLlc(packet: Packet, at: number, lengthEnd: number): number {
  packet.cutAt(lengthEnd);
  const { bytes } = packet;
  if (at + LLC_HEADER_BYTES > packet.end) return Reason.LinkCut;
  if (bytes[at] !== bytes[at + 1] || bytes[at + 2] !== UNNUMBERED_INFORMATION) {
    return Reason.OtherLinkProtocol;
  }
  if (bytes[at] === SAP_SNAP) return follow(packet, Next.Snap, at + LLC_HEADER_BYTES);
  if (bytes[at] === SAP_IPV4) return follow(packet, ETHERTYPE_IPV4, at + LLC_HEADER_BYTES);
  return Reason.OtherLinkProtocol;
}

/** SNAP at `at`. A length is no EtherType, so that LLC is not in LLC. */
export function decodeSnap(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + SNAP_BYTES > end) return Reason.LinkCut;
  if (bytes[at] !== 0 || bytes[at + 1] !== 0 || bytes[at + 2] !== 0) {
    return Reason.OtherLinkProtocol;
  }
  const type = u16At(bytes, at + ORGANISATION_BYTES);
  if (type <= LENGTH_MAX) return Reason.OtherLinkProtocol;
  return follow(packet, type, at + SNAP_BYTES);
}
