// What follows an EtherType: VLAN tags (IEEE 802.1Q, 802.1ad, and the older 0x9100 and 0x9200), PPPoE
// sessions (RFC 2516), MPLS (RFC 3032), or a length with LLC. Knows where the network layer begins.

import { Quirk } from "../../record.ts";
import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeLlc } from "./llc.ts";
import { decodePppProtocol } from "./ppp.ts";

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;
const VLAN = 0x8100;
const SERVICE_VLAN = 0x88a8;
const OLD_SERVICE_VLAN = 0x9100;
const OLD_SERVICE_VLAN_2 = 0x9200;
const MPLS = 0x8847;
const MPLS_UPSTREAM = 0x8848;
const PPPOE_SESSION = 0x8864;

/** Up to here the field is a length, and LLC follows. */
const LENGTH_MAX = 1500;
const VLAN_TAG_BYTES = 4;
const PPPOE_HEADER_BYTES = 6;
const MPLS_LABEL_BYTES = 4;
const MPLS_BOTTOM = 0x01; // in the third byte

/**
 * Follows the EtherType `type`, whose payload begins at `at`, down to the network layer: writes
 * `packet.network` and `packet.at`. At most `limits.vlanTags` tags, and as many labels. `llc` says
 * that a length with LLC is allowed here: it is once in a frame, so that this cannot go round.
 */
export function decodeEtherType(packet: Packet, type: number, at: number, llc: boolean): number {
  const { bytes, end } = packet;
  let tags = 0;
  while (
    type === VLAN || type === SERVICE_VLAN || type === OLD_SERVICE_VLAN ||
    type === OLD_SERVICE_VLAN_2
  ) {
    if (tags++ === packet.limits.vlanTags) return Reason.LinkTags;
    if (at + VLAN_TAG_BYTES > end) return Reason.LinkCut;
    packet.quirks |= Quirk.Vlan;
    type = u16At(bytes, at + 2);
    at += VLAN_TAG_BYTES;
  }
  if (type <= LENGTH_MAX) {
    return llc ? decodeLlc(packet, at, at + type) : Reason.OtherLinkProtocol;
  }
  if (type === PPPOE_SESSION) return decodePppoe(packet, at);
  if (type === MPLS || type === MPLS_UPSTREAM) return decodeMpls(packet, at);
  packet.network = type;
  packet.at = at;
  return Reason.None;
}

/** A PPPoE session's header (RFC 2516 section 4) at `at`, and the PPP in it. */
export function decodePppoe(packet: Packet, at: number): number {
  if (at + PPPOE_HEADER_BYTES > packet.end) return Reason.LinkCut;
  return decodePppProtocol(packet, at + PPPOE_HEADER_BYTES);
}

/** Skips labels down to the bottom of the stack. What follows is not announced: it must look like IP. */
export function decodeMpls(packet: Packet, at: number): number {
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
