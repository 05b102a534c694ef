// The publisher of one run: finds what it needs, opens its store as the user who writes it, and connects. Knows the
// order; what is published is in `src/fleet`.

import type { DetectorEvent } from "../../event.ts";
import { MemoryStore } from "../../fleet/memory_store.ts";
import type { Message, MessageStore } from "../../fleet/message.ts";
import { Publisher, type PublisherOptions } from "../../fleet/publisher.ts";
import { routesTo } from "../../fleet/routes.ts";
import { EVENT_BYTES_MAX, Sensor } from "../../fleet/sensor.ts";
import { SpoolStore } from "../../fleet/spool_store.ts";
import { sensorInbox } from "../../fleet/subjects.ts";
import { rfc3339 } from "../../format/zone.ts";
import type { FleetValues } from "../../options/fleet.ts";
import type { Notice } from "../../sink/sink.ts";
import { identity } from "../../system/identity.ts";
import { folderOf } from "../../system/paths.ts";
import { refuseUnsafeFolders } from "../../system/safe_folder.ts";
import type { PublishStatus } from "../../status/status.ts";
import { type Format, wallClockUs } from "../formats.ts";
import { exposedPassword, readAuthorities, readIdentity } from "./credentials.ts";
import type { FleetRun } from "./run.ts";

/**
 * Acknowledgements have some hundred bytes, and less than what they are for; the rest is for the servers of a
 * cluster, which `INFO` names whenever one comes or goes.
 */
const BOUNDS = { messageBytes: 65_536, share: { firstBytes: 1024 * 1024, perSentByte: 2 } };
const MEBIBYTE = 1024 * 1024;
/** How long the end of a live capture waits for an acknowledgement, and that of a replay. */
const PATIENCE_MS = 2_000;
const REPLAY_PATIENCE_MS = 15_000;

/** Where the servers are, and who we are to them. */
type Connection = Pick<PublisherOptions<unknown>, "routes" | "user">;

/** Reads credentials and looks names up. Rejects with `CannotRun`. */
async function connectionOf(
  values: FleetValues,
  name: string,
  notice: Notice,
): Promise<Connection> {
  const { publishCredentials, publishCa } = values;
  const credentials = { option: "--publish-credentials", path: publishCredentials };
  const who = readIdentity(credentials, notice);
  const authorities = readAuthorities({ option: "--publish-ca", path: publishCa });
  const exposed = exposedPassword(who, values.publish!);
  if (exposed !== undefined) notice(exposed);
  const common = { authorities, bounds: BOUNDS };
  const routes = await routesTo(values.publish!, common, notice);
  return {
    routes,
    user: { identity: who, name: `scandog ${name}`, inboxPrefix: sensorInbox(name) },
  };
}

/** One that tries a server with a message or two, and keeps nothing. Rejects with `CannotRun`. */
export async function trialPublisher(
  values: FleetValues,
  name: string,
  notice: Notice,
): Promise<Publisher<Message>> {
  const connection = await connectionOf(values, name, notice);
  return new Publisher({ sensor: name, store: new MemoryStore(MEBIBYTE), notice, ...connection });
}

export class Publishing {
  readonly #values: FleetValues;
  readonly #run: FleetRun;
  readonly #name: string;
  readonly #connection: Connection;
  readonly #format: Format;
  readonly sensor: Sensor;
  #publisher: Publisher<unknown> | undefined;
  #isGone = false;

  private constructor(
    [values, run, name]: [FleetValues, FleetRun, string],
    connection: Connection,
  ) {
    this.#values = values;
    this.#run = run;
    this.#name = name;
    this.#connection = connection;
    this.#format = run.jsonFormat(EVENT_BYTES_MAX);
    this.sensor = new Sensor({
      name,
      publish: (message) => this.#publisher?.publish(message),
      waiting: () => this.#publisher?.waiting ?? 0,
      nowUs: run.isLive ? wallClockUs : undefined,
    });
  }

  /** Rejects with `CannotRun`. */
  static async prepare(values: FleetValues, run: FleetRun, name: string): Promise<Publishing> {
    return new Publishing([values, run, name], await connectionOf(values, name, run.say.notice));
  }

  open(): void {
    this.#publisher = new Publisher<unknown>({
      sensor: this.#name,
      store: this.#store(),
      ...this.#connection,
      notice: this.#run.say.error,
      onFirst: (server) => this.#run.say.notice(`publishing to ${server} as ${this.#name}`),
      onLost: (lost) => this.sensor.lost(lost),
    });
  }

  #store(): MessageStore<unknown> {
    const { publishQueue, publishSpool } = this.#values;
    const bytesMax = publishQueue * MEBIBYTE;
    if (publishSpool !== undefined && identity() === "root") {
      refuseUnsafeFolders([folderOf(publishSpool)]);
    }
    const store = publishSpool === undefined
      ? new MemoryStore(bytesMax)
      : SpoolStore.open(publishSpool, bytesMax);
    // Handles go back to the store that they are from.
    return store as MessageStore<unknown>;
  }

  start(): void {
    this.#publisher?.start();
    this.sensor.start();
  }

  event(event: DetectorEvent): void {
    const line = this.#format(event);
    const source = "source" in event ? event.source : undefined;
    if (line !== undefined) this.sensor.event(line, source);
  }

  drained(): Promise<void> | undefined {
    const publisher = this.#publisher;
    if (publisher === undefined || this.#isGone || publisher.isRoomy) return undefined;
    return publisher.roomy(REPLAY_PATIENCE_MS).then((isRoomy) => {
      // Nobody takes anything: what is read goes on, and what is lost is counted.
      if (!isRoomy) this.#isGone = true;
    });
  }

  status(bounded: number): PublishStatus | undefined {
    if (this.#publisher === undefined) return undefined;
    const { server, lastAckMs, lastError, ...counts } = this.#publisher.state;
    return {
      name: this.#publisher.name,
      ...server === undefined ? {} : { server },
      ...counts,
      bounded,
      ...lastAckMs === undefined ? {} : { lastAck: rfc3339(lastAckMs * 1000) },
      ...lastError === undefined ? {} : { lastError },
    };
  }

  /** False when something was lost, now or before. */
  async close(): Promise<boolean> {
    const publisher = this.#publisher;
    if (publisher === undefined) return true;
    this.sensor.close();
    await publisher.settled(this.#run.isLive ? PATIENCE_MS : REPLAY_PATIENCE_MS);
    await publisher.close();
    return publisher.state.lost === 0;
  }
}
