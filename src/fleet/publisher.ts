// Publishes messages until a server has acknowledged them: a bounded store, few under way at once, the same id
// whenever one is sent again. Knows the client's answers; nothing of what is in a message.
//
// A time-out says nothing about whether a message was stored, and the client keeps none across an outage. So what
// is not acknowledged is sent again, and the server knows it by its id. Nothing here waits for the network, and
// whatever happens there, the caller goes on.

import { jetstream, type JetStreamClient } from "@nats-io/jetstream";
import { jserrors } from "@nats-io/jetstream/internal";
import {
  ClosedConnectionError,
  type NatsConnection,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from "@nats-io/nats-core";
import { Backlog } from "../sink/backlog.ts";
import type { Notice } from "../sink/sink.ts";
import { Alarm, Backoff, type Later, later } from "../sink/timer.ts";
import { Trouble } from "../sink/trouble.ts";
import type { Message, MessageStore } from "./message.ts";
import { natsReason, type NatsUser } from "./nats_connection.ts";
import { NatsLink } from "./nats_link.ts";
import { serverText } from "./nats_server.ts";
import type { Route } from "./nats_transport.ts";
import { messageId, sensorInbox, sensorSubjects } from "./subjects.ts";

export interface PublisherOptions<Handle> {
  sensor: string;
  store: MessageStore<Handle>;
  routes: readonly Route[];
  user: NatsUser;
  notice: Notice;
  /** A message is lost for good; absent: nobody asks. */
  onLost?: (message: Pick<Message, "subject" | "records">) => void;
  /** A server has stored the first message; absent: nobody asks. */
  onFirst?: (server: string) => void;
  later?: Later;
}

/** What became of messages, and of the connection. Counts only grow, but those of what waits. */
export interface PublisherState {
  /** As it is written: where we are connected to, else undefined. */
  server: string | undefined;
  /** Messages that a server has, and the outcomes and events in them. */
  acknowledged: number;
  records: number;
  /** Messages sent more than once. */
  resent: number;
  /** Outcomes and events that were lost for want of room, or that the server takes from nobody. */
  lost: number;
  waiting: number;
  waitingBytes: number;
  /** Milliseconds since 1970; undefined: none yet. */
  lastAckMs: number | undefined;
  lastError: string | undefined;
}

/** Under way at once: fills a long way, and is what a server that takes nothing can hold here. */
const UNDER_WAY_MAX = 16;
/** First wait for an acknowledgement; each further one is twice as long. */
const ACK_FIRST_MS = 5_000;
const ACK_LAST_MS = 60_000;
/** A server that refuses is asked again after so long. */
const REFUSED_FIRST_MS = 1_000;
const REFUSED_LAST_MS = 15_000;
/** What the server refuses so often while it takes others it will never take. */
const REFUSALS_MAX = 5;
/** More entries than any store has room for. */
const ENTRIES_MAX = 0x7fffffff;

interface Entry<Handle> {
  handle: Handle;
  records: number;
  tries: number;
  refusals: number;
  /** Messages that were acknowledged when it was first refused. */
  takenBefore: number;
}

export class Publisher<Handle> {
  readonly name: string;
  readonly #options: PublisherOptions<Handle>;
  readonly #waiting = new Backlog<Entry<Handle>>(ENTRIES_MAX);
  readonly #underWay = new Set<Entry<Handle>>();
  readonly #trouble: Trouble;
  readonly #link: NatsLink;
  readonly #pause: Alarm;
  readonly #backoff = new Backoff(REFUSED_FIRST_MS, REFUSED_LAST_MS);
  #client: JetStreamClient | undefined;
  #server: string | undefined;
  #acknowledged = 0;
  #records = 0;
  #resent = 0;
  #lost = 0;
  #lastAckMs: number | undefined;
  #lastError: string | undefined;
  /** Called at the next acknowledgement, loss or failure. */
  #watchers: (() => void)[] = [];
  #closed = false;

  constructor(options: PublisherOptions<Handle>) {
    const { routes, user, notice, store } = options;
    const servers = [...new Set(routes.map(({ server }) => serverText(server)))];
    this.name = `publishing to ${servers.join(", ")}`;
    this.#options = options;
    const meanwhile = "what is to be published waits, detection goes on";
    this.#trouble = new Trouble(this.name, notice, undefined, meanwhile, "record");
    this.#pause = new Alarm(options.later ?? later);
    this.#link = new NatsLink({
      routes,
      user,
      later: options.later,
      hooks: {
        up: (connection, server) => this.#up(connection, server),
        down: () => this.#down(),
        failed: (reason) => this.#failed(reason),
      },
    });
    for (const handle of store.left()) this.#enqueue(handle, store.read(handle).records);
  }

  get state(): PublisherState {
    return {
      server: this.#server,
      acknowledged: this.#acknowledged,
      records: this.#records,
      resent: this.#resent,
      lost: this.#lost,
      waiting: this.waiting,
      waitingBytes: this.#options.store.bytes,
      lastAckMs: this.#lastAckMs,
      lastError: this.#lastError,
    };
  }

  /** Messages that no server has acknowledged. */
  get waiting(): number {
    return this.#waiting.length + this.#underWay.size;
  }

  /** Connects, now and whenever a connection ends. */
  start(): void {
    this.#link.start();
  }

  /** Never waits and never throws. */
  publish(message: Message): void {
    const handle = this.#closed ? undefined : this.#options.store.keep(message);
    if (handle === undefined) {
      this.#lose(message, this.#closed ? "it is closed" : this.#options.store.shortage);
      return;
    }
    this.#enqueue(handle, message.records);
    this.#pump();
  }

  /** Resolves when nothing waits, or when for `patienceMs` nothing more was acknowledged. */
  async settled(patienceMs: number): Promise<void> {
    while (this.waiting > 0 && await this.#progress(patienceMs));
  }

  /** At least half of the room is free. */
  get isRoomy(): boolean {
    const { bytes, bytesMax } = this.#options.store;
    return bytes * 2 <= bytesMax;
  }

  /** Resolves when it is, or with false when for `patienceMs` nothing was acknowledged. */
  async roomy(patienceMs: number): Promise<boolean> {
    while (!this.isRoomy && await this.#progress(patienceMs));
    return this.isRoomy;
  }

  /** Gives up what waits, but for a store that outlives this. What is lost is counted and said. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#pause.cancel();
    await this.#link.close();
    const { store } = this.#options;
    let records = 0;
    if (!store.outlives) {
      for (let entry = this.#waiting.first(); entry; entry = this.#waiting.first()) {
        records += entry.records;
        this.#waiting.shift();
      }
      for (const entry of this.#underWay) records += entry.records;
      this.#lost += records;
    }
    this.#trouble.ended(records);
    store.close();
    this.#say();
  }

  /** False when `patienceMs` passed without an acknowledgement. */
  async #progress(patienceMs: number): Promise<boolean> {
    const before = this.#acknowledged + this.#lost;
    const end = performance.now() + patienceMs;
    while (this.#acknowledged + this.#lost === before) {
      const rest = end - performance.now();
      if (rest <= 0) return false;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#watchers.push(resolve);
      const id = setTimeout(resolve, rest);
      await promise;
      clearTimeout(id);
    }
    return true;
  }

  #say(): void {
    for (const resolve of this.#watchers.splice(0)) resolve();
  }

  #enqueue(handle: Handle, records: number): void {
    this.#waiting.push({ handle, records, tries: 0, refusals: 0, takenBefore: 0 });
  }

  #up(connection: NatsConnection, server: string): void {
    this.#client = jetstream(connection);
    this.#server = server;
    this.#pump();
  }

  /** Nobody knows what became of what was under way: it is sent again, before the others. */
  #down(): void {
    this.#client = undefined;
    this.#server = undefined;
    this.#waiting.putBack([...this.#underWay]);
    this.#underWay.clear();
  }

  #pump(): void {
    while (
      this.#client !== undefined && !this.#pause.pending && !this.#closed &&
      this.#underWay.size < UNDER_WAY_MAX
    ) {
      const entry = this.#waiting.first();
      if (entry === undefined) return;
      this.#waiting.shift();
      this.#underWay.add(entry);
      void this.#send(this.#client, entry);
    }
  }

  async #send(client: JetStreamClient, entry: Entry<Handle>): Promise<void> {
    let message: Message | undefined;
    // When the connection ended before, it waits again already.
    const takeBack = () => this.#client === client && this.#underWay.delete(entry);
    try {
      message = this.#options.store.read(entry.handle);
      const { subject, payload } = message;
      if (entry.tries++ > 0) this.#resent++;
      await client.publish(subject, payload, {
        msgID: messageId(subject, payload),
        timeout: Math.min(ACK_FIRST_MS * 2 ** (entry.tries - 1), ACK_LAST_MS),
      });
      if (takeBack()) this.#taken(entry);
    } catch (error) {
      // The connection is ending: it stays under way until it has, and is taken up with the others.
      if (this.#closed || isEnding(error) || !takeBack()) return;
      if (message === undefined) return this.#drop(entry, "", natsReason(error));
      this.#notTaken(entry, message, error);
    }
    this.#pump();
  }

  #taken(entry: Entry<Handle>): void {
    if (this.#acknowledged++ === 0) this.#options.onFirst?.(this.#server!);
    this.#records += entry.records;
    this.#lastAckMs = Date.now();
    this.#options.store.release(entry.handle);
    this.#backoff.reset();
    this.#trouble.passed();
    this.#say();
  }

  #notTaken(entry: Entry<Handle>, message: Message, error: unknown): void {
    if (error instanceof TimeoutError) {
      this.#waiting.putBack([entry]);
      this.#failed("the server acknowledges nothing");
      return;
    }
    const reason = this.#refusal(error, message.subject);
    if (entry.refusals++ === 0) entry.takenBefore = this.#acknowledged;
    // Whatever it is, the server takes others: this one must not keep them waiting.
    const isItsOwn = this.#acknowledged > entry.takenBefore;
    if (entry.refusals >= REFUSALS_MAX && isItsOwn) {
      return this.#drop(entry, message.subject, reason);
    }
    this.#waiting.push(entry);
    this.#failed(reason);
    if (!this.#pause.pending) this.#pause.set(() => this.#pump(), this.#backoff.next());
  }

  /** What the server said, and the remedy. */
  #refusal(error: unknown, subject: string): string {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const { sensor } = this.#options;
    if (error instanceof jserrors.JetStreamNotEnabled) {
      return `no stream takes ${subject}: scandog correlate --init makes it`;
    }
    if (cause instanceof PermissionViolationError) {
      return cause.operation === "publish"
        ? `the server forbids ${subject}: this user's permissions to publish must have ` +
          sensorSubjects(sensor).join(" and ")
        : `the server forbids its answers: this user's permissions to subscribe must have ` +
          `${sensorInbox(sensor)}.>`;
    }
    return `the server refuses: ${natsReason(error)}`;
  }

  #drop(entry: Entry<Handle>, subject: string, reason: string): void {
    this.#options.store.release(entry.handle);
    this.#lose({ subject, records: entry.records }, reason);
  }

  #lose(message: Pick<Message, "subject" | "records">, reason: string): void {
    this.#lost += message.records;
    this.#options.onLost?.(message);
    this.#failed(reason, message.records);
  }

  #failed(reason: string, lost = 0): void {
    this.#lastError = reason;
    this.#trouble.failed(reason, lost);
    this.#say();
  }
}

/** Whether a request failed since its connection did, and not by a word of the server's. */
function isEnding(error: unknown): boolean {
  return error instanceof ClosedConnectionError ||
    error instanceof RequestError && /^connection (closed|disconnected)$/.test(error.message);
}
