// What a subject did to one host, and what it did with one port on whatever hosts: a small counter
// for each such pair. Knows hashes and counts.
//
// A pair keeps 16 bits of hash for each of the first ports (or hosts) that failed, so that the same
// target counts once for as long as the pair lives, however often the attempt itself was forgotten in
// between. That is what makes a scan of one port in five minutes cost no more than a fast one. With
// the default thresholds a scan is found before they are all taken; beyond them a target counts anew
// when its attempt was forgotten.

import { wordsInLines } from "../../../cache_lines.ts";

const WAYS = 4;
const WORDS = 24;
/** Targets remembered, two a word. */
const TARGETS = 32;

/** Words of a pair. */
const Word = {
  Check: 0, // second hash; with the tag 64 bits of key
  Epoch: 1,
  /**
   * Of a host: weight of what nothing harmless fails at (lower half), and privileged ports that were used. Of a
   * port: used targets that count as failed, because they were used once.
   */
  Plain: 2,
  LastMs: 3,
  Weight: 4, // of the failed targets
  Points: 5, // horizontal weight
  Failed: 6, // distinct targets that failed
  Used: 7, // distinct targets that were used
  Targets: 8, // 16 words
} as const;

const HALF_MAX = 0xffff;

export class Pairs {
  static readonly ENTRY_COST = WORDS * 4 + 4;
  declare private readonly words: Int32Array;
  declare private readonly tags: Int32Array;
  declare private readonly setMask: number;
  /** Pairs with evidence that were displaced. */
  evicted = 0;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.words = wordsInLines(capacity * WORDS);
    this.tags = wordsInLines(capacity);
    this.setMask = capacity / WAYS - 1;
  }

  /**
   * The pair's index; made, or made anew when it was of another epoch or last touched more than
   * `memoryMs` ago.
   */
  touch(hash: number, check: number, epoch: number, ms: number, memoryMs: number): number {
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * WAYS;
    for (let index = set; index < set + WAYS; index++) {
      const p = index * WORDS;
      if (this.tags[index] !== tag || this.words[p + Word.Check] !== check) continue;
      if (
        this.words[p + Word.Epoch] !== epoch ||
        ((ms - this.words[p + Word.LastMs]) >>> 0) > memoryMs
      ) this.clear(index, check, epoch, ms);
      this.words[p + Word.LastMs] = ms;
      return index;
    }
    const index = this.leastWorth(set, ms);
    this.tags[index] = tag;
    this.clear(index, check, epoch, ms);
    return index;
  }

  /** The pair of a set that gives way; only asked when none is the one looked for. */
  private leastWorth(set: number, ms: number): number {
    let best = set, least = Infinity;
    for (let index = set; index < set + WAYS; index++) {
      const worth = this.worth(index, ms);
      if (worth < least) [best, least] = [index, worth];
    }
    if (least > 1) this.evicted++;
    return best;
  }

  /** The pair's index if it lives, else -1. */
  find(hash: number, check: number, epoch: number): number {
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * WAYS;
    for (let index = set; index < set + WAYS; index++) {
      const p = index * WORDS;
      if (
        this.tags[index] === tag && this.words[p + Word.Check] === check &&
        this.words[p + Word.Epoch] === epoch
      ) return index;
    }
    return -1;
  }

  private worth(index: number, ms: number): number {
    if (this.tags[index] === 0) return -Infinity;
    const p = index * WORDS;
    const idle = (ms - this.words[p + Word.LastMs]) >>> 0;
    return this.words[p + Word.Weight] + this.words[p + Word.Points] - idle / 3_600_000;
  }

  private clear(index: number, check: number, epoch: number, ms: number): void {
    const p = index * WORDS;
    this.words.fill(0, p, p + WORDS);
    this.words[p + Word.Check] = check;
    this.words[p + Word.Epoch] = epoch;
    this.words[p + Word.LastMs] = ms;
  }

  /** Weight of the targets that failed. */
  weight(index: number): number {
    return this.words[index * WORDS + Word.Weight];
  }

  addWeight(index: number, value: number): void {
    this.words[index * WORDS + Word.Weight] += value;
  }

  takeWeight(index: number, value: number): void {
    this.take(index * WORDS + Word.Weight, value);
  }

  /** Horizontal points of the targets that failed. */
  points(index: number): number {
    return this.words[index * WORDS + Word.Points];
  }

  addPoints(index: number, value: number): void {
    this.words[index * WORDS + Word.Points] += value;
  }

  takePoints(index: number, value: number): void {
    this.take(index * WORDS + Word.Points, value);
  }

  /** Distinct targets that failed. */
  failed(index: number): number {
    return this.words[index * WORDS + Word.Failed];
  }

  addFailed(index: number, value: number): void {
    this.words[index * WORDS + Word.Failed] += value;
  }

  takeFailed(index: number, value: number): void {
    this.take(index * WORDS + Word.Failed, value);
  }

  /** Distinct targets that were used. */
  used(index: number): number {
    return this.words[index * WORDS + Word.Used];
  }

  addUsed(index: number, value: number): void {
    this.words[index * WORDS + Word.Used] += value;
  }

  /** Raises what was used to `value`, if it is less. */
  usedAtLeast(index: number, value: number): void {
    const at = index * WORDS + Word.Used;
    if (this.words[at] < value) this.words[at] = value;
  }

  /** Takes away, not below zero. */
  private take(at: number, value: number): void {
    this.words[at] = this.words[at] > value ? this.words[at] - value : 0;
  }

  /** Weight of what nothing harmless fails at; see `plainWeight`. */
  plainWeight(index: number): number {
    return this.words[index * WORDS + Word.Plain] & HALF_MAX;
  }

  /** Privileged ports that were used. */
  plainUses(index: number): number {
    return this.words[index * WORDS + Word.Plain] >>> 16;
  }

  /** Adds to that weight, or (below 0) takes away, within what its half of the word holds. */
  addPlainWeight(index: number, weight: number): void {
    const sum = this.plainWeight(index) + weight;
    if (sum >= 0 && sum <= HALF_MAX) this.words[index * WORDS + Word.Plain] += weight;
  }

  addPlainUse(index: number): void {
    if (this.plainUses(index) < HALF_MAX) this.words[index * WORDS + Word.Plain] += HALF_MAX + 1;
  }

  /** Of a port: used targets that count as failed. */
  once(index: number): number {
    return this.words[index * WORDS + Word.Plain];
  }

  addOnce(index: number, value: number): void {
    this.words[index * WORDS + Word.Plain] += value;
  }

  /** Notes a target by its hash; true when it is new. */
  note(index: number, hash: number): boolean {
    const { words } = this;
    const mark = hash & 0xffff || 1; // 0 is a free place
    const first = (index * WORDS + Word.Targets) * 2;
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
