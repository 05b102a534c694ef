// Capture files made in memory, every field as a test wants it, right or wrong.

import { concat } from "../../support/pcap_bytes.ts";
/** The fields of a pcap file header that tests change. */
export interface PcapHeader {
  magic?: number;
  little?: boolean;
  major?: number;
  minor?: number;
  snapshotBytes?: number;
  linkType?: number;
}

/** A pcap file header, 24 bytes. */
export function pcapHeader(header: PcapHeader = {}): Uint8Array {
  const { magic = 0xa1b2c3d4, little = true, major = 2, minor = 4 } = header;
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, magic, little);
  view.setUint16(4, major, little);
  view.setUint16(6, minor, little);
  view.setUint32(16, header.snapshotBytes ?? 262144, little);
  view.setUint32(20, header.linkType ?? 1, little);
  return new Uint8Array(view.buffer);
}

/** A pcap record. `words` are the header's, four or six of them as the variant has. */
export function pcapRecord(words: number[], body: Uint8Array, little = true): Uint8Array {
  return concat([wordBytes(words, little), body]);
}

/** 32-bit words as bytes. */
export function wordBytes(words: number[], little = true): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * words.length));
  words.forEach((word, i) => view.setUint32(4 * i, word, little));
  return new Uint8Array(view.buffer);
}

/** `count` bytes that begin with `first` and count up. */
export function countUp(count: number, first = 0): Uint8Array {
  return Uint8Array.from({ length: count }, (_, i) => first + i);
}

/** Block types of pcapng. */
export const Block = {
  Section: 0x0a0d0d0a,
  Interface: 1,
  ObsoletePacket: 2,
  Simple: 3,
  Enhanced: 6,
  Custom: 0xbad,
} as const;

/** Any pcapng block: its body is padded, its lengths are right unless they are given. */
export function block(
  type: number,
  body: Uint8Array,
  little = true,
  lengths: { head?: number; trailer?: number } = {},
): Uint8Array {
  const padded = new Uint8Array((body.length + 3) & ~3);
  padded.set(body);
  const total = padded.length + 12;
  return concat([
    wordBytes([type, lengths.head ?? total], little),
    padded,
    wordBytes([lengths.trailer ?? total], little),
  ]);
}

/** A section header block. */
export function section(little = true, major = 1, minor = 0, options = new Uint8Array(0)) {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, 0x1a2b3c4d, little);
  view.setUint16(4, major, little);
  view.setUint16(6, minor, little);
  view.setBigInt64(8, -1n, little);
  return block(Block.Section, concat([new Uint8Array(view.buffer), options]), little);
}

/** A pcapng option, padded. */
export function option(code: number, value: Uint8Array, little = true, length = value.length) {
  const bytes = new Uint8Array(4 + ((value.length + 3) & ~3));
  const view = new DataView(bytes.buffer);
  view.setUint16(0, code, little);
  view.setUint16(2, length, little);
  bytes.set(value, 4);
  return bytes;
}

/** An interface description block. */
export function interfaceBlock(
  linkType: number,
  snapshotBytes = 0,
  options: Uint8Array[] = [],
  little = true,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(8));
  view.setUint16(0, linkType, little);
  view.setUint32(4, snapshotBytes, little);
  return block(Block.Interface, concat([new Uint8Array(view.buffer), ...options]), little);
}

/** An enhanced packet block. */
export function enhanced(
  index: number,
  ticks: bigint,
  body: Uint8Array,
  little = true,
  fields: { captured?: number; wire?: number; options?: Uint8Array } = {},
): Uint8Array {
  const { captured = body.length, wire = body.length, options = new Uint8Array(0) } = fields;
  const high = Number(ticks >> 32n), low = Number(ticks & 0xffffffffn);
  const padded = new Uint8Array((body.length + 3) & ~3);
  padded.set(body);
  const head = wordBytes([index, high, low, captured, wire], little);
  return block(Block.Enhanced, concat([head, padded, options]), little);
}
