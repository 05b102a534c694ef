// How often an excuse was given lately, for those whose witness is the source alone: it explains so much, and more only
// with time. Knows hashes and time.

import type { Clock } from "../clock.ts";

/** Counters; those who share one have less between them. */
const COUNTERS = 1 << 12;

/** Counters that fill by one, and empty by one every so often. */
export class Buckets {
  private readonly levels = new Uint16Array(COUNTERS);
  private readonly sinceMs = new Int32Array(COUNTERS);
  declare private readonly clock: Clock;
  declare private readonly most: number;
  declare private readonly eachMs: number;

  /** `most`: from which on one is full; `eachMs`: how long it takes to lose one. */
  constructor(clock: Clock, most: number, eachMs: number) {
    this.clock = clock;
    this.most = most;
    this.eachMs = eachMs;
  }

  private level(at: number): number {
    const left = Math.floor(this.clock.since(this.sinceMs[at]) / this.eachMs);
    return Math.max(0, this.levels[at] - left);
  }

  isFull(hash: number): boolean {
    return this.level(hash & (COUNTERS - 1)) >= this.most;
  }

  add(hash: number): void {
    const at = hash & (COUNTERS - 1);
    const level = this.level(at);
    // What has gone of the next one stays gone, or who is quick would never lose any.
    const gone = this.clock.since(this.sinceMs[at]) % this.eachMs;
    this.sinceMs[at] = level === 0 ? this.clock.ms : (this.clock.ms - gone) | 0;
    this.levels[at] = level + 1;
  }
}
