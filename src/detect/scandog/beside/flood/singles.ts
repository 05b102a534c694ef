// Whether many sources fail once at present, whoever they try. Knows a count and a time.
//
// A forged source fails one attempt and is never heard of again. While hundreds of sources do so within a few
// seconds, what several sources have in common says less than in quiet times: see `Campaigns`.

import type { Clock } from "../../clock.ts";
import type { Memory } from "../../memory.ts";

/** The window in which sources are counted. */
const WINDOW_MS = 10_000;
/** It is over after so long without one. */
const OVER_MS = 60_000;

export class Singles {
  private windowMs = 0;
  private count = 0;
  private lastMs = 0;
  private isOn = false;
  declare private readonly options: Memory["options"];
  declare private readonly clock: Clock;

  constructor({ clock, options }: Memory) {
    this.options = options;
    this.clock = clock;
  }

  /** So many more sources that nobody knows failed for the first time. */
  add(count: number): void {
    const { ms } = this.clock;
    if (this.clock.since(this.windowMs) > WINDOW_MS) {
      this.windowMs = ms;
      this.count = 0;
    }
    this.count += count;
    if (this.count >= this.options.floodSources) this.isOn = true;
    if (this.isOn) this.lastMs = ms;
  }

  /** True while none goes on: then there is time to look at details. */
  isQuiet(): boolean {
    return !this.isOn;
  }

  /** Looks whether it is over. */
  turn(): void {
    if (!this.isOn || this.clock.since(this.lastMs) <= OVER_MS) return;
    this.isOn = false;
    this.count = 0;
  }
}
