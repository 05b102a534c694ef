// Floods of forged sources. Knows sources that failed once, by the thousand; names none of them.
//
// A forged source fails one attempt and is never heard of again. When hundreds of sources have done
// so within a few seconds it is a flood, which is said once while it lasts, with its size.

import type { Clock } from "../clock.ts";
import type { Memory } from "../memory.ts";
import type { Notices } from "../scan/notices.ts";

/** The window in which sources are counted. */
const WINDOW_MS = 10_000;
/** A flood is over after so long without one. */
const OVER_MS = 60_000;

export class Flood {
  private windowMs = 0;
  private windowFromUs = 0;
  private count = 0;
  private total = 0;
  private fromUs = 0;
  private lastMs = 0;
  private isOn = false;
  declare private readonly enough: number;
  declare private readonly clock: Clock;
  declare private readonly notices: Notices;

  constructor({ clock, options }: Memory, notices: Notices) {
    this.enough = options.floodSources;
    this.clock = clock;
    this.notices = notices;
  }

  /** So many sources that nobody knows failed for the first time. */
  singles(count: number): void {
    const { ms, lastUs } = this.clock;
    if (((ms - this.windowMs) >>> 0) > WINDOW_MS) {
      this.windowMs = ms;
      this.windowFromUs = lastUs;
      this.count = 0;
    }
    this.count += count;
    if (this.isOn) {
      this.total += count;
      this.lastMs = ms;
    } else if (this.count >= this.enough) {
      this.isOn = true;
      this.total = this.count;
      this.fromUs = this.windowFromUs;
      this.lastMs = ms;
    }
  }

  /** True while none goes on: then there is time to look at details. */
  isQuiet(): boolean {
    return !this.isOn;
  }

  /** Looks whether a flood is over. */
  turn(): void {
    if (this.isOn && this.clock.since(this.lastMs) > OVER_MS) this.say();
  }

  /** In how many milliseconds it is over, if nothing comes. */
  dueMs(): number {
    return this.isOn ? OVER_MS + 1 - this.clock.since(this.lastMs) : Infinity;
  }

  finish(): void {
    if (this.isOn) this.say();
  }

  private say(): void {
    this.isOn = false;
    this.notices.say("forged-sources", this.total, this.fromUs);
    this.count = 0;
  }
}
