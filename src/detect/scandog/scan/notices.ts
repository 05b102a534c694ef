// Says that something was found and not told one by one. Knows counts and times.

import type { Emit, SuppressedEvent } from "../../../event.ts";
import type { Memory } from "../memory.ts";
import type { Clock } from "../clock.ts";

export const PROFILE = "scandog";

export class Notices {
  /** Time of the latest packet. Microseconds since 1970. */
  private latestUs = 0;
  declare private readonly clock: Clock;
  declare private readonly emit: Emit;

  constructor({ clock }: Memory, emit: Emit) {
    this.clock = clock;
    this.emit = emit;
  }

  /** A packet, or the passing of time, at `timeUs`. */
  advance(timeUs: number): void {
    if (timeUs > this.latestUs) this.latestUs = timeUs;
  }

  /** Says that `count` alerts of a kind were not told since `fromUs`; `most`: those of who did most. */
  say(of: string, count: number, fromUs: number, most: SuppressedEvent["most"] = []): void {
    const { latestUs } = this;
    this.emit({
      action: "alerts-suppressed",
      profile: PROFILE,
      timeUs: latestUs,
      // The clock may have stepped back since.
      startUs: Math.min(fromUs, latestUs),
      endUs: latestUs,
      count,
      of,
      ...(most.length > 0 ? { most } : {}),
    });
  }
}
