// The two streams of a fleet: messages of sensors, and alerts of correlators. Makes them, and checks existing ones.
// Knows the server's terms for it; nothing of who reads or writes.

import type { JetStreamManager, StreamConfig, StreamInfo } from "@nats-io/jetstream";
import { JetStreamApiError } from "@nats-io/jetstream";
import { nanos } from "@nats-io/nats-core";
import { allSubjects } from "./subjects.ts";

/** Outcomes and events of all sensors, and the ticks by which time passes where they are silent. */
export const SENSORS_STREAM = "SCANDOG_SENSORS";
/** What correlators told. */
export const ALERTS_STREAM = "SCANDOG_ALERTS";

/** Where correlators let time pass: not below what a sensor may publish on. */
export const TICK_SUBJECT = "scandog.tick";
export const ALERT_SUBJECTS = "scandog.alerts.>";

export interface StreamLimits {
  /** The stream of sensors: messages are removed at this age, or beyond this size. */
  ageSeconds: number;
  bytes: number;
  /** The stream of alerts. */
  alertAgeSeconds: number;
  replicas: number;
}

/** A batch has at most 57,384 bytes and an event 60,000, beside their headers. */
const MESSAGE_BYTES_MAX = 65_536;
/** A sensor without a spool sends what was not acknowledged again, within minutes. */
const DUPLICATES_SECONDS = 900;
/** Alerts take a kilobyte each; who makes a million of them fills this. */
const ALERTS_BYTES = 1024 ** 3;
const ALERT_DUPLICATES_SECONDS = 86_400;

/** Codes of JetStream's errors. */
export const STREAM_NOT_FOUND = 10059;
export const NO_MESSAGE = 10037;

/** Both streams as they are wanted. `seed`: what all who read the first one key their hashes by. */
export function wantedStreams(
  limits: StreamLimits,
  seed: number,
): [Partial<StreamConfig> & { name: string }, Partial<StreamConfig> & { name: string }] {
  const common = {
    retention: "limits",
    storage: "file",
    discard: "old",
    num_replicas: limits.replicas,
    // What was said or told is taken back by nobody.
    deny_delete: true,
    deny_purge: true,
  } as const;
  return [{
    name: SENSORS_STREAM,
    description: seedText(seed),
    subjects: [allSubjects("outcomes"), allSubjects("events"), TICK_SUBJECT],
    max_age: nanos(limits.ageSeconds * 1000),
    max_bytes: limits.bytes,
    max_msg_size: MESSAGE_BYTES_MAX,
    duplicate_window: nanos(Math.min(DUPLICATES_SECONDS, limits.ageSeconds) * 1000),
    ...common,
  }, {
    name: ALERTS_STREAM,
    description: "What scandog's correlators told",
    subjects: [ALERT_SUBJECTS],
    max_age: nanos(limits.alertAgeSeconds * 1000),
    max_bytes: ALERTS_BYTES,
    max_msg_size: MESSAGE_BYTES_MAX,
    duplicate_window: nanos(Math.min(ALERT_DUPLICATES_SECONDS, limits.alertAgeSeconds) * 1000),
    ...common,
  }];
}

function seedText(seed: number): string {
  return `What scandog's sensors say; seed ${seed >>> 0}`;
}

/** The seed that a stream was made with; undefined where it was made by somebody else. */
export function seedOf(
  { config: { description } }: Pick<StreamInfo, "config">,
): number | undefined {
  const [, digits] = /; seed ([0-9]{1,10})$/.exec(description ?? "") ?? [];
  const seed = Number(digits);
  return digits !== undefined && seed <= 0xffffffff ? seed : undefined;
}

/** The stream, if there is one. */
export async function findStream(
  manager: JetStreamManager,
  name: string,
): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

/** What may differ and is said, each with how it is written for people. */
const COMPARED: Record<string, (value: unknown) => string> = {
  subjects: (value) => (value as string[]).toSorted().join(" "),
  retention: String,
  storage: String,
  discard: String,
  num_replicas: String,
  max_age: (value) => `${Number(value) / 1e9} s`,
  max_bytes: (value) => `${value} bytes`,
  max_msg_size: (value) => `${value} bytes`,
  duplicate_window: (value) => `${Number(value) / 1e9} s`,
};

/** Makes the streams that are not there. One sentence for each that was made, and for each thing that differs. */
export async function makeStreams(
  manager: JetStreamManager,
  limits: StreamLimits,
  seed: number,
): Promise<{ made: string[]; differs: string[] }> {
  const made: string[] = [], differs: string[] = [];
  for (const wanted of wantedStreams(limits, seed)) {
    const there = await findStream(manager, wanted.name);
    if (there === undefined) {
      await manager.streams.add(wanted);
      made.push(`stream ${wanted.name}: made`);
      continue;
    }
    const before = differs.length;
    const own = there.config as unknown as Record<string, unknown>;
    for (const [key, text] of Object.entries(COMPARED)) {
      const [is, should] = [own[key], (wanted as Record<string, unknown>)[key]].map(text);
      if (is !== should) {
        differs.push(`stream ${wanted.name}: ${key} is ${is}, and would be ${should}`);
      }
    }
    if (wanted.name === SENSORS_STREAM && seedOf(there) === undefined) {
      differs.push(`stream ${wanted.name}: it was not made by scandog correlate --init`);
    }
    if (differs.length === before) made.push(`stream ${wanted.name}: as it should be`);
  }
  return { made, differs };
}
