// Canonical Huffman codes from the lengths of their codes (RFC 1951, section 3.2.2). Knows no bits
// of any input.

const CODE_BITS_MAX = 15;
/** Codes up to this length are found by one look-up; longer ones are rare. */
const TABLE_BITS = 10;

/** Which sets of lengths make sense. */
export const Shape = {
  /** Every sequence of bits begins with a code. */
  Complete: 0,
  /** Also one code of one bit, or none at all: a block need not have matches. */
  MayBeSingle: 1,
} as const;

/** A code, ready to be read. */
export interface Huffman {
  /** By the next bits, the first the lowest: symbol * 16 + length; 0 where the code is longer. */
  table: Uint16Array;
  tableMask: number;
  /** Length of the longest code, 0 when there is none. */
  longest: number;
  /** How many codes there are by length, and their symbols in the order of codes. */
  counts: Uint16Array;
  symbols: Uint16Array;
}

/** The code whose symbols have these lengths (0: none); undefined when there is no such code. */
export function huffman(
  lengths: Uint8Array,
  shape: typeof Shape[keyof typeof Shape],
): Huffman | undefined {
  const counts = new Uint16Array(CODE_BITS_MAX + 1);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  let longest = CODE_BITS_MAX;
  while (longest > 0 && counts[longest] === 0) longest--;

  /** Codes of each length that no shorter code took. */
  let left = 1;
  for (let length = 1; length <= longest; length++) {
    left = (left << 1) - counts[length];
    if (left < 0) return undefined;
  }
  if (left > 0 && (shape === Shape.Complete || longest > 1)) return undefined;

  const offsets = new Uint16Array(CODE_BITS_MAX + 2);
  const codes = new Uint16Array(CODE_BITS_MAX + 2);
  for (let length = 1; length <= longest; length++) {
    offsets[length + 1] = offsets[length] + counts[length];
    codes[length + 1] = (codes[length] + counts[length]) << 1;
  }
  const tableBits = Math.min(longest, TABLE_BITS);
  const table = new Uint16Array(1 << tableBits);
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol++) {
    const length = lengths[symbol];
    if (length === 0) continue;
    symbols[offsets[length]++] = symbol;
    const code = codes[length]++;
    if (length > tableBits) continue;
    const step = 1 << length;
    const entry = symbol << 4 | length;
    for (let at = reversed(code, length); at < table.length; at += step) table[at] = entry;
  }
  return { table, tableMask: table.length - 1, longest, counts, symbols };
}

/** Codes are written with the highest bit first, everything else with the lowest first. */
function reversed(code: number, length: number): number {
  let bits = 0;
  for (let i = 0; i < length; i++) bits |= ((code >>> i) & 1) << (length - 1 - i);
  return bits;
}
