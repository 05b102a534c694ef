// What one sensor publishes: batches of outcomes, events, and signs of life. Knows how to hand messages to a
// publisher; nothing of servers.

import type { AttemptOutcome } from "../outcome.ts";
import { Alarm, type Later, later } from "../sink/timer.ts";
import type { Dropped } from "./batch.ts";
import { BATCH_US, Batcher } from "./batcher.ts";
import type { Message } from "./message.ts";
import type { OutcomeTaker } from "./outcome_tap.ts";
import { partitionOf, partitionOfSensor } from "./partitions.ts";
import { parseSubject, subjectOf } from "./subjects.ts";

/** Between two signs of life. */
export const SIGN_OF_LIFE_MS = 60_000;
/** The longest line of an event. */
export const EVENT_BYTES_MAX = 60_000;

export interface SensorOptions {
  name: string;
  /** Takes messages; never throws, never waits. */
  publish(message: Message): void;
  /** Messages that wait to be sent: while any do, no sign of life joins them. */
  waiting(): number;
  /** Now, for a live sensor; undefined: a capture is replayed, whose outcomes carry the time. */
  nowUs?: () => number;
  later?: Later;
}

export class Sensor implements OutcomeTaker {
  readonly #options: SensorOptions;
  readonly #batcher: Batcher;
  readonly #flush: Alarm;
  readonly #life: Alarm;
  #latestUs = 0;

  constructor(options: SensorOptions) {
    this.#options = options;
    const { name, nowUs = () => this.#latestUs } = options;
    this.#batcher = new Batcher(name, nowUs, options.publish);
    this.#flush = new Alarm(options.later ?? later);
    this.#life = new Alarm(options.later ?? later);
  }

  /** A live sensor says that it is there, now and then. */
  start(): void {
    if (this.#options.nowUs === undefined) return;
    if (this.#options.waiting() === 0) this.#batcher.signOfLife();
    this.#life.set(() => this.start(), SIGN_OF_LIFE_MS);
  }

  outcome(outcome: AttemptOutcome): void {
    this.#latestUs = Math.max(this.#latestUs, outcome.settledUs);
    this.#batcher.outcome(outcome);
    // In a replay time passes by outcomes alone: the same capture gives the same messages.
    if (this.#options.nowUs === undefined || this.#flush.pending) return;
    this.#flush.set(() => this.#batcher.flush(), BATCH_US / 1000);
  }

  dropped(dropped: Dropped): void {
    this.#latestUs = Math.max(this.#latestUs, dropped.toUs);
    this.#batcher.dropped(dropped);
  }

  /** `line`: as `--format json` has it. `source`: whom it is about; undefined where it is of nobody. */
  event(line: string, source: string | undefined): void {
    const { name, publish } = this.#options;
    const payload = new TextEncoder().encode(line);
    const partition = source === undefined ? undefined : partitionOf(source);
    const subject = subjectOf({
      kind: "events",
      partition: partition ?? partitionOfSensor(name),
      sensor: name,
    });
    publish({ subject, payload, records: 1 });
  }

  /** A message was lost: of outcomes that is told, with the next batch. */
  lost({ subject, records }: Pick<Message, "subject" | "records">): void {
    if (records === 0 || parseSubject(subject)?.kind !== "outcomes") return;
    const timeUs = this.#options.nowUs?.() ?? this.#latestUs;
    this.#batcher.dropped({ count: records, fromUs: timeUs, toUs: timeUs });
  }

  /** Hands on all that there is; at the end a live sensor is heard once more. */
  close(): void {
    this.#flush.cancel();
    this.#life.cancel();
    this.#batcher.flush();
    if (this.#options.nowUs !== undefined) this.#batcher.signOfLife();
  }
}
