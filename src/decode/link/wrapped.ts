// Headers that capture programs and machines put before a frame of another link type: Apple's PKTAP,
// Juniper's. Knows which link type the frame has; does not decode it.

import { Quirk } from "../../record.ts";
import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { u32At } from "../read.ts";
import { Reason } from "../reason.ts";
import { follow } from "./ethertype.ts";

/** PKTAP: lengths and numbers are little-endian, since all machines that write it are. */
const PKTAP_LENGTH = 0;
const PKTAP_NEXT = 4;
const PKTAP_LINK_TYPE = 8;
const PKTAP_FLAGS = 36;
const PKTAP_BYTES_MIN = 40;
const PKTAP_PACKET = 1;
const PKTAP_OUT = 0x02;

function littleAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24) >>> 0;
}

/** Is there a PKTAP header at `at`? Apple's programs also write it under a number for private use. */
export function isPktap({ bytes, end }: Packet, at: number): boolean {
  if (at + PKTAP_BYTES_MIN > end) return false;
  const length = littleAt(bytes, at + PKTAP_LENGTH);
  return length >= PKTAP_BYTES_MIN && length <= 0xffff &&
    littleAt(bytes, at + PKTAP_NEXT) === PKTAP_PACKET;
}

/**
 * PKTAP at `at`: returns the link type of the frame, whose place it writes to `packet.at`; or, as a
 * negative number, the `Reason` why there is none.
 */
export function openPktap(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + PKTAP_BYTES_MIN > end) return -Reason.LinkCut;
  const length = littleAt(bytes, at + PKTAP_LENGTH);
  if (length < PKTAP_BYTES_MIN) return -Reason.LinkMalformed;
  if (littleAt(bytes, at + PKTAP_NEXT) !== PKTAP_PACKET) return -Reason.OtherLinkProtocol;
  if (length > end - at) return -Reason.LinkCut;
  if ((bytes[at + PKTAP_FLAGS] & PKTAP_OUT) !== 0) packet.quirks |= Quirk.Outgoing;
  packet.at = at + length;
  const linkType = littleAt(bytes, at + PKTAP_LINK_TYPE);
  return linkType <= 0xffff ? linkType : -Reason.UnknownLinkType;
}

/** Juniper: "MGC", flags, and where the flags say so a length and that many bytes of extensions. */
const JUNIPER_MAGIC = 0x4d4743;
const JUNIPER_FLAGS = 3;
const JUNIPER_BYTES = 4;
const JUNIPER_NO_LINK = 0x02;
const JUNIPER_EXTENDED = 0x80;
/** Where the link layer is not there, the protocol family takes its place. */
const JUNIPER_FAMILY_BYTES = 4;

/** Juniper's header at `at`, then `network` (as `Packet.network`), or bare IP where the flags say so. */
export function decodeJuniper(packet: Packet, at: number, network: number): number {
  const { bytes, end } = packet;
  if (at + JUNIPER_BYTES > end) return Reason.LinkCut;
  if (u32At(bytes, at) >>> 8 !== JUNIPER_MAGIC) return Reason.LinkMalformed;
  const flags = bytes[at + JUNIPER_FLAGS];
  let next = at + JUNIPER_BYTES;
  if ((flags & JUNIPER_EXTENDED) !== 0) {
    if (next + 2 > end) return Reason.LinkCut;
    next += 2 + (bytes[next] << 8 | bytes[next + 1]);
  }
  const isBare = (flags & JUNIPER_NO_LINK) !== 0;
  if (isBare) next += JUNIPER_FAMILY_BYTES;
  if (next > end) return Reason.LinkCut;
  return follow(packet, isBare ? NETWORK_BY_VERSION : network, next);
}
