// Which addresses did something lately: a Bloom filter of two generations. Knows hashes.
//
// Says "no" only when it is so; "yes" may be wrong with a chance of less than one in a hundred, and
// every use of it errs on the side of silence. When the younger half has taken as many addresses as
// it is good for, or is old, it becomes the older one and the older one is forgotten.

import type { Clock } from "../clock.ts";

const WORD_BITS = 32;
/** One bit set in this many, at most, before the generations turn. */
const BITS_PER_ADDRESS = 16;

export class AddressSet {
  declare private young: Uint32Array;
  declare private old: Uint32Array;
  declare private readonly mask: number;
  private added = 0;
  private turnedMs = 0;
  private isOldEmpty = true;
  declare private readonly lifeMs: number;
  declare private readonly clock: Clock;

  /** `bits` of each generation: a power of two. `lifeMs`: a generation turns at least this often. */
  constructor(clock: Clock, bits: number, lifeMs: number) {
    this.clock = clock;
    this.lifeMs = lifeMs;
    this.young = new Uint32Array(bits / WORD_BITS);
    this.old = new Uint32Array(bits / WORD_BITS);
    this.mask = bits - 1;
  }

  /** True when the address is new in the younger half. */
  add(hash: number): boolean {
    const a = hash & this.mask;
    const b = Math.imul(hash, 0x9e3779b1) >>> 7 & this.mask;
    const { young } = this;
    const inA = young[a >>> 5] >>> (a & 31) & 1;
    const inB = young[b >>> 5] >>> (b & 31) & 1;
    if ((inA & inB) !== 0) return false;
    const isFull = this.added * BITS_PER_ADDRESS > this.mask;
    if (isFull || this.clock.since(this.turnedMs) > this.lifeMs) this.turn();
    this.young[a >>> 5] |= 1 << (a & 31);
    this.young[b >>> 5] |= 1 << (b & 31);
    this.added++;
    return true;
  }

  has(hash: number): boolean {
    const a = hash & this.mask;
    const b = Math.imul(hash, 0x9e3779b1) >>> 7 & this.mask;
    return ((this.young[a >>> 5] >>> (a & 31)) & (this.young[b >>> 5] >>> (b & 31)) & 1) !== 0 ||
      ((this.old[a >>> 5] >>> (a & 31)) & (this.old[b >>> 5] >>> (b & 31)) & 1) !== 0;
  }

  private turn(): void {
    this.turnedMs = this.clock.ms;
    const wasOldEmpty = this.isOldEmpty;
    this.isOldEmpty = this.added === 0;
    [this.young, this.old] = [this.old, this.young];
    // Memory is taken when it is first written: what is empty is left alone.
    if (!wasOldEmpty) this.young.fill(0);
    this.added = 0;
  }
}
