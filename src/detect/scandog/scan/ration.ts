// Alerts beside those of scans, which anybody can cause by forging packets: those of one kind draw on a budget of
// their own, and what it refuses is counted and said. Knows counts and times.

import type { Memory } from "../memory.ts";
import { Budget } from "./budget.ts";
import type { Notices } from "./notices.ts";

/** What was refused is said at most so often. */
const SAID_MS = 60_000;

export class Ration {
  private refused = 0;
  private fromUs = 0;
  private saidMs = 0;
  declare private readonly memory: Memory;
  declare private readonly notices: Notices;
  declare private readonly of: string;
  declare private readonly budget: Budget;

  /** `of`: the action of its alerts. */
  constructor(memory: Memory, notices: Notices, of: string) {
    const { alertBurst, alertRefill } = memory.options;
    this.memory = memory;
    this.notices = notices;
    this.of = of;
    this.budget = new Budget(alertBurst, alertRefill * 1000);
  }

  /** True when one more of this level of the budget may be told; else it is counted, as one of `fromUs`. */
  take(fromUs: number, level = 0): boolean {
    if (this.budget.take(level, this.memory.clock.ms)) return true;
    if (this.refused++ === 0) this.fromUs = fromUs;
    return false;
  }

  /** Says what was refused, when it is time. */
  turn(): void {
    if (this.dueMs() <= 0) this.finish();
  }

  /** In how many milliseconds `turn` has something to say. */
  dueMs(): number {
    return this.refused > 0 ? SAID_MS - this.memory.clock.since(this.saidMs) : Infinity;
  }

  /** Says what was refused, if anything was. */
  finish(): void {
    if (this.refused === 0) return;
    this.notices.say(this.of, this.refused, this.fromUs);
    this.refused = 0;
    this.saidMs = this.memory.clock.ms;
  }
}
