// Packets of stories for tests of the observing half: a client `C` and a server `S`, and what others note meanwhile.

import { Decision } from "../../../../src/decision.ts";
import type { Packet } from "../packet.ts";
import { Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Kind, TcpFlag } from "../../../../src/record.ts";
import { HOSTS, type Step } from "./observed.ts";

const { C, S, T, C6, S6 } = HOSTS;
const { Syn, Ack } = TcpFlag;
type More = Partial<Packet>;

// ---- TCP

/** A segment of the client, and one of the server. */
export function up(flags: number, more: More = {}): Packet {
  return { from: C, to: S, sport: 40_000, dport: 5000, flags, ...more };
}

export function down(flags: number, more: More = {}): Packet {
  return { from: S, to: C, sport: 5000, dport: 40_000, flags, ...more };
}

export const syn = up(Syn, { seq: 1000 });
export const synAck = down(Syn | Ack, { seq: 5000, ack: 1001 });
export const shaken = [syn, synAck, up(Ack, { seq: 1001, ack: 5001 })];
export const used = [
  ...shaken,
  up(Ack, { seq: 1001, ack: 5001, payload: 9 }),
  down(Ack, { seq: 5001, ack: 1010 }),
];
/** The client's next connection. */
export const again = up(Syn, { seq: 2000, sport: 40_001 });
/** The server, or the client, sends something, and so would be seen to answer. */
export const serverSeen: Packet = { from: S, to: T, sport: 50_000, dport: 443, flags: Syn, seq: 1 };
export const clientSeen: Packet = { ...serverSeen, from: C };

/** Link-layer addresses. */
export const MAC_1 = [2, 0, 0, 0, 0, 1], MAC_2 = [2, 0, 0, 0, 0, 2];

// ---- Other transports

export function udp(more: More = {}): Packet {
  return { kind: Kind.Udp, from: C, to: S, sport: 40_000, dport: 5000, payload: 48, ...more };
}

export function udpBack(more: More = {}): Packet {
  return udp({ from: S, to: C, sport: 5000, dport: 40_000, ...more });
}

export function ping(more: More = {}): Packet {
  return { kind: Kind.Icmp, from: C, to: S, type: 8, ...more };
}

export function pong(more: More = {}): Packet {
  return { kind: Kind.Icmp, from: S, to: C, type: 0, ...more };
}

export function ip(more: More = {}): Packet {
  return { kind: Kind.Ip, from: C, to: S, protocol: 47, ipId: 9, ...more };
}

/** What an error quotes of the client's packet. */
export function quoting(protocol: number, sport = 40_000, dport = 5000) {
  return { from: C, to: S, protocol, sport, dport };
}

/** An ICMP error by the server about the client's datagram. */
export function error(type: number, code: number, more: More = {}): Packet {
  return { kind: Kind.Icmp, from: S, to: C, type, code, inner: quoting(17), ...more };
}

export function error6(type: number, code: number, more: More = {}): Packet {
  const inner = { ...quoting(17), from: C6, to: S6 };
  return { kind: Kind.Icmp6, from: S6, to: C6, type, code, inner, ...more };
}

export function arp(more: More = {}): Packet {
  return { kind: Kind.Arp, from: C, to: "198.51.100.8", type: 1, ...more };
}

export function neighbour(more: More = {}): Packet {
  const asked = { from: C6, to: "2001:db8:1::8" };
  const to = "ff02::1:ff00:8";
  return { kind: Kind.Icmp6, from: C6, to, type: 135, ttl: 255, neighbour: asked, ...more };
}

// ---- What others note of the first attempt

export function mark(marks: number): Step {
  return ({ memory: { table } }) => table.mark(0, marks);
}

/** It was counted in a scan, which goes on. */
export const scanned: Step = ({ memory: { table, stories } }) => {
  stories.begin(7);
  table.scan.set(0, 7);
};

/** It was counted in a scan that has ended. */
export const scannedBefore: Step = ({ memory: { table } }) => table.scan.set(0, 7);

/** It was found harmless; `excuse`: see `Decision`. */
export function excused(excuse: number): Step {
  return ({ memory: { table } }) => {
    table.setOutcome(0, Outcome.Harmless);
    table.setExcuse(0, excuse);
  };
}

/** A flood begins: whoever comes first from now on is only counted. */
export const flood: Step = ({ memory, observer }) => {
  const gate = Reflect.get(observer.attempts, "gate");
  const { floodRate } = memory.options;
  for (let i = 0; i < floodRate; i++) gate.pass((i << 8 | 0xff) << 7, memory.clock.ms, true);
};

/** The second attempt sent on the first. */
export const sentOn: Step = ({ memory: { table } }) => {
  table.setOutcome(1, Outcome.Harmless);
  table.setExcuse(1, Decision.SentOn);
  table.link.set(1, 0 + 1);
};
