// Lines as datagrams to a socket that may be busy, gone, or come back: what the local syslog daemon,
// journald and UDP syslog share. Knows queueing and reconnecting; the caller makes the datagrams.
//
// A datagram that the kernel took is not yet one that the daemon has read: when the daemon stops,
// what was in its queue is gone. So on a UNIX socket the last ones are kept until the kernel says that
// the reader has them, and sent again to its successor otherwise. A line can come twice then (the
// daemon was killed between reading and our next look); it is not lost.

import { Errno, SystemError } from "../system/system_error.ts";
import { Backlog } from "./backlog.ts";
import { newCounters, type Notice, type Sink, type SinkEvent } from "./sink.ts";
import { Alarm, Backoff, type Later, later } from "./timer.ts";
import { Trouble } from "./trouble.ts";

/** What of `DatagramSocket` is used here; tests bring their own. */
export interface Link {
  /** 0, or an error number. Never waits. */
  send(bytes: Uint8Array<ArrayBuffer>): number;
  /** Bytes sent and not read yet. */
  outstanding(): number;
  close(): void;
  errorText(errno: number): string;
}

export interface DatagramOptions {
  name: string;
  /** A new connection. Throws `SystemError` while the far end is not there. */
  open: () => Link;
  frame: (line: string, event: SinkEvent) => Uint8Array<ArrayBuffer>;
  /** True where `outstanding` tells what the reader has not read: UNIX sockets. */
  confirmed: boolean;
  /** Lines, from `SINK.sinkQueue`. */
  queue: number;
  notice: Notice;
  later?: Later;
  clock?: () => number;
}

interface Datagram {
  bytes: Uint8Array<ArrayBuffer>;
  /** Sent once already, and counted then. */
  counted: boolean;
}

/** The reader's queue is full: it is alive and behind, so soon again. */
const BUSY_MS = 10;
const RECONNECT_FIRST_MS = 100;
const RECONNECT_LAST_MS = 5_000;
/** How long after sending the reader is asked whether it has all. */
const CONFIRM_MS = 50;
/** More than any kernel's queue of a UNIX socket holds (net.unix.max_dgram_qlen, 10 to 512). */
const UNCONFIRMED_MAX = 1024;
/** How long `flush` waits for a busy reader. */
const FLUSH_MS = 1_000;

export class DatagramSink implements Sink {
  readonly name: string;
  readonly counters = newCounters();
  readonly #options: DatagramOptions;
  readonly #backlog: Backlog<Datagram>;
  readonly #trouble: Trouble;
  readonly #retry: Alarm;
  readonly #confirm: Alarm;
  readonly #backoff = new Backoff(RECONNECT_FIRST_MS, RECONNECT_LAST_MS);
  #link: Link | undefined;
  #unconfirmed: Datagram[] = [];
  /** Since the last failure. */
  #successes = 0;
  #closed = false;

  /** Connects at once, so before a chroot; that it fails is no fault, lines wait then. */
  constructor(options: DatagramOptions) {
    this.name = options.name;
    this.#options = options;
    this.#backlog = new Backlog(options.queue);
    this.#trouble = new Trouble(options.name, options.notice, options.clock);
    this.#retry = new Alarm(options.later ?? later);
    this.#confirm = new Alarm(options.later ?? later);
    this.#connect();
  }

