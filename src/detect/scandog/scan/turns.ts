// Whose turn it is to be told: scans draw on the budget, and those that find nothing there wait. Knows scans,
// their effort and the budget; nothing of attempts.
//
// While some wait, a token that comes back is theirs, and goes to the one that did most: who comes first, and
// under how many names, decides nothing.

import { Budget, BUDGET_LEVELS } from "./budget.ts";
import type { Scan } from "./scan.ts";

export class Turns {
  /** How many scans wait, by level. */
  private readonly waiting = new Int32Array(BUDGET_LEVELS);
  declare private readonly budget: Budget;

  constructor(budget: Budget) {
    this.budget = budget;
  }

  /** True when the scan may be told now; else it waits, at this level. */
  ask(scan: Scan, level: number, ms: number): boolean {
    this.leave(scan);
    if (this.waiting[level] === 0 && this.budget.take(level, ms)) return true;
    scan.waitLevel = level;
    this.waiting[level]++;
    return false;
  }

  /** The scan waits no longer. */
  leave(scan: Scan): void {
    if (scan.waitLevel < 0) return;
    this.waiting[scan.waitLevel]--;
    scan.waitLevel = -1;
  }

  /** In how many milliseconds one of those that wait may be told, if nothing comes. */
  dueMs(ms: number): number {
    let dueMs = Infinity;
    this.waiting.forEach((count, level) => {
      if (count > 0) dueMs = Math.min(dueMs, this.budget.dueMs(level, ms));
    });
    return dueMs;
  }

  /** Takes a token for the one of these scans that did most among those that wait; undefined: there is none. */
  next(scans: Iterable<Scan>, ms: number): Scan | undefined {
    for (let level = BUDGET_LEVELS - 1; level >= 0; level--) {
      if (this.waiting[level] === 0 || !this.budget.has(level, ms)) continue;
      let most: Scan | undefined;
      for (const scan of scans) {
        if (scan.waitLevel !== level) continue;
        if (most === undefined || scan.effort() > most.effort()) most = scan;
      }
      if (most === undefined) continue;
      this.leave(most);
      this.budget.take(level, ms);
      return most;
    }
    return undefined;
  }
}
