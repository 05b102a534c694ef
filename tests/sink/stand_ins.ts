// Stand-ins for what sinks depend on: time that a test moves itself, and a far end in memory.

import type { Link } from "../../src/sink/datagram_sink.ts";
import type { Later } from "../../src/sink/timer.ts";
import { Errno, SystemError } from "../../src/system/system_error.ts";

/** Pending calls, run when the test says that time passes. */
export class ManualTime {
  nowMs = 0;
  #pending: { run: () => void; atMs: number }[] = [];

  readonly later: Later = (run, ms) => {
    const entry = { run, atMs: this.nowMs + ms };
    this.#pending.push(entry);
    return () => this.#pending = this.#pending.filter((other) => other !== entry);
  };

  readonly clock = (): number => this.nowMs;

  get pending(): number {
    return this.#pending.length;
  }

  /** Lets so much time pass; runs what falls due, in order. */
  pass(ms: number): void {
    const end = this.nowMs + ms;
    for (;;) {
      const due = this.#pending.filter(({ atMs }) => atMs <= end);
      if (due.length === 0) break;
      const next = due.reduce((a, b) => b.atMs < a.atMs ? b : a);
      this.#pending = this.#pending.filter((other) => other !== next);
      this.nowMs = next.atMs;
      next.run();
    }
    this.nowMs = end;
  }
}

/** A daemon that can be busy, stopped and started; what it had not read when it stopped is lost. */
export class MemoryDaemon {
  alive = true;
  /** Datagrams its socket holds. */
  room = 8;
  readonly read: string[] = [];
  #unread: Uint8Array[] = [];
  /** Changes with every start: a connection is to one life of the daemon. */
  #life = 1;

  /** Takes up to `count` datagrams from its socket. */
  take(count = Infinity): void {
    const taken = this.#unread.splice(0, Math.min(count, this.#unread.length));
    this.read.push(...taken.map((bytes) => new TextDecoder().decode(bytes)));
  }

  stop(): void {
    this.alive = false;
    this.#unread = [];
  }

  start(): void {
    this.alive = true;
    this.#life++;
  }

  readonly open = (): Link => {
    if (!this.alive) throw new SystemError("reach it", Errno.ECONNREFUSED, "Connection refused");
    const life = this.#life;
    return {
      send: (bytes) => {
        if (!this.alive || this.#life !== life) return Errno.ECONNREFUSED;
        if (bytes.length > 1000) return Errno.EMSGSIZE;
        if (this.#unread.length >= this.room) return Errno.EAGAIN;
        this.#unread.push(bytes.slice());
        return 0;
      },
      outstanding: () =>
        this.#life === life ? this.#unread.reduce((sum, { length }) => sum + length, 0) : 0,
      close: () => {},
      errorText: (errno) => `error ${errno}`,
    };
  };
}
