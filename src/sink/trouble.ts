// Reports from time to time that a sink cannot write, and once that it works again. Knows no sink.

import type { Notice } from "./sink.ts";

/** Between two notices of the same trouble. */
const REMIND_MS = 60_000;

/** The state of one sink: well, or in trouble since when and with what losses. */
export class Trouble {
  readonly #name: string;
  readonly #notice: Notice;
  readonly #clock: () => number;
  readonly #meanwhile: string;
  readonly #unit: string;
  #since: number | undefined;
  /** When trouble was last spoken of, and whether it was this one. */
  #saidAt = -Infinity;
  #announced = false;
  #lost = 0;

  /**
   * `clock` gives milliseconds, from anywhere; tests bring their own. `meanwhile` is what happens
   * until it is over, `unit` what is lost.
   */
  constructor(
    name: string,
    notice: Notice,
    clock: () => number = () => performance.now(),
    meanwhile = "lines wait, detection goes on",
    unit = "line",
  ) {
    this.#name = name;
    this.#notice = notice;
    this.#clock = clock;
    this.#meanwhile = meanwhile;
    this.#unit = unit;
  }

  /**
   * A failure, and how many lines it cost for good. Said at once, but at most once a minute, however
   * often the sink falls and gets up.
   */
  failed(reason: string, lost = 0): void {
    const now = this.#clock();
    this.#since ??= now;
    this.#lost += lost;
    if (now - this.#saidAt < REMIND_MS) return;
    this.#notice(
      this.#announced
        ? `${this.#name}: still ${reason}, for ${seconds(now - this.#since)} now${this.#losses()}`
        : `${this.#name}: ${reason}; ${this.#meanwhile}${this.#losses()}`,
    );
    this.#saidAt = now;
    this.#announced = true;
  }

  /** A line went through. Says so if the trouble before was spoken of. */
  passed(): void {
    if (this.#since === undefined) return;
    const lasted = seconds(this.#clock() - this.#since);
    // Losses are always told, even those of an episode too short to be announced.
    if (this.#announced || this.#lost > 0) {
      this.#notice(`${this.#name}: works again after ${lasted}${this.#losses()}`);
    }
    this.#since = undefined;
    this.#announced = false;
    this.#lost = 0;
  }

  /** The end: says what was lost with it, and in a trouble that is not over. */
  ended(lostNow: number): void {
    const lost = lostNow + this.#lost;
    if (lost > 0) {
      this.#notice(`${this.#name}: closed, ${this.#counted(lost)} could not be written`);
    }
  }

  #losses(): string {
    return this.#lost === 0 ? "" : `; ${this.#counted(this.#lost)} lost`;
  }

  #counted(count: number): string {
    return count === 1 ? `1 ${this.#unit}` : `${count} ${this.#unit}s`;
  }
}

/** What the system said, without Deno's number and call. */
export function reasonOf(error: unknown): string {
  return (error as Error).message.replace(/ \(os error [0-9]+\).*$/s, "");
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
