// A set-associative table of entries of words: keyed hash, all memory taken at start. Knows places and hashes; what
// a word means, and what an entry is worth, says the table that is made of it.

import { wordsInLines } from "../../../cache_lines.ts";
import { Entries } from "./entries.ts";

/** Entries of a set, unless a table says otherwise. */
export const WAYS = 4;

export abstract class WordTable extends Entries {
  declare readonly capacity: number;
  /** The hash of each entry, never 0; 0: it is free. */
  declare protected readonly tags: Int32Array;
  declare private readonly setMask: number;
  declare protected readonly ways: number;

  /** `capacity`: a power of two, at least `ways`. */
  constructor(capacity: number, entryWords: number, ways = WAYS) {
    super(capacity, entryWords);
    this.capacity = capacity;
    this.ways = ways;
    this.tags = wordsInLines(capacity);
    this.setMask = capacity / ways - 1;
  }

  /** What keeps an entry its place: see `leastWorth`. */
  abstract worth(index: number, ms: number): number;

  /** The first entry of the set that a hash belongs to. */
  protected setOf(hash: number): number {
    return (hash & this.setMask) * this.ways;
  }

  /** The entry of a hash's set that gives way to a new one: the first of those that are worth least. */
  protected leastWorth(hash: number, ms: number): number {
    const set = this.setOf(hash);
    let best = set, least = this.worth(set, ms);
    for (let index = set + 1; index < set + this.ways; index++) {
      const worth = this.worth(index, ms);
      if (worth < least) [best, least] = [index, worth];
    }
    return best;
  }
}

/** A hash as a tag: 0 stands for a free entry. */
export function tagOf(hash: number): number {
  return hash === 0 ? 1 : hash;
}
