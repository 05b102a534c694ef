// How many scans may be told. Knows times and counts; nothing of scans.
//
// Whoever forges sources can forge whole scans. So new scans draw on buckets of tokens that refill
// with time, and there is one bucket for each level of cost to the forger: a scan whose source is
// proved real, or that has grown ten or a hundred times past the threshold, draws on a bucket that
// cheaper forgeries cannot empty. What finds its bucket empty is counted, and asks again as it grows.

/** Levels: no proof and small; larger; larger still; proved real. */
export const BUDGET_LEVELS = 4;

export class Budget {
  private readonly tokens = new Float64Array(BUDGET_LEVELS);
  private lastMs = 0;
  declare private readonly burst: number;
  declare private readonly refillMs: number;

  /** `burst` tokens at once in each bucket, one more every `refillMs`. */
  constructor(burst: number, refillMs: number) {
    this.burst = burst;
    this.refillMs = refillMs;

    this.tokens.fill(burst);
  }

  /** Takes a token of this level; false when there is none. */
  take(level: number, ms: number): boolean {
    const passed = (ms - this.lastMs) >>> 0;
    this.lastMs = ms;
    for (let i = 0; i < BUDGET_LEVELS; i++) {
      this.tokens[i] = Math.min(this.burst, this.tokens[i] + passed / this.refillMs);
    }
    if (this.tokens[level] < 1) return false;
    this.tokens[level]--;
    return true;
  }
}

/** The level of a scan of so many attempts. */
export function budgetLevel(attempts: number, proved: boolean): number {
  if (proved) return 3;
  return attempts >= 2000 ? 2 : attempts >= 200 ? 1 : 0;
}
