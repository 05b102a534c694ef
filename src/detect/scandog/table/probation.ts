// Sources with one failed attempt. Knows tags and counts; nothing of addresses or rules.
//
// A flood of forged sources fills this table and no other: sixteen bytes each, no address, only a
// 32-bit keyed tag. A source leaves it for real state when it fails a second time. Two entries to a
// set; the one with less to lose gives way, the older among equals.

import { wordsInLines } from "../../../cache_lines.ts";

const WORDS = 4;
const TAG = 0;
/** Slot + 1 of its last failed attempt in the table of conversations. */
const HEAD = 1;
const LAST_MS = 2;
/** Failed attempts. */
const COUNT = 3;
const COUNT_MAX = 255;

export class Probation {
  static readonly ENTRY_COST = WORDS * 4;
  declare private readonly words: Int32Array;
  declare private readonly mask: number;

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    this.words = wordsInLines(capacity * WORDS);
    this.mask = capacity - 1;
  }

  /** The entry of a hash; what was there before may have been displaced. */
  touch(hash: number, ms: number): number {
    const tag = hash === 0 ? 1 : hash;
    const { words } = this;
    const first = (hash & this.mask) * WORDS;
    const second = ((hash ^ 1) & this.mask) * WORDS;
    if (words[first + TAG] === tag) return this.renew(first, ms);
    if (words[second + TAG] === tag) return this.renew(second, ms);
    const entry = this.worth(first, ms) <= this.worth(second, ms) ? first : second;
    words[entry + TAG] = tag;
    words[entry + HEAD] = 0;
    words[entry + COUNT] = 0;
    return this.renew(entry, ms);
  }

  /** Reads the place of a hash, so that it comes from memory. What it gives means nothing. */
  read(hash: number): number {
    return this.words[(hash & this.mask) * WORDS];
  }

  private renew(entry: number, ms: number): number {
    this.words[entry + LAST_MS] = ms;
    return entry;
  }

  /** More is kept: counts first, then youth. */
  private worth(entry: number, ms: number): number {
    if (this.words[entry + TAG] === 0) return -Infinity;
    const age = (ms - this.words[entry + LAST_MS]) >>> 0;
    return this.words[entry + COUNT] * 600_000 - age;
  }

  head(entry: number): number {
    return this.words[entry + HEAD];
  }

  /** Counts a failed attempt; how many there are now. */
  fail(entry: number, conversation: number): number {
    const { words } = this;
    words[entry + HEAD] = conversation + 1;
    if (words[entry + COUNT] < COUNT_MAX) words[entry + COUNT]++;
    return words[entry + COUNT];
  }

  clear(entry: number): void {
    this.words[entry + TAG] = 0;
  }
}
