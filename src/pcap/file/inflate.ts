// Inflates raw DEFLATE data (RFC 1951) as it is asked for, without waiting and in bounded memory.
// Knows the compressed format; nothing of the frame around it.
//
// Own code rather than a library's, which either answers in later turns of the event loop, or takes
// no note of damage, or holds the whole file: .github/adr/0008 has them side by side.

import type { ByteInput } from "./byte_input.ts";
import { type Huffman, huffman, Shape } from "./huffman.ts";

/** As far back as a match may reach. */
const WINDOW_BYTES = 1 << 15;
/** Inflated in one go: with the window it stays in the second-level cache. */
const CHUNK_BYTES = 1 << 17;
const MATCH_BYTES_MAX = 258;
const LIMIT = WINDOW_BYTES + CHUNK_BYTES;

const END_OF_BLOCK = 256;
const LITERAL_CODES_MAX = 286;
const DISTANCE_CODES_MAX = 30;

/** Match lengths by code from 257 on, and how many bits are added to each (section 3.2.5). */
const LENGTH_BASE = Uint16Array.of(
  ...[3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115],
  ...[131, 163, 195, 227, 258],
);
const LENGTH_EXTRA = Uint8Array.of(
  ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0],
);
const DISTANCE_BASE = Uint16Array.of(
  ...[1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537],
  ...[2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577],
);
const DISTANCE_EXTRA = Uint8Array.from({ length: DISTANCE_CODES_MAX }, (_, code) => {
  return Math.max(0, (code >> 1) - 1);
});

/** The order in which the lengths of the code length codes are written (section 3.2.7). */
const ORDER = Uint8Array.of(16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15);

/** Codes that stand for a repeated length: how often at least, and the bits that say how often. */
const REPEATS = [{ from: 3, bits: 2 }, { from: 3, bits: 3 }, { from: 11, bits: 7 }];

const FIXED_LITERALS = huffman(
  Uint8Array.from({ length: 288 }, (_, i) => i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8),
  Shape.Complete,
)!;
const FIXED_DISTANCES = huffman(new Uint8Array(32).fill(5), Shape.Complete)!;

/** The data makes no sense (`reason` says how), or the input ended before it did (`Cut`). */
export class InflateError extends Error {}
export class Cut extends InflateError {}

const State = { Header: 0, Stored: 1, Codes: 2, Done: 3 } as const;

/** One stream of DEFLATE data out of `input`, of which not one byte too many is taken. */
export class Inflate {
  readonly #input: ByteInput;
  readonly #out = new Uint8Array(LIMIT);
  /** Bytes in `#out`; those before `#given` were returned, and are the window. */
  #end = 0;
  #given = 0;
  /** Bits taken from the input and not used yet: fewer than eight between two steps. */
  #hold = 0;
  #bits = 0;
  #state: number = State.Header;
  #last = false;
  /** Bytes that a stored block still has. */
  #stored = 0;
  #literals = FIXED_LITERALS;
  #distances = FIXED_DISTANCES;
  #error: InflateError | null = null;
  readonly #lengths = new Uint8Array(LITERAL_CODES_MAX + DISTANCE_CODES_MAX);

  constructor(input: ByteInput) {
    this.#input = input;
  }

  /** Makes it ready for another stream, at the input's next byte. */
  restart(): void {
    this.#end =
      this.#given =
      this.#hold =
      this.#bits =
        0;
    this.#state = State.Header;
    this.#last = false;
  }

