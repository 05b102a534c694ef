// Flows known to be used, as a small cache of their hashes. Knows hashes only. What is in it needs no
// further look, and most segments of ordinary traffic are.
//
// Four places for a hash, of which the one written longest ago gives way: with one place, of 20,000 flows in
// 65,536 places every fourth would share it with another, and be looked at again with each of its segments.

import { wordsInLines } from "./cache_lines.ts";

/** Most of a busy server's connections at once. */
export const USED_FLOWS = 1 << 16;

const WAYS = 4;

export class UsedFlows {
  declare private readonly hashes: Int32Array;
  /** Of the first of the places of a hash. */
  declare private readonly mask: number;
  /** None was ever added. */
  isEmpty = true;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.hashes = wordsInLines(capacity);
    this.mask = capacity - WAYS;
  }

  /** 0 is never known. */
  has(hash: number): boolean {
    const { hashes } = this;
    const at = hash & this.mask;
    // Which of the places it is, is chance for a processor that guesses: no branch.
    const a = hashes[at] ^ hash, b = hashes[at + 1] ^ hash;
    const c = hashes[at + 2] ^ hash, d = hashes[at + 3] ^ hash;
    return hash !== 0 && ((a | 0 - a) & (b | 0 - b) & (c | 0 - c) & (d | 0 - d)) >= 0;
  }

  /** Adds a flow; false for one that is there already, which keeps its place. */
  add(hash: number): boolean {
    if (this.has(hash)) return false;
    const { hashes } = this;
    const at = hash & this.mask;
    hashes[at + 3] = hashes[at + 2];
    hashes[at + 2] = hashes[at + 1];
    hashes[at + 1] = hashes[at];
    hashes[at] = hash;
    this.isEmpty = false;
    return true;
  }

  /** Forgets all flows. */
  clear(): void {
    this.hashes.fill(0);
    this.isEmpty = true;
  }

  /** Forgets a flow; false for one that is not there. */
  forget(hash: number): boolean {
    if (!this.has(hash)) return false;
    const { hashes } = this;
    const at = hash & this.mask;
    for (let i = at; i < at + WAYS; i++) if (hashes[i] === hash) hashes[i] = 0;
    return true;
  }
}
