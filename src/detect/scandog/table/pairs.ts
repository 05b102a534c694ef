// What a subject did to one host, and what it did with one port on whatever hosts: a small counter
// for each such pair. Knows hashes and counts.
//
// A pair keeps 16 bits of hash for each of the first ports (or hosts) that failed, so that the same
// target counts once for as long as the pair lives, however often the attempt itself was forgotten in
// between. That is what makes a scan of one port in five minutes cost no more than a fast one. With
// the default thresholds a scan is found before they are all taken; beyond them a target counts anew
// when its attempt was forgotten.

import { tagOf, WAYS, WordTable } from "./word_table.ts";

const WORDS = 24;
/** Places of 16 bits for targets, two a word, and the first of these words. */
const TARGETS = 32;
const FIRST_TARGET = 8;
const HALF_MAX = 0xffff;

export class Pairs extends WordTable {
  static readonly ENTRY_COST = WORDS * 4 + 4;
  /** Second hash; with the tag 64 bits of key. */
  private readonly check = this.column(0);
  private readonly epoch = this.column(1);
  /**
   * Of a host: weight of what nothing harmless fails at (lower half), and privileged ports that were used: see
   * `plainWeight`.
   */
  private readonly plain = this.column(2);
  /** Of a port: used targets that count as failed, because they were used once. In the same word. */
  readonly once = this.plain;
  private readonly lastMs = this.column(3);
  /** Weight of the distinct targets that failed, and their points towards a sweep. */
  readonly weight = this.column(4);
  readonly points = this.column(5);
  /** Distinct targets that failed, and those that were used. */
  readonly failed = this.column(6);
  readonly used = this.column(7);
  /** Pairs with evidence that were displaced. */
  evicted = 0;

  constructor(capacity: number) {
    super(capacity, WORDS);
  }

  /**
   * The pair's index; made, or made anew when it was of another epoch or last touched more than
   * `memoryMs` ago.
   */
  touch(hash: number, check: number, epoch: number, ms: number, memoryMs: number): number {
    const tag = tagOf(hash), set = this.setOf(hash);
    for (let index = set; index < set + WAYS; index++) {
      if (this.tags[index] !== tag || this.check.of(index) !== check) continue;
      const isOld = ((ms - this.lastMs.of(index)) >>> 0) > memoryMs;
      if (isOld || this.epoch.of(index) !== epoch) this.begin(index, check, epoch);
      this.lastMs.set(index, ms);
      return index;
    }
    const index = this.leastWorth(hash, ms);
    if (this.worth(index, ms) > 1) this.evicted++;
    this.tags[index] = tag;
    this.begin(index, check, epoch);
    this.lastMs.set(index, ms);
    return index;
  }

  worth(index: number, ms: number): number {
    if (this.tags[index] === 0) return -Infinity;
    const idle = (ms - this.lastMs.of(index)) >>> 0;
    return this.weight.of(index) + this.points.of(index) - idle / 3_600_000;
  }

  private begin(index: number, check: number, epoch: number): void {
    const p = index * WORDS;
    this.words.fill(0, p, p + WORDS);
    this.check.set(index, check);
    this.epoch.set(index, epoch);
  }

  /** Weight of what nothing harmless fails at. */
  plainWeight(index: number): number {
    return this.plain.of(index) & HALF_MAX;
  }

  /** Privileged ports that were used. */
  plainUses(index: number): number {
    return this.plain.of(index) >>> 16;
  }

  /** Used targets, without those that count as failed. */
  usedStill(index: number): number {
    return Math.max(0, this.used.of(index) - this.once.of(index));
  }

  /** Adds to that weight, or (below 0) takes away, within what its half of the word holds. */
  addPlainWeight(index: number, weight: number): void {
    const sum = this.plainWeight(index) + weight;
    if (sum >= 0 && sum <= HALF_MAX) this.plain.add(index, weight);
  }

  addPlainUse(index: number): void {
    if (this.plainUses(index) < HALF_MAX) this.plain.add(index, HALF_MAX + 1);
  }

  /** Notes a target by its hash; true when it is new. */
  note(index: number, hash: number): boolean {
    const { words } = this;
    const mark = hash & 0xffff || 1; // 0 is a free place
    const first = (index * WORDS + FIRST_TARGET) * 2;
    for (let i = first; i < first + TARGETS; i++) {
      const word = i >> 1, shift = (i & 1) << 4;
      const there = words[word] >>> shift & 0xffff;
      if (there === mark) return false;
      if (there === 0) {
        words[word] |= mark << shift;
        return true;
      }
    }
    return true;
  }
}
