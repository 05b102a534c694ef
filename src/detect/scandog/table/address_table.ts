// A small table of addresses with some words about each, for what few addresses ever show. Knows words.
//
// Four ways to a set, keyed hash. A full set gives up the entry with the least evidence: a flood of
// new addresses displaces other new ones, not what has been seen often.

import { bytesOf, wordsInLines } from "../../../cache_lines.ts";

const WAYS = 4;
const ADDRESS_WORDS = 4;
/** The word after the address: how much was seen. Free entries have 0. */
const WORTH = ADDRESS_WORDS;

export class AddressTable {
  /** First word of an entry that is its user's; the address and its worth come before it. */
  static readonly FIRST_WORD = WORTH + 1;
  declare readonly words: Int32Array<ArrayBuffer>;
  /** The bytes under `words`, for addresses. */
  declare readonly bytes: Uint8Array;
  declare private readonly tags: Int32Array;
  declare private readonly setMask: number;
  private live = 0;
  declare readonly capacity: number;
  declare private readonly entryWords: number;

  /** `capacity`: a power of two, at least four. `entryWords` include address and worth. */
  constructor(capacity: number, entryWords: number) {
    this.capacity = capacity;
    this.entryWords = entryWords;

    this.words = wordsInLines(capacity * entryWords);
    this.bytes = bytesOf(this.words);
    this.tags = new Int32Array(capacity);
    this.setMask = capacity / WAYS - 1;
  }

  /** Entries in use. */
  get size(): number {
    return this.live;
  }

  /** The index of the address at addresses[at], or -1. */
  find(addresses: Int32Array, at: number, hash: number): number {
    const set = (hash & this.setMask) * WAYS;
    for (let index = set; index < set + WAYS; index++) {
      if (this.tags[index] === hash && this.isAt(index, addresses, at)) return index;
    }
    return -1;
  }

  private isAt(index: number, addresses: Int32Array, at: number): boolean {
    const { words } = this;
    const entry = index * this.entryWords;
    return words[entry + WORTH] !== 0 && words[entry + 3] === addresses[at + 3] &&
      words[entry + 2] === addresses[at + 2] && words[entry + 1] === addresses[at + 1] &&
      words[entry] === addresses[at];
  }

  /** The index that a new address with this hash would take over. */
  victim(hash: number): number {
    const set = (hash & this.setMask) * WAYS;
    let best = set;
    for (let index = set + 1; index < set + WAYS; index++) {
      if (this.worth(index) < this.worth(best)) best = index;
    }
    return best;
  }

  /** Gives the entry to a new address; all its words but the address are zero then, its worth is one. */
  take(index: number, addresses: Int32Array, at: number, hash: number): void {
    const { words } = this;
    const entry = index * this.entryWords;
    if (words[entry + WORTH] === 0) this.live++;
    words.fill(0, entry, entry + this.entryWords);
    for (let i = 0; i < ADDRESS_WORDS; i++) words[entry + i] = addresses[at + i];
    words[entry + WORTH] = 1;
    this.tags[index] = hash;
  }

  /** Forgets an entry. */
  free(index: number): void {
    const at = index * this.entryWords + WORTH;
    if (this.words[at] !== 0) this.live--;
    this.words[at] = 0;
  }

  /** How often it was seen; 0: free. */
  worth(index: number): number {
    return this.words[index * this.entryWords + WORTH];
  }

  /** It was seen once more. Stays at the largest signed number. */
  seen(index: number): void {
    const at = index * this.entryWords + WORTH;
    if (this.words[at] < 0x7fffffff) this.words[at]++;
  }

  get(index: number, word: number): number {
    return this.words[index * this.entryWords + word];
  }

  set(index: number, word: number, value: number): void {
    this.words[index * this.entryWords + word] = value;
  }

  /** Counts one more in a word. Stays at the largest signed number. */
  count(index: number, word: number): void {
    const at = index * this.entryWords + word;
    if (this.words[at] < 0x7fffffff) this.words[at]++;
  }

  /** Sets a bit in the words from `word` on; true when it was not set. */
  setBit(index: number, word: number, bit: number): boolean {
    const at = index * this.entryWords + word + (bit >>> 5);
    const mask = 1 << (bit & 31);
    if ((this.words[at] & mask) !== 0) return false;
    this.words[at] |= mask;
    return true;
  }

  /** Word index of the entry's address in `words`. */
  addressAt(index: number): number {
    return index * this.entryWords;
  }
}
