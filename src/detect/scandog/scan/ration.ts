// Alerts of one kind, which anybody can cause by forging packets: they draw on buckets of their own, and what is
// not told is counted and said once in a while. Knows counts and times.

import type { Emit, SuppressedEvent } from "../../../event.ts";
import type { Memory } from "../memory.ts";
import { Budget } from "./budget.ts";

export const PROFILE = "scandog";

/** What was refused is said at most so often. */
const SAID_MS = 60_000;

export class Ration {
  /** Alerts that were not told since the last notice, and since when. */
  refused = 0;
  private fromUs = 0;
  private saidMs = 0;
  declare readonly budget: Budget;
  declare private readonly memory: Memory;
  declare private readonly emit: Emit;
  declare private readonly of: string;

  /** `of`: the action of its alerts. */
  constructor(memory: Memory, emit: Emit, of: string) {
    const { alertBurst, alertRefill } = memory.options;
    this.memory = memory;
    this.emit = emit;
    this.of = of;
    this.budget = new Budget(alertBurst, alertRefill * 1000);
  }

  /** True when one more of this level may be told; else it is counted, as one of `fromUs`. */
  take(fromUs: number, level = 0): boolean {
    if (this.budget.take(level, this.memory.clock.ms)) return true;
    this.refuse(fromUs);
    return false;
  }

  /** Counts one that is not told, as one of `fromUs`. */
  refuse(fromUs: number): void {
    if (this.refused++ === 0) this.fromUs = fromUs;
  }

  /** Says what was refused, when it is time. */
  turn(): void {
    if (this.dueMs() <= 0) this.finish();
  }

  /** In how many milliseconds there is something to say; Infinity: never. */
  dueMs(): number {
    return this.refused > 0 ? SAID_MS - this.memory.clock.since(this.saidMs) : Infinity;
  }

  /** Says what was refused, if anything was; `most`: those of who did most. */
  finish(most: SuppressedEvent["most"] = []): void {
    if (this.refused === 0) return;
    const { latestUs, ms } = this.memory.clock;
    this.emit({
      action: "alerts-suppressed",
      profile: PROFILE,
      timeUs: latestUs,
      // The clock may have stepped back since.
      startUs: Math.min(this.fromUs, latestUs),
      endUs: latestUs,
      count: this.refused,
      of: this.of,
      ...(most.length > 0 ? { most } : {}),
    });
    this.refused = 0;
    this.saidMs = ms;
  }
}