  write(line: string, event: SinkEvent): void {
    if (this.#closed) {
      this.counters.dropped++;
      return;
    }
    const datagram = { bytes: this.#options.frame(line, event), counted: false };
    if (!this.#backlog.push(datagram)) {
      this.counters.dropped++;
      this.#trouble.failed(`the queue of ${this.#backlog.capacity} lines is full`, 1);
    }
    // While a retry is pending the far end is known not to take any.
    if (!this.#retry.pending) this.#drain();
    this.counters.waiting = this.#backlog.length;
  }

  async flush(): Promise<void> {
    const tries = FLUSH_MS / BUSY_MS;
    for (let i = 0; i < tries; i++) {
      this.#retry.cancel();
      const busy = this.#drain() === "busy";
      this.counters.waiting = this.#backlog.length;
      if (!busy) return;
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    this.#retry.cancel();
    this.#confirm.cancel();
    this.#link?.close();
    this.#link = undefined;
    const lost = this.#backlog.length;
    this.counters.dropped += lost;
    this.#backlog.clear();
    this.counters.waiting = 0;
    this.#trouble.ended(lost);
  }

  /** Sends until nothing waits or nothing goes. At most two connections are tried. */
  #drain(): "empty" | "busy" | "gone" {
    let connections = 0;
    for (let next = this.#backlog.first(); next !== undefined; next = this.#backlog.first()) {
      if (this.#link === undefined && (connections++ === 2 || !this.#connect())) {
        return this.#again("gone", this.#backoff.next());
      }
      const link = this.#link!;
      const allRead = this.#options.confirmed && link.outstanding() === 0;
      const errno = link.send(next.bytes);
      if (errno === 0) this.#sent(next, allRead);
      else if (errno === Errno.EAGAIN || errno === Errno.ENOBUFS) {
        this.counters.failures++;
        return this.#again("busy", BUSY_MS);
      } else if (errno === Errno.EMSGSIZE) this.#refused(link.errorText(errno));
      else if (errno !== Errno.EINTR) this.#disconnected(link.errorText(errno));
    }
    if (this.#unconfirmed.length > 0 && !this.#confirm.pending) {
      this.#confirm.set(() => this.#askReader(), CONFIRM_MS);
    }
    return "empty";
  }

  #again(state: "busy" | "gone", ms: number): "busy" | "gone" {
    this.#retry.set(() => {
      this.#drain();
      this.counters.waiting = this.#backlog.length;
    }, ms);
    return state;
  }

  #connect(): boolean {
    try {
      this.#link = this.#options.open();
      return true;
    } catch (error) {
      // Anything but the system's refusal is a fault of ours and must not be hidden.
      if (!(error instanceof SystemError)) throw error;
      this.counters.failures++;
      this.#trouble.failed(error.message);
      return false;
    }
  }

  /** `allRead`: nothing was outstanding before this one, and it went to the same living reader. */
  #sent(datagram: Datagram, allRead: boolean): void {
    this.#backlog.shift();
    if (!datagram.counted) this.counters.written++;
    datagram.counted = true;
    this.#backoff.reset();
    // Over UDP a refusal comes back later, as the error of the next send: one success says nothing.
    if (++this.#successes > 1 || this.#options.confirmed) this.#trouble.passed();
    if (!this.#options.confirmed) return;
    if (allRead) this.#unconfirmed = [];
    this.#unconfirmed.push(datagram);
    if (this.#unconfirmed.length > UNCONFIRMED_MAX) this.#unconfirmed.shift();
  }

  /** The far end can never take this one; it must not stop the others. */
  #refused(reason: string): void {
    this.#backlog.shift();
    this.counters.failures++;
    this.counters.dropped++;
    this.#trouble.failed(reason, 1);
  }

  #disconnected(reason: string): void {
    this.#successes = 0;
    this.counters.failures++;
    this.#trouble.failed(reason);
    this.#link?.close();
    this.#link = undefined;
    this.#backlog.putBack(this.#unconfirmed);
    this.#unconfirmed = [];
  }

  /**
   * Nothing outstanding means: all read, or the reader died and the kernel threw all away. That a
   * reader answers at the address tells which (unless it was replaced within `CONFIRM_MS`).
   */
  #askReader(): void {
    if (this.#unconfirmed.length === 0 || this.#link === undefined) return;
    if (this.#link.outstanding() > 0) {
      this.#confirm.set(() => this.#askReader(), CONFIRM_MS);
      return;
    }
    try {
      this.#options.open().close();
      this.#unconfirmed = [];
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      // No reader: the next write finds out, and sends them again.
    }
  }
}
