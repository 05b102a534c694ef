// Connections known to be used, as a small cache of hashes. Knows hashes only. What is in it needs no
// further look, and most segments of ordinary traffic are.

import type { Hash } from "./hash.ts";

export class UsedFlows {
  private readonly checks: Int32Array;
  private readonly mask: number;

  /** `capacity`: a power of two. */
  constructor(capacity: number, private readonly hash: Hash) {
    this.checks = new Int32Array(capacity);
    this.mask = capacity - 1;
  }

  /** The same for both directions; never 0. */
  private id(from: number, to: number, sourcePort: number, destinationPort: number): number {
    const sum = (from + sourcePort | 0) ^ Math.imul(sourcePort, 0x9e3779b1);
    const other = (to + destinationPort | 0) ^ Math.imul(destinationPort, 0x9e3779b1);
    return this.hash.pair(sum ^ other, sum + other | 0) | 1;
  }

  has(from: number, to: number, sourcePort: number, destinationPort: number): boolean {
    const id = this.id(from, to, sourcePort, destinationPort);
    return this.checks[id >>> 1 & this.mask] === id;
  }

  add(from: number, to: number, sourcePort: number, destinationPort: number): void {
    const id = this.id(from, to, sourcePort, destinationPort);
    this.checks[id >>> 1 & this.mask] = id;
  }
}
