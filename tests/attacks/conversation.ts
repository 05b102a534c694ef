// Conversations on a wire, step by step, so that a test can leave one out, double one, or put something
// between two. Sequence numbers are kept right unless a step is told otherwise.

import { TcpFlag } from "../../src/record.ts";
import type { IpFields, Look, TcpSegment, Wire } from "./wire.ts";

const { Fin, Syn, Rst, Psh, Ack } = TcpFlag;

export interface Ends extends IpFields {
  sport: number;
  dport: number;
  look?: Look;
  seq?: number;
  timestamp?: number;
  window?: number;
}

/** One TCP connection, or what was meant to be one. `up` is who asks. */
export class Tcp {
  /** The next number of each side. */
  seq: number;
  peer: number;
  /** Of the SYN. */
  readonly first: number;

  constructor(readonly wire: Wire, readonly ends: Ends) {
    this.first = this.seq = ends.seq ?? wire.chance.next();
    this.peer = wire.chance.next();
  }

  private stamp(): number | undefined {
    const { timestamp, look } = this.ends;
    if (timestamp === undefined && look !== "linux") return undefined;
    return (timestamp ?? 0x1000) + Math.floor(this.wire.timeUs / 1000) % 0x40000000;
  }

  /** A packet of the asker, with any field changed. */
  up(flags: number, change: Partial<TcpSegment> = {}): this {
    const { seq, peer: ack } = this;
    const known = (flags & Ack) !== 0 ? { ack: ack >>> 0 } : {};
    const segment = { ...this.ends, timestamp: this.stamp(), seq: seq >>> 0, ...known, flags };
    this.wire.tcp({ ...segment, ...change });
    return this;
  }

  /** A packet of the other side. */
  down(flags: number, change: Partial<TcpSegment> = {}): this {
    const { from, to, sport, dport, look } = this.ends;
    const { seq: ack, peer: seq } = this;
    this.wire.tcp({
      ...{ from: to, to: from, sport: dport, dport: sport, ttl: 64 },
      ...(look === "linux" ? { look, timestamp: 77 } : {}),
      seq: seq >>> 0,
      ack: (flags & Ack) !== 0 ? ack >>> 0 : 0,
      flags,
      ...change,
    });
    return this;
  }

  syn(): this {
    this.up(Syn);
    this.seq++;
    return this;
  }

  /** The same SYN once more, before or after the other, with any field changed. */
  synAgain(change: Partial<TcpSegment> = {}): this {
    return this.up(Syn, { seq: this.first, ...change });
  }

  refuse(): this {
    return this.down(Rst | Ack, { seq: 0, window: 0, look: "bare", timestamp: undefined });
  }

  accept(): this {
    this.down(Syn | Ack);
    this.peer++;
    return this;
  }

  ack(): this {
    return this.up(Ack);
  }

  /** The bare reset of a kernel that knows of no connection. */
  reset(): this {
    return this.up(Rst, { ack: 0, window: 0, look: "bare", timestamp: undefined });
  }

  data(payload: number): this {
    this.up(Psh | Ack, { payload });
    this.seq += payload;
    return this;
  }

  reply(payload: number): this {
    this.down(Psh | Ack, { payload });
    this.peer += payload;
    return this;
  }

  close(): this {
    this.up(Fin | Ack);
    this.seq++;
    this.down(Fin | Ack);
    this.peer++;
    return this.up(Ack);
  }

  /** Refused. */
  refused(): this {
    return this.syn().refuse();
  }

  /** Accepted, and reset by a kernel that never asked. */
  halfOpen(): this {
    return this.syn().accept().reset();
  }

  /** Whole, with data in both directions. */
  used({ up = 120, down = 900 } = {}): this {
    this.syn().accept().ack();
    if (up > 0) this.data(up).down(Ack);
    if (down > 0) this.reply(down).ack();
    return this.close();
  }

  /** Opened and closed without a word. */
  empty(): this {
    return this.syn().accept().ack().close();
  }
}

/** A UDP question, and who answers it how. */
export function asked(
  wire: Wire,
  ends: Ends & { payload?: number },
  answer: "silent" | "refused" | "answered",
): void {
  const { from, to, sport, dport } = ends;
  const packet = wire.udp({ payload: 12, ...ends });
  if (answer === "refused") wire.unreachable(packet);
  if (answer === "answered") {
    wire.udp({ from: to, to: from, sport: dport, dport: sport, payload: 48, ttl: 64 });
  }
}

/** An echo request, and the reply. `id` and `sequence` are the two halves of the second word. */
export function ping(
  wire: Wire,
  ends: IpFields,
  { isAnswered = false, id = 7, sequence = 1, payload = 56 } = {},
): void {
  const isSix = ends.from.includes(":"), word = (id << 16 | sequence) >>> 0;
  const data = new Uint8Array(payload).fill(0x61);
  wire.icmp(ends, isSix ? 128 : 8, 0, word, data);
  if (!isAnswered) return;
  wire.icmp({ from: ends.to, to: ends.from, ttl: 64 }, isSix ? 129 : 0, 0, word, data);
}

/** Honest traffic of a server, so that its side is seen: a whole connection. */
export function background(wire: Wire, server: string, client?: string, port = 443): void {
  const from = client ?? (server.includes(":") ? "2001:db8:40::9" : "192.0.2.40");
  const sport = wire.chance.between(33000, 60000);
  new Tcp(wire, { from, to: server, sport, dport: port, look: "linux" }).used();
}
