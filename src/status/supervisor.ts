// Reports the state of the service to systemd (sd_notify(3)): ready, a line of status, still alive. Does nothing
// elsewhere. Knows the protocol and the variables of the environment; not what is told.

import { DatagramSocket } from "../system/datagram.ts";

export interface Environment {
  NOTIFY_SOCKET?: string;
  /** Microseconds after which systemd kills a service that it has not heard of. */
  WATCHDOG_USEC?: string;
  /** For whom the watchdog is meant. */
  WATCHDOG_PID?: string;
}

/** A line of status is told at most this often. */
const STATUS_MS = 5000;

export class Supervisor {
  private lastAliveMs = -Infinity;
  private lastStatusMs = -Infinity;
  private lastStatus = "";

  private constructor(
    private readonly socket: DatagramSocket,
    /** Undefined: nobody waits for a sign of life. */
    private readonly aliveMs: number | undefined,
  ) {}

  /** Undefined where nobody asked to be told. A socket that is not there is no reason not to run. */
  static open(environment: Environment, pid: number): Supervisor | undefined {
    const path = environment.NOTIFY_SOCKET;
    // Names in the abstract namespace are systemd's own, for containers; it gives services a path.
    if (path === undefined || !path.startsWith("/")) return undefined;
    const { WATCHDOG_USEC: limit, WATCHDOG_PID: meant } = environment;
    const isMeant = meant === undefined || meant === "" || Number(meant) === pid;
    const limitMs = Number(limit) / 1000;
    try {
      // Half of it: one sign may be lost.
      const aliveMs = isMeant && limitMs > 0 ? limitMs / 2 : undefined;
      return new Supervisor(DatagramSocket.unix(path), aliveMs);
    } catch {
      return undefined;
    }
  }

  ready(status: string): void {
    this.send(`READY=1\nSTATUS=${status}`);
  }

  stopping(): void {
    this.send("STOPPING=1");
  }

  /** Called between batches: a detector that is stuck is not heard of. */
  turn(nowMs: number, status: () => string): void {
    if (this.aliveMs !== undefined && nowMs - this.lastAliveMs >= this.aliveMs) {
      this.lastAliveMs = nowMs;
      this.send("WATCHDOG=1");
    }
    if (nowMs - this.lastStatusMs < STATUS_MS) return;
    this.lastStatusMs = nowMs;
    const text = status();
    if (text !== this.lastStatus) this.send(`STATUS=${text}`);
    this.lastStatus = text;
  }

  /** In how many milliseconds `turn` must be called at the latest. */
  restMs(nowMs: number): number {
    return this.aliveMs === undefined ? Infinity : this.lastAliveMs + this.aliveMs - nowMs;
  }

  private send(text: string): void {
    this.socket.send(new TextEncoder().encode(text));
  }

  close(): void {
    this.socket.close();
  }
}
