// How many scans may be told. Knows times and counts; nothing of scans.
//
// Whoever forges sources can forge whole scans. So new scans draw on buckets of tokens that refill
// with time, and there is one bucket for each level of cost to the forger: a scan that has grown four times,
// or whose source is proved real, draws on a bucket that cheaper forgeries cannot empty.

/**
 * Attempts from which on a scan is of the next level: each costs its forger four times as many packets. The last
 * is of those that no packets buy: their source is proved real.
 */
const LEVELS = [16, 64, 256, 2048, Infinity];
export const BUDGET_LEVELS = LEVELS.length + 1;
/**
 * A scan that was long in the making counts for so many attempts each: whoever forges it has to keep up all
 * his names for as long.
 */
const SLOW_FACTOR = 4;

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

  /** True when there is a token of this level. */
  has(level: number, ms: number): boolean {
    return this.at(level, ms) >= 1;
  }

  /** In how many milliseconds there is a token of this level. */
  dueMs(level: number, ms: number): number {
    return Math.max(0, Math.ceil((1 - this.at(level, ms)) * this.refillMs));
  }

  /** Takes a token of this level; false when there is none. */
  take(level: number, ms: number): boolean {
    for (let i = 0; i < BUDGET_LEVELS; i++) this.tokens[i] = this.at(i, ms);
    this.lastMs = ms;
    if (this.tokens[level] < 1) return false;
    this.tokens[level]--;
    return true;
  }

  /** Tokens of a level at this time. */
  private at(level: number, ms: number): number {
    const passed = (ms - this.lastMs) >>> 0;
    return Math.min(this.burst, this.tokens[level] + passed / this.refillMs);
  }
}

/** What a scan of so many attempts cost whoever forged it; Infinity: its source is proved real. */
export function effortOf(attempts: number, slow: boolean, isProved = false): number {
  return isProved ? Infinity : slow ? attempts * SLOW_FACTOR : attempts;
}

/** The level of a scan of this effort. */
export function budgetLevel(effort: number): number {
  const level = LEVELS.findIndex((enough) => effort < enough);
  return level < 0 ? LEVELS.length : level;
}
