// How fast counters grow, over the last seconds. Knows times that it is given.

/** Looks back over at least this long. */
const SPAN_MS = 5000;
/** A new sample is kept this often. */
const STEP_MS = 500;
const SAMPLES_MAX = 12;

interface Sample {
  timeMs: number;
  counts: readonly number[];
}

/** Follows some counters together. */
export class Rates {
  private samples: Sample[] = [];

  /** Call it often: only now and then is a sample kept. */
  sample(timeMs: number, counts: readonly number[]): void {
    const last = this.samples.at(-1);
    if (last !== undefined && timeMs - last.timeMs < STEP_MS) return;
    // Counters of another number of things are not to be compared.
    if (last !== undefined && last.counts.length !== counts.length) this.samples = [];
    this.samples.push({ timeMs, counts: [...counts] });
    if (this.samples.length > SAMPLES_MAX) this.samples.shift();
  }

  /** How much each counter grew a second; zeros until there are two samples. */
  perSecond(nowMs: number): number[] {
    const last = this.samples.at(-1);
    const first = this.samples.find(({ timeMs }) => nowMs - timeMs <= SPAN_MS + STEP_MS);
    if (last === undefined || first === undefined || last === first) {
      return last?.counts.map(() => 0) ?? [];
    }
    const seconds = (last.timeMs - first.timeMs) / 1000;
    return last.counts.map((count, i) => Math.max(count - first.counts[i], 0) / seconds);
  }
}
