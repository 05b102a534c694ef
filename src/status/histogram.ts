// Counts of durations in fixed buckets. Knows no clock.

import type { HistogramStatus } from "./status.ts";

export class Histogram {
  private readonly counts: number[];
  private sum = 0;

  /** `bounds`: upper bounds in seconds, rising. */
  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Array<number>(bounds.length + 1).fill(0);
  }

  /** Less than nothing (a clock that stepped back) counts as nothing. */
  add(seconds: number): void {
    const held = Math.max(seconds, 0);
    const at = this.bounds.findIndex((bound) => held <= bound);
    this.counts[at < 0 ? this.bounds.length : at]++;
    this.sum += held;
  }

  status(): HistogramStatus {
    return { bounds: [...this.bounds], counts: [...this.counts], sum: this.sum };
  }
}