  /**
   * The next bytes, good until the next call; null at the end of the data. Throws `InflateError`
   * once all bytes before the fault were given.
   */
  next(): Uint8Array | null {
    if (this.#error !== null) throw this.#error;
    if (this.#end > WINDOW_BYTES) {
      this.#out.copyWithin(0, this.#end - WINDOW_BYTES, this.#end);
      this.#end = WINDOW_BYTES;
    }
    this.#given = this.#end;
    try {
      while (this.#state !== State.Done && this.#end <= LIMIT - MATCH_BYTES_MAX) this.#step();
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      this.#error = error;
      if (this.#end === this.#given) throw error;
    }
    return this.#end === this.#given ? null : this.#out.subarray(this.#given, this.#end);
  }

  #step(): void {
    if (this.#state === State.Codes) this.#codes(this.#literals, this.#distances);
    else if (this.#state === State.Stored) this.#copyStored();
    else if (this.#last) this.#state = State.Done;
    else this.#blockHeader();
  }

  #blockHeader(): void {
    this.#last = this.#take(1) === 1;
    const type = this.#take(2);
    if (type === 3) throw new InflateError("invalid block type");
    if (type === 0) {
      // The rest of the byte is unused.
      this.#hold = this.#bits = 0;
      const length = this.#take(16);
      if (this.#take(16) !== (~length & 0xffff)) {
        throw new InflateError("invalid stored block lengths");
      }
      this.#stored = length;
      this.#state = State.Stored;
      return;
    }
    this.#literals = FIXED_LITERALS;
    this.#distances = FIXED_DISTANCES;
    if (type === 2) this.#readCodes();
    this.#state = State.Codes;
  }

  #copyStored(): void {
    const input = this.#input;
    while (this.#stored > 0 && this.#end < LIMIT) {
      if (!input.ready()) throw new Cut("cut");
      const count = Math.min(this.#stored, LIMIT - this.#end, input.limit - input.at);
      this.#out.set(input.bytes.subarray(input.at, input.at + count), this.#end);
      input.at += count;
      this.#end += count;
      this.#stored -= count;
    }
    if (this.#stored === 0) this.#state = State.Header;
  }

  /** The codes of a block that brings its own. */
  #readCodes(): void {
    const literals = this.#take(5) + 257;
    const distances = this.#take(5) + 1;
    const orders = this.#take(4) + 4;
    if (literals > LITERAL_CODES_MAX || distances > DISTANCE_CODES_MAX) {
      throw new InflateError("too many length or distance symbols");
    }
    const orderLengths = new Uint8Array(ORDER.length);
    for (let i = 0; i < orders; i++) orderLengths[ORDER[i]] = this.#take(3);
    const order = huffman(orderLengths, Shape.Complete);
    if (order === undefined) throw new InflateError("invalid code lengths set");

    const lengths = this.#lengths;
    const count = literals + distances;
    for (let i = 0; i < count;) {
      const symbol = this.#symbol(order);
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      const { from, bits } = REPEATS[symbol - 16];
      const times = from + this.#take(bits);
      if ((symbol === 16 && i === 0) || i + times > count) {
        throw new InflateError("invalid bit length repeat");
      }
      lengths.fill(symbol === 16 ? lengths[i - 1] : 0, i, i + times);
      i += times;
    }
    if (lengths[END_OF_BLOCK] === 0) throw new InflateError("missing end-of-block");
    const ownLiterals = huffman(lengths.subarray(0, literals), Shape.MayBeSingle);
    if (ownLiterals === undefined) throw new InflateError("invalid literal/lengths set");
    const ownDistances = huffman(lengths.subarray(literals, count), Shape.MayBeSingle);
    if (ownDistances === undefined) throw new InflateError("invalid distances set");
    this.#literals = ownLiterals;
    this.#distances = ownDistances;
  }

  /** Literals and matches until the block ends or there may be no room for another match. */
  #codes(literals: Huffman, distances: Huffman): void {
    const out = this.#out;
    while (this.#end <= LIMIT - MATCH_BYTES_MAX) {
      const symbol = this.#symbol(literals);
      if (symbol < END_OF_BLOCK) {
        out[this.#end++] = symbol;
        continue;
      }
      if (symbol === END_OF_BLOCK) {
        this.#state = State.Header;
        return;
      }
      const lengthCode = symbol - END_OF_BLOCK - 1;
      if (lengthCode >= LENGTH_BASE.length) throw new InflateError("invalid literal/length code");
      const length = LENGTH_BASE[lengthCode] + this.#take(LENGTH_EXTRA[lengthCode]);
      const distanceCode = this.#symbol(distances);
      if (distanceCode >= DISTANCE_CODES_MAX) throw new InflateError("invalid distance code");
      const distance = DISTANCE_BASE[distanceCode] + this.#take(DISTANCE_EXTRA[distanceCode]);
      let to = this.#end;
      if (distance > to) throw new InflateError("invalid distance too far back");
      // Byte by byte: a match may overlap what it writes.
      const end = to + length;
      for (let from = to - distance; to < end;) out[to++] = out[from++];
      this.#end = to;
    }
  }

  /** The next `count` bits, at most 16. */
  #take(count: number): number {
    while (this.#bits < count) this.#more();
    const value = this.#hold & ((1 << count) - 1);
    this.#hold >>>= count;
    this.#bits -= count;
    return value;
  }

  /** One byte more: at most 22 bits are held. */
  #more(): void {
    const input = this.#input;
    if (input.at === input.limit && !input.ready()) throw new Cut("cut");
    this.#hold |= input.bytes[input.at++] << this.#bits;
    this.#bits += 8;
  }

  /** The next symbol. No byte behind it is taken: the data may end with it. */
  #symbol(code: Huffman): number {
    for (;;) {
      const entry = code.table[this.#hold & code.tableMask];
      const length = entry & 15;
      if (length > 0 && length <= this.#bits) {
        this.#hold >>>= length;
        this.#bits -= length;
        return entry >> 4;
      }
      // Either the code goes on in bits that are still to come, or it is too long for the table.
      if (length === 0) {
        const symbol = this.#longCode(code);
        if (symbol >= 0) return symbol;
        if (this.#bits >= code.longest) throw new InflateError("invalid code");
      }
      this.#more();
    }
  }

  /** A symbol found bit by bit in the bits held (section 3.2.2); -1 when they hold none. */
  #longCode({ counts, symbols, longest }: Huffman): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= this.#bits && length <= longest; length++) {
      code |= (this.#hold >>> (length - 1)) & 1;
      const count = counts[length];
      if (code - count < first) {
        this.#hold >>>= length;
        this.#bits -= length;
        return symbols[index + code - first];
      }
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  }
}
