// Flows known to be used, as a small cache of their hashes. Knows hashes only. What is in it needs no
// further look, and most segments of ordinary traffic are.

export class UsedFlows {
  declare private readonly hashes: Int32Array;
  declare private readonly mask: number;

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    this.hashes = new Int32Array(capacity);
    this.mask = capacity - 1;
  }

  /** 0 is never known. */
  has(hash: number): boolean {
    return this.hashes[hash & this.mask] === hash && hash !== 0;
  }

  add(hash: number): void {
    this.hashes[hash & this.mask] = hash;
  }

  forget(hash: number): void {
    if (this.hashes[hash & this.mask] === hash) this.hashes[hash & this.mask] = 0;
  }
}
