// A small table of addresses with some words about each, for what few addresses ever show. Knows words.
//
// A full set gives up the entry with the least evidence: a flood of new addresses displaces other new ones, not
// what has been seen often.

import { sameWords } from "./attempt_entries.ts";
import { tagOf, WAYS, WordTable } from "./word_table.ts";

const ADDRESS_WORDS = 4;
/** The word after the address: how much was seen. Free entries have 0. */
const WORTH = ADDRESS_WORDS;

export class AddressTable extends WordTable {
  /** First word of an entry that is its user's; the address and its worth come before it. */
  static readonly FIRST_WORD = WORTH + 1;
  private live = 0;
  private readonly seenCount = this.column(WORTH);

  /** Entries in use. */
  get size(): number {
    return this.live;
  }

  /** The index of the address at addresses[at], or -1. */
  find(addresses: Int32Array, at: number, hash: number): number {
    const tag = tagOf(hash), set = this.setOf(hash);
    for (let index = set; index < set + WAYS; index++) {
      const isIt = this.tags[index] === tag && this.worth(index) !== 0 &&
        sameWords(this.words, this.addressAt(index), addresses, at);
      if (isIt) return index;
    }
    return -1;
  }

  /** The index that a new address with this hash would take over. */
  victim(hash: number): number {
    return this.leastWorth(hash, 0);
  }

  /** Gives the entry to a new address; all its words but the address are zero then, its worth is one. */
  take(index: number, addresses: Int32Array, at: number, hash: number): void {
    const { words } = this;
    const entry = index * this.entryWords;
    if (words[entry + WORTH] === 0) this.live++;
    // A loop, as entries are small: fill() costs as much for five words as for fifty.
    for (let i = ADDRESS_WORDS; i < this.entryWords; i++) words[entry + i] = 0;
    for (let i = 0; i < ADDRESS_WORDS; i++) words[entry + i] = addresses[at + i];
    words[entry + WORTH] = 1;
    this.tags[index] = tagOf(hash);
  }

  /**
   * The entry of an address, which was seen once more; or a new one, whose worth is 1. `giveWay` is told the index of
   * an entry in use before that is taken over.
   */
  touch(
    addresses: Int32Array,
    at: number,
    hash: number,
    giveWay?: (index: number) => void,
  ): number {
    const known = this.find(addresses, at, hash);
    if (known >= 0) {
      this.seen(known);
      return known;
    }
    const index = this.victim(hash);
    if (this.worth(index) > 0) giveWay?.(index);
    this.take(index, addresses, at, hash);
    return index;
  }

  /** The indices of entries in use. Allocates. */
  inUse(): number[] {
    if (this.live === 0) return [];
    return [...this.tags.keys()].filter((index) => this.worth(index) > 0);
  }

  /** Forgets an entry. */
  free(index: number): void {
    if (this.worth(index) !== 0) this.live--;
    this.seenCount.set(index, 0);
  }

  /** How often it was seen; 0: free. */
  worth(index: number): number {
    return this.seenCount.of(index);
  }

  /** It was seen once more. Stays at the largest signed number. */
  seen(index: number): void {
    this.seenCount.count(index);
  }

  /** Sets a bit in the words from `word` on; true when it was not set. */
  setBit(index: number, word: number, bit: number): boolean {
    const at = index * this.entryWords + word + (bit >>> 5);
    const mask = 1 << (bit & 31);
    if ((this.words[at] & mask) !== 0) return false;
    this.words[at] |= mask;
    return true;
  }
}
