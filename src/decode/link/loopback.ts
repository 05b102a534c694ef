// BSD loopback: four bytes with the address family, in the order of the machine that captured (NULL) or
// in network order (LOOP). Knows the family numbers of every system.

import type { Packet } from "../packet.ts";
import { u16At, u32At } from "../read.ts";
import { Reason } from "../reason.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow } from "./ethertype.ts";

const FAMILY_BYTES = 4;
const AF_INET = 2;

/** AF_INET6 of Linux, Windows, NetBSD and OpenBSD, FreeBSD, Darwin. */
function isInet6(family: number): boolean {
  return family === 10 || family === 23 || family === 24 || family === 28 || family === 30;
}

/** Decodes the family at `at`. All families are below 65536, which tells the byte order. */
export function decodeLoopback(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + FAMILY_BYTES > end) return Reason.LinkCut;
  const swapped = u16At(bytes, at) !== 0;
  const family = swapped ? bytes[at] | bytes[at + 1] << 8 : u32At(bytes, at);
  if (swapped && u16At(bytes, at + 2) !== 0) return Reason.LinkMalformed;
  if (family === AF_INET) return follow(packet, ETHERTYPE_IPV4, at + FAMILY_BYTES);
  return isInet6(family)
    ? follow(packet, ETHERTYPE_IPV6, at + FAMILY_BYTES)
    : Reason.OtherLinkProtocol;
}
