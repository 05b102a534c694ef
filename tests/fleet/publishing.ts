// A publisher as a sensor has it, and messages for it: what the tests of publishing have in common.

import { encodeBatch } from "../../src/fleet/batch.ts";
import { MemoryStore } from "../../src/fleet/memory_store.ts";
import type { Message, MessageStore } from "../../src/fleet/message.ts";
import type { Identity } from "../../src/fleet/nats_credentials.ts";
import type { Route } from "../../src/fleet/nats_transport.ts";
import { partitionOf } from "../../src/fleet/partitions.ts";
import { Publisher, type PublisherOptions } from "../../src/fleet/publisher.ts";
import { sensorInbox, sensorSubjects, subjectOf } from "../../src/fleet/subjects.ts";
import { attemptOutcome } from "../support/outcomes.ts";

export const SENSOR = "web1.example";
export const PASSWORD: Identity = { kind: "password", user: "web1", password: "web1-password" };

/** What a sensor's permissions should be, as the server's configuration has them. */
export const PERMISSIONS = `permissions: {
  publish: ${JSON.stringify(sensorSubjects(SENSOR))}, subscribe: ["${sensorInbox(SENSOR)}.>"] }`;
export const USER = `{ user: web1, password: web1-password, ${PERMISSIONS} }`;

/** Of a sensor's own: see command/fleet/publishing.ts. */
export const BOUNDS = {
  messageBytes: 65_536,
  share: { firstBytes: 1024 * 1024, perSentByte: 2 },
};

/** The `number`th message, with one outcome in it, of a port of its own. */
export function message(number: number): Message {
  const outcome = attemptOutcome({ port: number & 0xffff, sourcePort: number >>> 16 });
  const partition = partitionOf(outcome.source)!;
  const payload = encodeBatch({ madeUs: outcome.settledUs, outcomes: [outcome] });
  return {
    subject: subjectOf({ kind: "outcomes", partition, sensor: SENSOR }),
    payload,
    records: 1,
  };
}

export interface Publishing<Handle> {
  publisher: Publisher<Handle>;
  /** What was said of it. */
  said: string[];
}

/** Not yet started. */
export function publishing<Handle = Message>(
  routes: readonly Route[],
  given: Partial<PublisherOptions<Handle>> = {},
  identity: Identity | undefined = PASSWORD,
): Publishing<Handle> {
  const said: string[] = [];
  const publisher = new Publisher<Handle>({
    sensor: SENSOR,
    store: new MemoryStore(8 * 1024 * 1024) as unknown as MessageStore<Handle>,
    routes,
    user: { identity, name: SENSOR, inboxPrefix: sensorInbox(SENSOR) },
    notice: (text) => void said.push(text),
    ...given,
  });
  return { publisher, said };
}

/** Waits, for a server that is slow: two minutes are more than any of these takes. */
export async function waitFor(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries++) {
    if (tries > 6000) throw new Error("waited two minutes");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
