// Ethernet II and IEEE 802.3 frames. Knows addresses only as far as "to a group".

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeEtherType } from "./ethertype.ts";

const DESTINATION = 0;
const ETHERTYPE = 12;
export const ETHERNET_HEADER_BYTES = 14;
/** The bit of an address's first byte that says "group" (broadcast included). */
const GROUP = 0x01;

/** Decodes the frame's header at `at`, and its tags. */
export function decodeEthernet(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + ETHERNET_HEADER_BYTES > end) return Reason.LinkCut;
  if ((bytes[at + DESTINATION] & GROUP) !== 0) packet.quirks |= Quirk.LinkMulticast;
  return decodeEtherType(packet, u16At(bytes, at + ETHERTYPE), at + ETHERNET_HEADER_BYTES);
}
