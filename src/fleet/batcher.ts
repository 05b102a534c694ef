// Outcomes into messages: one batch a partition, handed on when it is full or when the oldest outcome in it has
// waited long enough. Knows batches and subjects; nothing of who sends them.

import { type AttemptOutcome, encodeOutcome } from "../outcome.ts";
import { BATCH_OUTCOMES_MAX, type Dropped, joinBatch } from "./batch.ts";
import type { Message } from "./message.ts";
import { withDropped } from "./outcome_tap.ts";
import { partitionOf, partitionOfSensor, PARTITIONS } from "./partitions.ts";
import { subjectOf } from "./subjects.ts";

/** How long an outcome waits for others, by the outcomes' own time. */
export const BATCH_US = 2_000_000;

export class Batcher {
  readonly #sensor: string;
  readonly #nowUs: () => number;
  readonly #publish: (message: Message) => void;
  readonly #outcomes: Uint8Array[][] = Array.from({ length: PARTITIONS }, () => []);
  readonly #subjects: string[];
  readonly #own: number;
  #dropped: Dropped | undefined;
  /** When the oldest outcome of all batches was known. */
  #oldestUs = Infinity;

  /** `nowUs`: the sensor's clock; in a replay, the capture's. */
  constructor(sensor: string, nowUs: () => number, publish: (message: Message) => void) {
    this.#sensor = sensor;
    this.#nowUs = nowUs;
    this.#publish = publish;
    this.#subjects = Array.from(
      { length: PARTITIONS },
      (_, partition) => subjectOf({ kind: "outcomes", partition, sensor }),
    );
    this.#own = partitionOfSensor(this.#sensor);
  }

  outcome(outcome: AttemptOutcome): void {
    const { settledUs, source } = outcome;
    // A clock that was set back leaves no batch waiting for it to come there again.
    if (settledUs - this.#oldestUs >= BATCH_US || settledUs < this.#oldestUs - BATCH_US) {
      if (this.#oldestUs !== Infinity) this.flush();
    }
    this.#oldestUs = Math.min(this.#oldestUs, settledUs);
    const partition = partitionOf(source)!;
    const batch = this.#outcomes[partition];
    batch.push(encodeOutcome(outcome));
    if (batch.length >= BATCH_OUTCOMES_MAX) this.#handOn(partition);
  }

  /** A count of outcomes that are in no batch, to be told with the next. */
  dropped(dropped: Dropped): void {
    this.#dropped = withDropped(this.#dropped, dropped);
  }

  /** Hands on all that there is. */
  flush(): void {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const isOwn = partition === this.#own && this.#dropped !== undefined;
      if (isOwn || this.#outcomes[partition].length > 0) this.#handOn(partition);
    }
    this.#oldestUs = Infinity;
  }

  /** Says that the sensor is there, with what it has for its own partition. */
  signOfLife(): void {
    this.#handOn(this.#own);
  }

  #handOn(partition: number): void {
    const outcomes = this.#outcomes[partition].splice(0);
    const dropped = partition === this.#own ? this.#dropped : undefined;
    if (partition === this.#own) this.#dropped = undefined;
    this.#publish({
      subject: this.#subjects[partition],
      payload: joinBatch({ madeUs: this.#nowUs(), dropped }, outcomes),
      records: outcomes.length + (dropped?.count ?? 0),
    });
  }
}
