// What stands between an Ethernet frame's addresses and its payload: tags, each with the EtherType of
// what follows. Knows their lengths, and whether the payload can be read.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { follow, Next } from "./ethertype.ts";

/** A VLAN tag: control, EtherType. */
const VLAN_TAG_BYTES = 4;

/** A VLAN tag at `at`. */
export function decodeVlan(packet: Packet, at: number): number {
  packet.quirks |= Quirk.Vlan;
  return decodeTag(packet, at, VLAN_TAG_BYTES);
}

/** A tag of `tagBytes` at `at`, the last two of which are the next EtherType. */
export function decodeTag(packet: Packet, at: number, tagBytes: number): number {
  const payload = at + tagBytes;
  if (payload > packet.end) return Reason.LinkCut;
  return follow(packet, u16At(packet.bytes, payload - 2), payload);
}

/** A header of `headerBytes` at `at`, then a whole Ethernet frame (IEEE 802.1ah's I-TAG and its kin). */
export function decodeFrameInFrame(packet: Packet, at: number, headerBytes: number): number {
  if (at + headerBytes > packet.end) return Reason.LinkCut;
  return follow(packet, Next.Ethernet, at + headerBytes);
}

/** IEEE 802.1AE section 9: control and association, short length, packet number; a channel if it says so. */
const MACSEC_BYTES = 6;
const MACSEC_CHANNEL_BYTES = 8;
/** Of the first byte: version; a channel is there; the payload is encrypted, or changed otherwise. */
const MACSEC_VERSION = 0x80;
const MACSEC_CHANNEL = 0x20;
const MACSEC_UNREADABLE = 0x0c;
/** At the frame's end, with each of the standard's cipher suites. */
const MACSEC_CHECK_BYTES = 16;

/** MACsec at `at`: read where it only protects the frame, and leaves it readable. */
export function decodeMacsec(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + MACSEC_BYTES > end) return Reason.LinkCut;
  const control = bytes[at];
  if ((control & MACSEC_VERSION) !== 0) return Reason.LinkMalformed;
  if ((control & MACSEC_UNREADABLE) !== 0) return Reason.Encrypted;
  const header = MACSEC_BYTES + ((control & MACSEC_CHANNEL) !== 0 ? MACSEC_CHANNEL_BYTES : 0);
  packet.cutTail(MACSEC_CHECK_BYTES);
  return decodeTag(packet, at, header + 2);
}

const TRILL_BYTES = 6;
const TRILL_OPTIONS = 0x07c0; // in units of 4 bytes, of the first two bytes

/** TRILL (RFC 6325 section 3) at `at`: its options, then a frame. */
export function decodeTrill(packet: Packet, at: number): number {
  if (at + TRILL_BYTES > packet.end) return Reason.LinkCut;
  const options = (u16At(packet.bytes, at) & TRILL_OPTIONS) >> 6 << 2;
  return decodeFrameInFrame(packet, at, TRILL_BYTES + options);
}

/** Arista's tag: subtype, version, a time of 8 or 6 bytes, EtherType. */
const ARISTA_TIME = 1;
const ARISTA_TIME_64 = 0x10; // of the version's second byte
const ARISTA_TIME_48 = 0x20;

/** The tag with a time that Arista's switches add, at `at`. */
export function decodeArista(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + 4 > end) return Reason.LinkCut;
  if (u16At(bytes, at) !== ARISTA_TIME) return Reason.OtherLinkProtocol;
  const form = bytes[at + 3];
  if (form === ARISTA_TIME_64) return decodeTag(packet, at, 14);
  return form === ARISTA_TIME_48 ? decodeTag(packet, at, 12) : Reason.OtherLinkProtocol;
}

const NSH_BYTES_MIN = 8;
const NSH_LENGTH = 0x3f; // of the second byte, in units of 4 bytes
const NSH_NEXT = 3;
const NSH_ETHERNET = 3;

/** Network service header (RFC 8300 section 2) at `at`. */
export function decodeNsh(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + NSH_BYTES_MIN > end) return Reason.LinkCut;
  const header = (bytes[at + 1] & NSH_LENGTH) << 2;
  if (header < NSH_BYTES_MIN) return Reason.LinkMalformed;
  const next = bytes[at + NSH_NEXT];
  if (next === NSH_ETHERNET) return decodeFrameInFrame(packet, at, header);
  if (next !== 1 && next !== 2) return Reason.OtherLinkProtocol;
  if (at + header > end) return Reason.LinkCut;
  return follow(packet, next === 1 ? 0x0800 : 0x86dd, at + header);
}
