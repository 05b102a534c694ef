// A queue of what waits for an answer, or for a second look. Knows numbers and times.
//
// All wait equally long, so first in is first due: a ring, no timers. An attempt that was answered
// meanwhile, or whose slot was taken over, is recognised when it comes up (its creation time differs
// or its mark is gone). A full ring makes its oldest due at once.

import type { Clock } from "../clock.ts";

export class PendingQueue {
  static readonly ENTRY_COST = 8;
  declare private readonly slots: Uint32Array;
  declare private readonly times: Uint32Array;
  declare private readonly mask: number;
  declare private readonly clock: Clock;
  declare private readonly waitMs: number;
  private head = 0;
  private tail = 0;

  /** `capacity`: a power of two. `waitMs`: how long each waits. */
  constructor(capacity: number, clock: Clock, waitMs: number) {
    this.slots = new Uint32Array(capacity);
    this.times = new Uint32Array(capacity);
    this.mask = capacity - 1;
    this.clock = clock;
    this.waitMs = waitMs;
  }

  get size(): number {
    return (this.tail - this.head) >>> 0;
  }

  isFull(): boolean {
    return this.size > this.mask;
  }

  /** True when the oldest has waited long enough. */
  isDue(): boolean {
    return this.size > 0 && this.clock.since(this.oldestMs()) >= this.waitMs;
  }

  /** In how many milliseconds `isDue` becomes true, if nothing comes. */
  dueMs(): number {
    return this.size === 0 ? Infinity : this.waitMs - this.clock.since(this.oldestMs());
  }

  /** There must be room. Its place in the ring, for what else is kept of it. */
  push(slot: number): number {
    const at = this.tail & this.mask;
    this.slots[at] = slot;
    this.times[at] = this.clock.ms;
    this.tail = (this.tail + 1) >>> 0;
    return at;
  }

  /** When the oldest was pushed, and its place; only when there is one. */
  oldestMs(): number {
    return this.times[this.head & this.mask];
  }

  oldestAt(): number {
    return this.head & this.mask;
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
