// IEEE 802.11 data frames that are not encrypted, and the headers that capture programs put before
// them: radiotap, PPI, Prism, AVS. Knows where LLC begins.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u32At } from "../read.ts";
import { Reason } from "../reason.ts";
import { GROUP } from "./ethernet.ts";
import { follow, Next } from "./ethertype.ts";

/** Frame control, first byte: two bits of version, two of type, four of subtype. */
const VERSION_AND_TYPE = 0x0f;
const DATA = 0x08;
const WITHOUT_DATA = 0x40;
const QOS = 0x80;
/** Second byte. */
const TO_AND_FROM_DS = 0x03;
const PROTECTED = 0x40;
const ORDER = 0x80;

const HEADER_BYTES = 24;
const ADDRESS_1 = 4;
/** Where the source address is, by the two DS bits: none, to, from, both (IEEE 802.11, table 9-30). */
const SOURCE = [10, 10, 16, 24];
const ADDRESS_BYTES = 6;
const QOS_BYTES = 2;
const HT_CONTROL_BYTES = 4;
/** In the QoS field: several packets in one frame, each with a header of its own. */
const A_MSDU = 0x80;

/** Radiotap: version, pad, length (little-endian), a chain of "present" words, fields. */
const RADIOTAP_FIXED_BYTES = 8;
const RADIOTAP_WORDS_MAX = 8;
const PRESENT_TSFT = 0x01; // in a word's first byte
const PRESENT_FLAGS = 0x02;
const PRESENT_MORE = 0x80; // in its last byte
const TSFT_BYTES = 8;
/** In radiotap's flags: bytes are added before LLC, so that it begins at a multiple of four. */
const DATA_PAD = 0x20;

const PPI_FIXED_BYTES = 8;
const PPI_WIFI = 105;
const PRISM_BYTES = 144;
const AVS_FIXED_BYTES = 8;
/** The first 28 bits of an AVS header, which also occurs under Prism's link type. */
const AVS_MAGIC = 0x8021100;

/** A frame at `at`; `padded` as by radiotap's flag. */
export function decodeWifi(packet: Packet, at: number, padded: boolean): number {
  const { bytes, end } = packet;
  if (at + 2 > end) return Reason.LinkCut;
  const type = bytes[at], flags = bytes[at + 1];
  if ((type & VERSION_AND_TYPE) !== DATA || (type & WITHOUT_DATA) !== 0) {
    return Reason.OtherLinkProtocol;
  }
  if ((flags & PROTECTED) !== 0) return Reason.Encrypted;
  let header = HEADER_BYTES;
  if ((flags & TO_AND_FROM_DS) === TO_AND_FROM_DS) header += ADDRESS_BYTES;
  if (at + header > end) return Reason.LinkCut;
  if ((bytes[at + ADDRESS_1] & GROUP) !== 0) packet.quirks |= Quirk.LinkMulticast;
  packet.linkSource = at + SOURCE[flags & TO_AND_FROM_DS];
  if ((type & QOS) !== 0) {
    if (at + header + QOS_BYTES > end) return Reason.LinkCut;
    if ((bytes[at + header] & A_MSDU) !== 0) return Reason.OtherLinkProtocol;
    header += QOS_BYTES;
    if ((flags & ORDER) !== 0) header += HT_CONTROL_BYTES;
  }
  if (padded) header = (header + 3) & ~3;
  return follow(packet, Next.Llc, at + header);
}

/** Radiotap (radiotap.org) at `at`, and the frame after it. */
export function decodeRadiotap(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + RADIOTAP_FIXED_BYTES > end) return Reason.LinkCut;
  const length = bytes[at + 2] | bytes[at + 3] << 8;
  if (length < RADIOTAP_FIXED_BYTES) return Reason.LinkMalformed;
  if (at + length > end) return Reason.LinkCut;
  return decodeWifi(packet, at + length, isPadded(bytes, at, length));
}

/** Radiotap's flags, if present, come after the words and a time stamp, if that is present. */
function isPadded(bytes: Uint8Array, at: number, length: number): boolean {
  const present = bytes[at + 4];
  if ((present & PRESENT_FLAGS) === 0) return false;
  let field = 4;
  for (let words = 0; words < RADIOTAP_WORDS_MAX; words++) {
    field += 4;
    if (field > length || (bytes[at + field - 1] & PRESENT_MORE) === 0) break;
  }
  if ((present & PRESENT_TSFT) !== 0) field = ((field + 7) & ~7) + TSFT_BYTES;
  return field < length && (bytes[at + field] & DATA_PAD) !== 0;
}

/** PPI (CACE Technologies) at `at`: decoded where it says that 802.11 follows. */
export function decodePpi(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + PPI_FIXED_BYTES > end) return Reason.LinkCut;
  const length = bytes[at + 2] | bytes[at + 3] << 8;
  if (length < PPI_FIXED_BYTES) return Reason.LinkMalformed;
  if (at + length > end) return Reason.LinkCut;
  const wifi = bytes[at + 4] === PPI_WIFI && bytes[at + 5] === 0 && bytes[at + 6] === 0 &&
    bytes[at + 7] === 0;
  return wifi ? decodeWifi(packet, at + length, false) : Reason.OtherLinkProtocol;
}

/** A Prism header of fixed length, or an AVS one that says its length, at `at`. */
export function decodePrism(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + AVS_FIXED_BYTES > end) return Reason.LinkCut;
  const length = u32At(bytes, at) >>> 4 === AVS_MAGIC ? u32At(bytes, at + 4) : PRISM_BYTES;
  if (length < AVS_FIXED_BYTES) return Reason.LinkMalformed;
  if (length > end - at) return Reason.LinkCut;
  return decodeWifi(packet, at + length, false);
}
