// Reads what sensors publish, in the order in which the server stored it, from a given age on and without end, over
// any number of connections: each message once. Knows streams; nothing of what a message says.

import { jetstream, type JetStreamClient, jetstreamManager } from "@nats-io/jetstream";
import type { JetStreamManager, StreamInfo } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/nats-core";
import { natsReason, type NatsUser } from "./nats_connection.ts";
import { NatsLink } from "./nats_link.ts";
import type { Route } from "./nats_transport.ts";
import { findStream, SENSORS_STREAM, TICK_SUBJECT } from "./streams.ts";

/** A message as the server stored it. */
export interface StreamMessage {
  subject: string;
  data: Uint8Array;
  /** When it was stored: the stream's time. Microseconds since 1970. */
  streamUs: number;
}

/** What can be done with a connection. */
export interface Session {
  client: JetStreamClient;
  manager: JetStreamManager;
}

export interface ReaderOptions {
  routes: readonly Route[];
  user: NatsUser;
  /** At the start, what is so much older than the latest is read as well. */
  lookBackSeconds: number;
  /** The stream is there, and nothing of it was read yet. Throws for one that is of no use. */
  opened(info: StreamInfo): void;
  take(message: StreamMessage): void;
  /** Connected; undefined: no more. */
  session(session: Session | undefined): void;
  notice(text: string): void;
}

/** Time passes in the stream so often, whoever is silent. */
const TICK_MS = 5_000;
/** A stream that is not there is looked for so often. */
const RETRY_MS = 10_000;
const REQUEST_MS = 5_000;
/** Asked for at once: some batches of each of many sensors. */
const MESSAGES_AHEAD = 1_000;

export class StreamReader {
  /** The sequence of the last message that was read; 0: none. */
  private sequence = 0;
  private isOpened = false;
  private tick: ReturnType<typeof setInterval> | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;
  private readonly link: NatsLink;
  private lastFault = "";
  /** Messages that are there and not read yet, as of the last one that was read. */
  unread = 0;
  isConnected = false;
  /** Messages that were gone before they were read. */
  missed = 0;

  constructor(private readonly options: ReaderOptions) {
    const { routes, user } = options;
    this.link = new NatsLink({
      routes,
      user,
      hooks: {
        up: (connection, server) => this.up(connection, server),
        down: () => this.down(),
        failed: (reason) => this.sayFault(reason),
      },
    });
  }

  start(): void {
    this.link.start();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.down();
    await this.link.close();
  }

  private up(connection: NatsConnection, server: string): void {
    this.isConnected = true;
    this.options.notice(`connected to ${server}`);
    this.lastFault = "";
    void this.readFrom(connection);
  }

  /** Reads for as long as the connection lasts. What is in the way may go: a stream that nobody has made yet. */
  private async readFrom(connection: NatsConnection): Promise<void> {
    try {
      await this.read(connection);
    } catch (error) {
      if (this.isClosed || connection.isClosed()) return;
      this.sayFault(natsReason(error));
      this.retry = setTimeout(() => void this.readFrom(connection), RETRY_MS);
    }
  }

  private down(): void {
    this.isConnected = false;
    clearInterval(this.tick);
    clearTimeout(this.retry);
    this.options.session(undefined);
  }

  /** The same is said once until it has changed. */
  private sayFault(reason: string): void {
    if (reason === this.lastFault) return;
    this.lastFault = reason;
    this.options.notice(reason);
  }

  private async read(connection: NatsConnection): Promise<void> {
    const client = jetstream(connection, { timeout: REQUEST_MS });
    const manager = await jetstreamManager(connection, { timeout: REQUEST_MS });
    const info = await findStream(manager, SENSORS_STREAM);
    if (info === undefined) {
      throw new Error(`there is no stream ${SENSORS_STREAM}: scandog correlate --init makes it`);
    }
    if (!this.isOpened) {
      this.options.opened(info);
      this.isOpened = true;
    }
    clearInterval(this.tick);
    this.tick = setInterval(() => this.passTime(client), TICK_MS);
    this.options.session({ client, manager });
    const consumer = await client.consumers.get(SENSORS_STREAM, this.from(info));
    const messages = await consumer.consume({ max_messages: MESSAGES_AHEAD });
    for await (const { subject, data, seq, info: { pending }, timestampNanos } of messages) {
      if (seq <= this.sequence) continue;
      this.noteGap(seq);
      this.sequence = seq;
      this.unread = pending;
      this.options.take({ subject, data, streamUs: Number(timestampNanos / 1000n) });
    }
    if (!connection.isClosed()) throw new Error(`the server gives no more of ${SENSORS_STREAM}`);
  }

  /** Messages that were gone before they were read: the stream's limits are too tight, or this was away for too long. */
  private noteGap(sequence: number): void {
    const missed = this.sequence === 0 ? 0 : sequence - this.sequence - 1;
    if (missed === 0) return;
    this.missed += missed;
    this.options.notice(`${SENSORS_STREAM}: ${missed} messages were gone before they were read`);
  }

  /** Where to read on: after what was read, or so long before the latest. */
  private from({ state }: StreamInfo) {
    if (this.sequence > 0) {
      return { deliver_policy: "by_start_sequence", opt_start_seq: this.sequence + 1 } as const;
    }
    if (state.messages === 0) return { deliver_policy: "all" } as const;
    const startMs = Date.parse(state.last_ts) - this.options.lookBackSeconds * 1000;
    return {
      deliver_policy: "by_start_time",
      opt_start_time: new Date(startMs).toISOString(),
    } as const;
  }

  /** Several who read the same stream let it pass once. */
  private passTime(client: JetStreamClient): void {
    const msgID = `tick-${Math.floor(Date.now() / TICK_MS)}`;
    client.publish(TICK_SUBJECT, new Uint8Array(), { msgID, timeout: REQUEST_MS })
      .catch((error) => this.sayFault(`${TICK_SUBJECT}: ${natsReason(error)}`));
  }
}
