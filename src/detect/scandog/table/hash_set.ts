// A small exact set of hashes, filled and cleared again and again. Knows numbers only.

/** Slots for each member, so that few are looked at. */
const ROOM = 2;

export class HashSet {
  declare private readonly slots: Int32Array;
  declare private readonly mask: number;

  /** `capacity`: a power of two; so many are added at most between two calls of `clear`. */
  constructor(capacity: number) {
    this.slots = new Int32Array(capacity * ROOM);
    this.mask = capacity * ROOM - 1;
  }

  clear(): void {
    this.slots.fill(0);
  }

  /** True when it was not there. */
  add(hash: number): boolean {
    const at = this.placeOf(hash);
    const isNew = this.slots[at] === 0;
    this.slots[at] = hash === 0 ? 1 : hash;
    return isNew;
  }

  has(hash: number): boolean {
    return this.slots[this.placeOf(hash)] !== 0;
  }

  /** Where it is, or would be. */
  private placeOf(hash: number): number {
    const tag = hash === 0 ? 1 : hash;
    let at = hash & this.mask;
    while (this.slots[at] !== 0 && this.slots[at] !== tag) at = (at + 1) & this.mask;
    return at;
  }
}
