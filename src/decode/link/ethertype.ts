// What a layer says of the layer after it: an EtherType, or one of the names here where there is none.
// Knows numbers; the walk from layer to layer is `walk.ts`'s.

import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";

export const ETHERTYPE_IPV4 = 0x0800;
export const ETHERTYPE_ARP = 0x0806;
export const ETHERTYPE_IPV6 = 0x86dd;

/** Up to here an EtherType's field is a length, and LLC follows. */
export const LENGTH_MAX = 1500;

/** Values of `Packet.network` for what has no EtherType. All are below 0. */
export const Next = {
  /** IEEE 802.2 LLC, as far as the frame goes. */
  Llc: -1,
  /** SNAP, after LLC. */
  Snap: -2,
  /** An Ethernet frame from its addresses on. */
  Ethernet: -3,
  /** PPP from its protocol field on. */
  Ppp: -4,
  /** PPP with HDLC's address and control, or without. */
  PppFramed: -5,
  /** Cisco's HDLC. */
  Hdlc: -6,
  FrameRelay: -7,
  /** Frame relay's network layer protocol identifier. */
  Nlpid: -8,
} as const;

/** A VLAN tag (IEEE 802.1Q, 802.1ad, and what was used before it had a number). */
export function isVlan(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200 ||
    type === 0x9300;
}

const IPV4_HEADER_BYTES_MIN = 20;
const IPV6_HEADER_BYTES = 40;
/** Ethernet fills up frames to this length, which leaves a trailer after IPv4's shortest packets. */
const PADDED_BYTES_MAX = 60;

/**
 * Does what is at `at` begin like IP of this version, and has it the length of the rest of the frame? For
 * places where something else may stand. What the capture cut off is not held against it.
 */
export function isWholeIp(packet: Packet, at: number, version: number): boolean {
  const { bytes, end, wireEnd } = packet;
  if (at >= end || bytes[at] >> 4 !== version) return false;
  if (at + 6 > end) return true;
  const room = wireEnd - at;
  if (version === 6) return u16At(bytes, at + 4) + IPV6_HEADER_BYTES === room;
  const total = u16At(bytes, at + 2), header = (bytes[at] & 0x0f) << 2;
  if (header < IPV4_HEADER_BYTES_MIN || total < header) return false;
  return total === room || (total < room && room <= PADDED_BYTES_MAX);
}

/** Says that `network` follows at `at`. */
export function follow(packet: Packet, network: number, at: number): number {
  packet.network = network;
  packet.at = at;
  return Reason.None;
}
