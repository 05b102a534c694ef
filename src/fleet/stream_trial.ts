// Tries once what a correlator does all the time: finds its streams, and reads what is stored. Leaves a tick, as a
// correlator does every five seconds.

import { jetstream, JetStreamApiError, jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import {
  ALERTS_STREAM,
  findStream,
  NO_MESSAGE,
  seedOf,
  SENSORS_STREAM,
  STREAM_NOT_FOUND,
  TICK_SUBJECT,
} from "./streams.ts";

export interface StreamTrial {
  /** In the stream of what sensors say, ticks among them. */
  messages: number;
  /** When the last of them was stored, as the server tells it; undefined: none was. */
  last: string | undefined;
}

const PATIENCE_MS = 5_000;

/** Rejects with what is in the way, in words. */
export async function tryStreams(connection: NatsConnection): Promise<StreamTrial> {
  const manager = await jetstreamManager(connection, { timeout: PATIENCE_MS });
  const client = jetstream(connection, { timeout: PATIENCE_MS });
  const sensors = await findStream(manager, SENSORS_STREAM);
  if (sensors === undefined) throw new Error(`there is no stream ${SENSORS_STREAM}`);
  await findAlerts(manager);
  if (seedOf(sensors) === undefined) {
    throw new Error(`stream ${SENSORS_STREAM} was not made by scandog correlate --init`);
  }
  const consumer = await client.consumers.get(SENSORS_STREAM, { deliver_policy: "new" });
  const messages = await consumer.consume({ max_messages: 1 });
  const first = messages[Symbol.asyncIterator]().next();
  await client.publish(TICK_SUBJECT, new Uint8Array(), {
    msgID: `tick-${crypto.randomUUID()}`,
    timeout: PATIENCE_MS,
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const reason = new Error(`nothing that is stored in ${SENSORS_STREAM} comes within 5 s`);
    timer = setTimeout(() => reject(reason), PATIENCE_MS);
  });
  try {
    await Promise.race([first, late]);
  } finally {
    clearTimeout(timer);
    messages.stop();
  }
  const { messages: count, last_ts } = sensors.state;
  return { messages: count, last: count === 0 ? undefined : last_ts };
}

/** Asks for a message that nobody tells: a correlator need not have the right to ask for the stream itself. */
async function findAlerts(manager: JetStreamManager): Promise<void> {
  try {
    await manager.streams.getMessage(ALERTS_STREAM, { last_by_subj: "scandog.alerts.trial" });
  } catch (error) {
    if (!(error instanceof JetStreamApiError)) throw error;
    if (error.code === STREAM_NOT_FOUND) throw new Error(`there is no stream ${ALERTS_STREAM}`);
    if (error.code !== NO_MESSAGE) throw error;
  }
}
