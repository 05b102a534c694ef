// Ethernet II and IEEE 802.3 frames. Knows where the addresses are, and which are a group's.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow, isVlan } from "./ethertype.ts";

const SOURCE = 6;
const ETHERTYPE = 12;
const ETHERNET_HEADER_BYTES = 14;
const VLAN_TAG_BYTES = 4;
/** The bit of an address's first byte that says "group" (broadcast included). */
export const GROUP = 0x01;

/** A frame's header at `at`. Of frames in frames the inner one counts: it is whom the packet is for. */
export function decodeEthernet(packet: Packet, at: number): number {
  return decodeEthernetWithTag(packet, at, 0);
}

/** As `decodeEthernet`, with `tagBytes` of a switch's own between the addresses and the EtherType. */
export function decodeEthernetWithTag(packet: Packet, at: number, tagBytes: number): number {
  const { bytes, end } = packet;
  const payload = at + ETHERNET_HEADER_BYTES + tagBytes;
  if (payload > end) return Reason.LinkCut;
  packet.quirks &= ~Quirk.LinkMulticast;
  if ((bytes[at] & GROUP) !== 0) packet.quirks |= Quirk.LinkMulticast;
  packet.linkSource = at + SOURCE;
  return follow(packet, u16At(bytes, at + ETHERTYPE + tagBytes), payload);
}

/**
 * Is there an Ethernet header at `at`, with `tagBytes` of a switch's own, and behind its tags IP or ARP, by
 * EtherType and first byte? For places where nothing announces it.
 */
export function looksLikeEthernet({ bytes, end }: Packet, at: number, tagBytes: number): boolean {
  let payload = at + ETHERNET_HEADER_BYTES + tagBytes;
  while (payload < end && isVlan(u16At(bytes, payload - 2))) payload += VLAN_TAG_BYTES;
  if (payload >= end) return false;
  switch (u16At(bytes, payload - 2)) {
    case ETHERTYPE_IPV4:
      return bytes[payload] >> 4 === 4;
    case ETHERTYPE_IPV6:
      return bytes[payload] >> 4 === 6;
    case ETHERTYPE_ARP:
      return bytes[payload] === 0; // of the hardware's type
    default:
      return false;
  }
}
