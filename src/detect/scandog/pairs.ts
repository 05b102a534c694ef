// What an actor did to one host, and what it did with one port on whatever hosts: a small counter
// for each such pair. Knows hashes and counts.
//
// A pair keeps 128 bits of which hashed ports (or hosts) failed, so that the same target counts once
// for as long as the pair lives, however often the attempt itself was forgotten in between. That is
// what makes a scan of one port in five minutes cost no more than a fast one.

const WAYS = 4;
const WORDS = 16;

/** Words of a pair. */
export const Pair = {
  Check: 0, // second hash; with the tag 64 bits of key
  Epoch: 1,
  Bits: 2, // 4 words
  Weight: 6, // of the failed targets
  Failed: 7, // distinct targets that failed
  Used: 8, // distinct targets that were used
  FirstMs: 9,
  LastMs: 10,
  Points: 11, // horizontal weight
  Hard: 12, // of the failed: refused, silent or half-open
} as const;

export class Pairs {
  static readonly ENTRY_COST = WORDS * 4 + 4;
  private readonly words: Int32Array;
  private readonly tags: Int32Array;
  private readonly setMask: number;
  /** Pairs with evidence that were displaced. */
  evicted = 0;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.words = new Int32Array(capacity * WORDS);
    this.tags = new Int32Array(capacity);
    this.setMask = capacity / WAYS - 1;
  }

  /**
   * The pair's index; made, or made anew when it was of another epoch or last touched more than
   * `memoryMs` ago.
   */
  touch(hash: number, check: number, epoch: number, ms: number, memoryMs: number): number {
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * WAYS;
    let best = set, least = Infinity;
    for (let index = set; index < set + WAYS; index++) {
      const p = index * WORDS;
      if (this.tags[index] === tag && this.words[p + Pair.Check] === check) {
        if (
          this.words[p + Pair.Epoch] !== epoch ||
          ((ms - this.words[p + Pair.LastMs]) >>> 0) > memoryMs
        ) this.clear(index, check, epoch, ms);
        this.words[p + Pair.LastMs] = ms;
        return index;
      }
      const worth = this.worth(index, ms);
      if (worth < least) [best, least] = [index, worth];
    }
    if (least > 1) this.evicted++;
    this.tags[best] = tag;
    this.clear(best, check, epoch, ms);
    return best;
  }

  /** The pair's index if it lives, else -1. */
  find(hash: number, check: number, epoch: number): number {
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * WAYS;
    for (let index = set; index < set + WAYS; index++) {
      const p = index * WORDS;
      if (
        this.tags[index] === tag && this.words[p + Pair.Check] === check &&
        this.words[p + Pair.Epoch] === epoch
      ) return index;
    }
    return -1;
  }

  private worth(index: number, ms: number): number {
    if (this.tags[index] === 0) return -Infinity;
    const p = index * WORDS;
    const idle = (ms - this.words[p + Pair.LastMs]) >>> 0;
    return this.words[p + Pair.Weight] + this.words[p + Pair.Points] - idle / 3_600_000;
  }

  private clear(index: number, check: number, epoch: number, ms: number): void {
    const p = index * WORDS;
    this.words.fill(0, p, p + WORDS);
    this.words[p + Pair.Check] = check;
    this.words[p + Pair.Epoch] = epoch;
    this.words[p + Pair.FirstMs] = ms;
    this.words[p + Pair.LastMs] = ms;
  }

  get(index: number, word: number): number {
    return this.words[index * WORDS + word];
  }

  add(index: number, word: number, value: number): void {
    this.words[index * WORDS + word] += value;
  }

  /** Takes away, not below zero. */
  take(index: number, word: number, value: number): void {
    const at = index * WORDS + word;
    this.words[at] = this.words[at] > value ? this.words[at] - value : 0;
  }

  /** Sets one of the 128 bits; true when it was not set. */
  setBit(index: number, bit: number): boolean {
    const at = index * WORDS + Pair.Bits + (bit >>> 5 & 3);
    const mask = 1 << (bit & 31);
    if ((this.words[at] & mask) !== 0) return false;
    this.words[at] |= mask;
    return true;
  }
}
