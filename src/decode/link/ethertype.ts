// What follows an EtherType: VLAN tags (IEEE 802.1Q, 802.1ad, and the older 0x9100 and 0x9200), PPPoE
// sessions (RFC 2516), MPLS (RFC 3032), or a length with LLC and SNAP (IEEE 802.2). Knows where the
// network layer begins.

import { Quirk } from "../../record.ts";
import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodePppProtocol } from "./ppp.ts";

export const EtherType = {
  Ipv4: 0x0800,
  Arp: 0x0806,
  Vlan: 0x8100,
  Ipv6: 0x86dd,
  Mpls: 0x8847,
  MplsUpstream: 0x8848,
  PppoeSession: 0x8864,
  ServiceVlan: 0x88a8,
  OldServiceVlan: 0x9100,
  OldServiceVlan2: 0x9200,
} as const;

/** Up to here the field is a length, and LLC follows. */
const LENGTH_MAX = 1500;
const VLAN_TAG_BYTES = 4;
const PPPOE_HEADER_BYTES = 6;
const MPLS_LABEL_BYTES = 4;
const MPLS_BOTTOM = 0x01; // in the third byte
/** LLC with both service access points SNAP's, unnumbered information, organisation 0: an EtherType follows. */
const LLC_SNAP = [0xaa, 0xaa, 0x03, 0x00, 0x00, 0x00] as const;
const SNAP_HEADER_BYTES = 8;
const LLC_HEADER_BYTES = 3;
/** The service access point of IPv4 in LLC without SNAP (RFC 1042's forerunner; rare). */
const LLC_IPV4 = 0x06;

/**
 * Follows the EtherType `type`, whose payload begins at `at`, down to the network layer: writes
 * `packet.network` and `packet.at`. At most `limits.vlanTags` tags and labels each.
 */
export function decodeEtherType(packet: Packet, type: number, at: number): number {
  const { bytes, end } = packet;
  let tags = 0;
  while (
    type === EtherType.Vlan || type === EtherType.ServiceVlan ||
    type === EtherType.OldServiceVlan || type === EtherType.OldServiceVlan2
  ) {
    if (tags++ === packet.limits.vlanTags) return Reason.LinkTags;
    if (at + VLAN_TAG_BYTES > end) return Reason.LinkCut;
    packet.quirks |= Quirk.Vlan;
    type = u16At(bytes, at + 2);
    at += VLAN_TAG_BYTES;
  }
  if (type <= LENGTH_MAX) return decodeLlc(packet, at, at + type);
  switch (type) {
    case EtherType.PppoeSession:
      if (at + PPPOE_HEADER_BYTES > end) return Reason.LinkCut;
      return decodePppProtocol(packet, at + PPPOE_HEADER_BYTES);
    case EtherType.Mpls:
    case EtherType.MplsUpstream:
      return decodeMpls(packet, at);
    default:
      packet.network = type;
      packet.at = at;
      return Reason.None;
  }
}

/** LLC at `at`. A frame's length field may leave a trailer, which is then no part of the packet. */
export function decodeLlc(packet: Packet, at: number, lengthEnd: number): number {
  const { bytes } = packet;
  if (at + LLC_HEADER_BYTES > packet.end) return Reason.LinkCut;
  if (lengthEnd < packet.wireEnd) packet.wireEnd = lengthEnd;
  if (bytes[at] === LLC_IPV4 && bytes[at + 1] === LLC_IPV4 && bytes[at + 2] === 0x03) {
    packet.network = EtherType.Ipv4;
    packet.at = at + LLC_HEADER_BYTES;
    return Reason.None;
  }
  if (bytes[at] !== LLC_SNAP[0] || bytes[at + 1] !== LLC_SNAP[1]) return Reason.OtherLinkProtocol;
  return decodeSnap(packet, at);
}

/** LLC and SNAP at `at`. */
export function decodeSnap(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + SNAP_HEADER_BYTES > end) return Reason.LinkCut;
  for (let i = 0; i < LLC_SNAP.length; i++) {
    if (bytes[at + i] !== LLC_SNAP[i]) return Reason.OtherLinkProtocol;
  }
  const type = u16At(bytes, at + LLC_SNAP.length);
  // A length here would be LLC in LLC: refused, so that this cannot recurse.
  if (type <= LENGTH_MAX) return Reason.OtherLinkProtocol;
  return decodeEtherType(packet, type, at + SNAP_HEADER_BYTES);
}

/** Skips labels down to the bottom of the stack. What follows is not announced, so it must look like IP. */
function decodeMpls(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  for (let labels = 0; labels < packet.limits.vlanTags; labels++) {
    if (at + MPLS_LABEL_BYTES >= end) return Reason.LinkCut;
    const bottom = (bytes[at + 2] & MPLS_BOTTOM) !== 0;
    at += MPLS_LABEL_BYTES;
    if (!bottom) continue;
    const version = bytes[at] >> 4;
    if (version !== 4 && version !== 6) return Reason.OtherLinkProtocol;
    packet.network = NETWORK_BY_VERSION;
    packet.at = at;
    return Reason.None;
  }
  return Reason.LinkTags;
}
