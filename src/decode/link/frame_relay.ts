// Frame relay (RFC 2427). Knows its address, and the identifiers of the protocols it carries.

import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow, LENGTH_MAX, Next } from "./ethertype.ts";

/** Q.922 address: the last byte has the lowest bit set; four at most. */
const ADDRESS_BYTES_MIN = 2;
const ADDRESS_BYTES_MAX = 4;
const ADDRESS_END = 0x01;
const UNNUMBERED_INFORMATION = 0x03;
/** Network layer protocol identifiers. */
const NLPID_SNAP = 0x80;
const NLPID_IPV4 = 0xcc;
const NLPID_IPV6 = 0x8e;

/** Frame relay at `at`, or Cisco's form with an EtherType after the address. */
export function decodeFrameRelay(packet: Packet, at: number): number {
  const { bytes } = packet;
  const stop = Math.min(packet.end, at + ADDRESS_BYTES_MAX);
  let next = at;
  while (next < stop && (bytes[next] & ADDRESS_END) === 0) next++;
  if (next === packet.end) return Reason.LinkCut;
  if (next === stop || next + 1 - at < ADDRESS_BYTES_MIN) return Reason.LinkMalformed;
  next++;
  if (next + 3 > packet.end) return Reason.LinkCut;
  if (bytes[next] === UNNUMBERED_INFORMATION) return follow(packet, Next.Nlpid, next + 1);
  const type = u16At(bytes, next);
  return type > LENGTH_MAX ? follow(packet, type, next + 2) : Reason.OtherLinkProtocol;
}

/** The protocol's identifier at `at`, after a pad byte if there is one. */
export function decodeNlpid(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at < end && bytes[at] === 0) at++;
  if (at >= end) return Reason.LinkCut;
  switch (bytes[at]) {
    case NLPID_IPV4:
      return follow(packet, ETHERTYPE_IPV4, at + 1);
    case NLPID_IPV6:
      return follow(packet, ETHERTYPE_IPV6, at + 1);
    case NLPID_SNAP:
      return follow(packet, Next.Snap, at + 1);
    default:
      return Reason.OtherLinkProtocol;
  }
}
