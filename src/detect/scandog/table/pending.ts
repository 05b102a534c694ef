// The queue of attempts that wait for an answer. Knows slots and times.
//
// All wait equally long, so first in is first due: a ring, no timers. An attempt that was answered
// meanwhile, or whose slot was taken over, is recognised when it comes up (its creation time differs
// or its mark is gone). A full ring makes its oldest due at once.

export class PendingQueue {
  static readonly ENTRY_COST = 8;
  declare private readonly slots: Uint32Array;
  declare private readonly times: Uint32Array;
  declare private readonly mask: number;
  private head = 0;
  private tail = 0;

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    this.slots = new Uint32Array(capacity);
    this.times = new Uint32Array(capacity);
    this.mask = capacity - 1;
  }

  get size(): number {
    return (this.tail - this.head) >>> 0;
  }

  isFull(): boolean {
    return this.size > this.mask;
  }

  /** There must be room. */
  push(slot: number, ms: number): void {
    const at = this.tail & this.mask;
    this.slots[at] = slot;
    this.times[at] = ms;
    this.tail = (this.tail + 1) >>> 0;
  }

  /** When the oldest was pushed; only when there is one. */
  oldestMs(): number {
    return this.times[this.head & this.mask];
  }

  /** The slot that is the oldest `places` shifts later; of a shorter queue, any that was there once. */
  later(places: number): number {
    return this.slots[(this.head + places) & this.mask];
  }

  /** The oldest's slot; takes it off. */
  shift(): number {
    const slot = this.slots[this.head & this.mask];
    this.head = (this.head + 1) >>> 0;
    return slot;
  }
}
