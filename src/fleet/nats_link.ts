// Stays connected to one of several NATS servers, for ever: tries one after the other, each by its name and by
// the addresses that it led to at start, and waits longer each time. Knows connections; nothing of messages.

import type { NatsConnection } from "@nats-io/nats-core";
import { Alarm, Backoff, type Later, later } from "../sink/timer.ts";
import { closeNats, connectNats, natsReason, type NatsUser } from "./nats_connection.ts";
import { serverText } from "./nats_server.ts";
import type { Route } from "./nats_transport.ts";

export interface LinkHooks {
  /** Connected, and taken as who we are. */
  up(connection: NatsConnection, server: string): void;
  /** It was connected, and is no more. */
  down(): void;
  /** A connection failed or ended; the reason is one line. */
  failed(reason: string): void;
}

export interface LinkOptions {
  /** Tried in this order, then from the first again. At least one. */
  routes: readonly Route[];
  user: NatsUser;
  hooks: LinkHooks;
  later?: Later;
}

const RECONNECT_FIRST_MS = 250;
const RECONNECT_LAST_MS = 15_000;
/** A connection that lasted this long counts as a success: the next try comes soon. */
const LASTING_MS = 5_000;

export class NatsLink {
  readonly #options: LinkOptions;
  readonly #retry: Alarm;
  readonly #backoff = new Backoff(RECONNECT_FIRST_MS, RECONNECT_LAST_MS);
  #next = 0;
  #connection: NatsConnection | undefined;
  #closed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#retry = new Alarm(options.later ?? later);
  }

  start(): void {
    void this.#try();
  }

  async #try(): Promise<void> {
    const { routes, user, hooks } = this.#options;
    const route = routes[this.#next++ % routes.length];
    const name = serverText(route.server);
    try {
      const connection = await connectNats(route, user);
      if (this.#closed) return await closeNats(connection);
      const since = performance.now();
      this.#connection = connection;
      hooks.up(connection, name);
      const error = await connection.closed();
      this.#connection = undefined;
      hooks.down();
      if (this.#closed) return;
      if (performance.now() - since > LASTING_MS) this.#backoff.reset();
      hooks.failed(`${name}: ${error ? natsReason(error) : "the server closed the connection"}`);
    } catch (error) {
      if (this.#closed) return;
      hooks.failed(`${name}: ${natsReason(error)}`);
    }
    // Several ways are tried at once, so to speak, before there is a pause.
    const isRoundOver = this.#next % routes.length === 0;
    this.#retry.set(() => void this.#try(), isRoundOver ? this.#backoff.next() : 0);
  }

  /** What was handed to the connection goes to the system first, within half a second. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#retry.cancel();
    if (this.#connection !== undefined) await closeNats(this.#connection);
  }
}
