// Where whole lines, or whole packets of a savefile, end in bytes of which only the first were
// written. Knows bytes, and records as this program writes them.

import { SavefileWriter } from "../pcap/mod.ts";

/** Where the unit that begins at `at` ends: the offset after its last byte. */
export type UnitEnd = (bytes: Uint8Array, at: number) => number;

/** A line ends after its newline. */
export const lineEnd: UnitEnd = (bytes, at) => {
  const newline = bytes.indexOf(0x0a, at);
  return newline < 0 ? Infinity : newline + 1;
};

/** Where a record says how many bytes of its packet follow (pcap-savefile(5)), as this program writes it. */
const CAPTURED_AT = 8;

/** A packet of a savefile ends after its record's header and its captured bytes. */
export const savedPacketEnd: UnitEnd = (bytes, at) => {
  const { buffer, byteOffset } = bytes;
  const captured = new DataView(buffer, byteOffset + at + CAPTURED_AT, 4).getUint32(0, true);
  return at + SavefileWriter.recordBytes(captured);
};

/** The whole units among the first `written` bytes: their bytes, and how many they are. */
export function wholeUnits(
  bytes: Uint8Array,
  written: number,
  unitEnd: UnitEnd,
): { length: number; units: number } {
  let length = 0, units = 0;
  while (length < written) {
    const end = unitEnd(bytes, length);
    if (end > written) break;
    length = end;
    units++;
  }
  return { length, units };
}
