// Takes outcomes from a detector, so many a second and no more: what is above is a count. Knows outcomes; nothing
// of where they go. A second is one of the outcomes' own, so that a capture gives the same however fast it is read.
//
// Of one partition at most a quarter is taken: who is loud with one address hides no quiet one elsewhere.

import type { AttemptOutcome } from "../outcome.ts";
import type { Dropped } from "./batch.ts";
import { partitionOf, PARTITIONS } from "./partitions.ts";

/** Where outcomes go. Neither may throw or wait: packets are being judged. */
export interface OutcomeTaker {
  outcome(outcome: AttemptOutcome): void;
  dropped(dropped: Dropped): void;
}

const SECOND_US = 1_000_000;
const SHARE_OF_PARTITION = 0.25;

export class OutcomeTap {
  readonly #takers: readonly OutcomeTaker[];
  readonly #perSecondMax: number;
  #second = -1;
  #taken = 0;
  /** A value for each partition. */
  readonly #takenOf = new Uint32Array(PARTITIONS);
  readonly #partitionMax: number;
  #dropped: Dropped | undefined;
  #droppedInAll = 0;

  constructor(takers: readonly OutcomeTaker[], perSecondMax: number) {
    this.#takers = takers;
    this.#perSecondMax = perSecondMax;
    this.#partitionMax = Math.ceil(perSecondMax * SHARE_OF_PARTITION);
  }

  /** Outcomes that were above the bound. */
  get dropped(): number {
    return this.#droppedInAll;
  }

  readonly take = (outcome: AttemptOutcome): void => {
    const { settledUs, source } = outcome;
    const second = Math.floor(settledUs / SECOND_US);
    // Any other second: a clock that steps back begins one as well.
    if (second !== this.#second) {
      this.flush();
      this.#second = second;
      this.#taken = 0;
      this.#takenOf.fill(0);
    }
    const partition = partitionOf(source)!;
    const isAbove = this.#taken >= this.#perSecondMax ||
      this.#takenOf[partition] >= this.#partitionMax;
    if (isAbove) return this.#drop(settledUs);
    this.#taken++;
    this.#takenOf[partition]++;
    for (const taker of this.#takers) taker.outcome(outcome);
  };

  /** Tells what was dropped so far: at the end, and when no more comes. */
  flush(): void {
    const dropped = this.#dropped;
    if (dropped === undefined) return;
    this.#dropped = undefined;
    for (const taker of this.#takers) taker.dropped(dropped);
  }

  #drop(timeUs: number): void {
    this.#droppedInAll++;
    this.#dropped = withDropped(this.#dropped, { count: 1, fromUs: timeUs, toUs: timeUs });
  }
}

/** Both together. */
export function withDropped(a: Dropped | undefined, b: Dropped): Dropped {
  return a === undefined ? b : {
    count: a.count + b.count,
    fromUs: Math.min(a.fromUs, b.fromUs),
    toUs: Math.max(a.toUs, b.toUs),
  };
}
