// Records on their way into the ring: the slots that were taken for them, and how many are used. Knows
// the two rings; nothing of where packets come from.

import { RECORD_BYTES } from "../record.ts";
import { handOver, type Rings } from "./hand_over.ts";

/**
 * Records handed over at once. Few enough that the batch is still in the cache when the other
 * thread reads it, many enough that the atomics do not count.
 */
const RECORDS = 512;
/** The first one, for the other thread to begin soon; each has twice as many as the one before. */
const FIRST_RECORDS = 32;

/** One run of slots after another. Who fills them keeps `used`, `room` and `base` in variables meanwhile. */
export class Batch {
  /** Slots filled. */
  used = 0;
  /** Slots there are. */
  room = 0;
  /** Byte offset of the first one. */
  base = 0;
  private records = FIRST_RECORDS;

  constructor(private readonly rings: Rings) {}

  /** Gives the other thread what is filled. */
  handOver(): void {
    handOver(this.rings, this.used);
    this.used = this.room = 0;
  }

  /** As `handOver`, and waits for the next slots. */
  renew(): void {
    this.handOver();
    const { producer, flows } = this.rings;
    this.room = Math.min(this.records, producer.waitForRoom(), flows?.learnBlock() ?? RECORDS);
    this.records = Math.min(RECORDS, this.records * 2);
    this.base = producer.base();
  }

  /** Gives the other thread what is filled, and keeps the slots that are not. */
  handOverSome(): void {
    handOver(this.rings, this.used);
    this.base += this.used * RECORD_BYTES;
    this.room -= this.used;
    this.used = 0;
  }
}
