// Syslog messages over one TCP or TLS connection, octet-counted (RFC 6587 section 3.4.1, RFC 5425
// section 4.3). Knows queueing, connecting and reconnecting; the caller makes the messages.
//
// Syslog over a connection has no acknowledgement: what the kernel had taken when a connection broke may or
// may not have arrived. The message being written then is sent again whole on the next connection.

import { Backlog } from "./backlog.ts";
import type { Connect, Connection } from "./syslog_connection.ts";
import { newCounters, type Notice, type Sink, type SinkEvent } from "./sink.ts";
import { Alarm, Backoff, type Later, later } from "./timer.ts";
import { reasonOf, Trouble } from "./trouble.ts";

export interface SyslogTcpOptions {
  name: string;
  hostname: string;
  /** Where the name led at start: once confined, the program can look none up any more. */
  addresses?: readonly string[];
  connect: Connect;
  frame: (line: string, event: SinkEvent) => Uint8Array<ArrayBuffer>;
  /** Lines, from `SINK.sinkQueue`. */
  queue: number;
  notice: Notice;
  later?: Later;
  clock?: () => number;
}

const RECONNECT_FIRST_MS = 250;
const RECONNECT_LAST_MS = 30_000;
/** A host that drops our packets would otherwise hold a try for minutes. */
const CONNECT_MS = 10_000;
/** How long `connect` and `flush` wait for a far end that takes its time. */
const PATIENCE_MS = 2_000;

export class SyslogTcpSink implements Sink {
  readonly name: string;
  readonly counters = newCounters();
  readonly #options: SyslogTcpOptions;
  readonly #backlog: Backlog<Uint8Array<ArrayBuffer>>;
  readonly #trouble: Trouble;
  readonly #retry: Alarm;
  readonly #backoff = new Backoff(RECONNECT_FIRST_MS, RECONNECT_LAST_MS);
  #connection: Connection | undefined;
  /** Tried in this order. The name comes first: unconfined, it leads to where it leads now. */
  readonly #names: Set<string>;
  /** The loop that empties the queue, while it runs. */
  #pump: Promise<void> | undefined;
  #connecting: AbortController | undefined;
  #closed = false;

  constructor(options: SyslogTcpOptions) {
    this.name = options.name;
    this.#options = options;
    this.#backlog = new Backlog(options.queue);
    this.#trouble = new Trouble(options.name, options.notice, options.clock);
    this.#retry = new Alarm(options.later ?? later);
    this.#names = new Set([options.hostname, ...options.addresses ?? []]);
  }

  /** The first connection, for a start before a chroot. Waits a bounded time and never rejects. */
  connect(): Promise<void> {
    return patiently(this.#start());
  }

  write(line: string, event: SinkEvent): void {
    if (this.#closed) {
      this.counters.dropped++;
      return;
    }
    const message = this.#options.frame(line, event);
    if (!this.#backlog.push(counted(message))) {
      this.counters.dropped++;
      this.#trouble.failed(`the queue of ${this.#backlog.capacity} lines is full`, 1);
    }
    this.counters.waiting = this.#backlog.length;
    if (!this.#retry.pending) this.#start();
  }

  flush(): Promise<void> {
    this.#retry.cancel();
    return patiently(this.#start());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    this.#retry.cancel();
    const lost = this.#backlog.length;
    this.#connecting?.abort();
    const closing = this.#disconnect();
    if (closing !== undefined) await patiently(closing);
    if (this.#pump !== undefined) await patiently(this.#pump);
    this.counters.dropped += lost;
    this.#backlog.clear();
    this.counters.waiting = 0;
    this.#trouble.ended(lost);
  }

  #start(): Promise<void> {
    // `#run` clears it in the very turn in which it finds nothing more to write, so no line can come
    // too late to be seen and too early to start it anew.
    this.#pump ??= Promise.resolve().then(() => this.#run());
    return this.#pump;
  }

  async #run(): Promise<void> {
    try {
      await this.#empty();
    } finally {
      this.#pump = undefined;
    }
  }

  /** Connects if need be, and writes until nothing waits or nothing goes. */
  async #empty(): Promise<void> {
    if (this.#connection === undefined) await this.#open();
    for (let next = this.#backlog.first(); next !== undefined; next = this.#backlog.first()) {
      const connection = this.#connection;
      if (connection === undefined) break;
      try {
        await connection.write(next);
      } catch (error) {
        if (this.#connection === connection) this.#broken(error);
        break;
      }
      this.#backlog.shift();
      this.counters.written++;
      this.counters.waiting = this.#backlog.length;
      this.#backoff.reset();
      this.#trouble.passed();
    }
    if (this.#backlog.length > 0 && !this.#closed) {
      this.#retry.set(() => void this.#start(), this.#backoff.next());
    }
  }

  async #open(): Promise<void> {
    let failure: unknown;
    for (const name of this.#names) {
      try {
        this.#connected(await this.#connectTo(name));
        return;
      } catch (error) {
        // What the last one says is said: of a name that was looked up, that is an address.
        failure = error;
      }
      if (this.#closed) return;
    }
    this.counters.failures++;
    this.#trouble.failed(reasonOf(failure));
  }

  async #connectTo(name: string): Promise<Connection> {
    const abort = this.#connecting = new AbortController();
    const tooLate = () => abort.abort(new Error(`no answer within ${CONNECT_MS / 1000} s`));
    const cancel = later(tooLate, CONNECT_MS);
    try {
      return await this.#options.connect(name, abort.signal);
    } finally {
      cancel();
    }
  }

  #connected(connection: Connection): void {
    if (this.#closed) return void connection.close();
    this.#connection = connection;
    connection.ended.then((error) => {
      if (this.#connection !== connection) return;
      this.#broken(error ?? new Error("the far end closed it"));
    });
  }

  #broken(error: unknown): void {
    this.#disconnect();
    if (this.#closed) return;
    this.counters.failures++;
    this.#trouble.failed(reasonOf(error));
  }

  #disconnect(): Promise<void> | undefined {
    const closing = this.#connection?.close();
    this.#connection = undefined;
    return closing;
  }
}

/** Waits for `done`, but not for ever. */
async function patiently(done: Promise<void>): Promise<void> {
  let stop = () => {};
  const late = new Promise<void>((resolve) => {
    const id = setTimeout(resolve, PATIENCE_MS);
    stop = () => clearTimeout(id);
  });
  await Promise.race([done, late]);
  stop();
}

/** MSG-LEN SP SYSLOG-MSG. */
function counted(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new TextEncoder().encode(`${message.length} `);
  const frame = new Uint8Array(length.length + message.length);
  frame.set(length);
  frame.set(message, length.length);
  return frame;
}
