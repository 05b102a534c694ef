// The limit on lines: after a number of scans in a row, one line says that more follow, and then there is silence
// until a pause. Knows ticks; nothing of scans.

/** What to do with one found scan. */
export const Verdict = { Log: 0, Announce: 1, Silent: 2 } as const;

/** safe_log() of scanlogd. Times are ticks of 10 ms. */
export class FloodLimiter {
  private last = 0;
  private count = 0;
  declare private countMax: number;
  declare private delayTicks: number;

  constructor(countMax: number, delayTicks: number) {
    this.countMax = countMax;
    this.delayTicks = delayTicks;
  }

  /** Goes on with another limit, and what was counted so far. */
  reconfigure(countMax: number, delayTicks: number): void {
    this.countMax = countMax;
    this.delayTicks = delayTicks;
  }

  /** Counts a scan found at `now` and says what to do with it: a `Verdict`. */
  judge(now: number): number {
    // While silent, `last` stays, so the silence ends a pause after its announcement even if scans
    // go on all the time. A clock that stepped back ends it at once.
    if (now - this.last > this.delayTicks || now < this.last) this.count = 0;
    this.count++;
    if (this.count <= this.countMax + 1) this.last = now;
    if (this.count <= this.countMax) return Verdict.Log;
    return this.count === this.countMax + 1 ? Verdict.Announce : Verdict.Silent;
  }
}
