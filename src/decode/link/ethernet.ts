// Ethernet II and IEEE 802.3 frames. Knows where the addresses are, and which are a group's.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeEtherType } from "./ethertype.ts";

const SOURCE = 6;
const ETHERTYPE = 12;
const ETHERNET_HEADER_BYTES = 14;
/** The bit of an address's first byte that says "group" (broadcast included). */
export const GROUP = 0x01;

/** Decodes the frame's header at `at`, and its tags. */
export function decodeEthernet(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + ETHERNET_HEADER_BYTES > end) return Reason.LinkCut;
  if ((bytes[at] & GROUP) !== 0) packet.quirks |= Quirk.LinkMulticast;
  packet.linkSource = at + SOURCE;
  const type = u16At(bytes, at + ETHERTYPE);
  return decodeEtherType(packet, type, at + ETHERNET_HEADER_BYTES, true);
}
