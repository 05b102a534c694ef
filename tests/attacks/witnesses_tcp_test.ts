// What only the accused has sent, put before, between and after the probes of a TCP scan: it makes no
// attempt used, none part of an older connection, and none an answer. All of it must be told.

import { TcpFlag } from "../../src/record.ts";
import { attack, type Expected } from "./cases.ts";
import { background, ping, Tcp } from "./conversation.ts";
import { type Family, type Pace, PACES, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const { Fin, Syn, Rst, Psh, Ack, Urg } = TcpFlag;
const COUNT = 30;

interface Extra {
  send: (c: Tcp, wire: Wire) => void;
  /** It is a probe of another technique as well: what else is told of its ports is not asked. */
  isProbe?: boolean;
}

/** One packet more for each port. */
const EXTRAS: Record<string, Extra> = {
  "a reset of the next number": { send: (c) => c.up(Rst, { ack: 0 }) },
  "a reset of a later number": { send: (c) => c.up(Rst, { seq: (c.seq + 100) >>> 0, ack: 0 }) },
  "a reset that acknowledges": { send: (c) => c.up(Rst | Ack, { ack: 12345 }) },
  "a FIN": { send: (c) => c.up(Fin, { seq: (c.seq + 30) >>> 0 }), isProbe: true },
  "a FIN that acknowledges": { send: (c) => c.up(Fin | Ack, { ack: 999 }), isProbe: true },
  "data without a handshake": { send: (c) => c.up(Psh | Ack, { payload: 40 }), isProbe: true },
  "data without an acknowledgement": {
    send: (c) => c.up(Psh, { payload: 40, ack: 0 }),
    isProbe: true,
  },
  "a bare acknowledgement": { send: (c) => c.up(Ack), isProbe: true },
  "a bare acknowledgement with a timestamp": {
    send: (c) => c.up(Ack, { timestamp: 0x51000 + c.wire.frames.length }),
    isProbe: true,
  },
  "a window update": { send: (c) => c.up(Ack, { window: 501, ack: 5 }), isProbe: true },
  "a keep-alive": {
    send: (c) => c.up(Ack, { seq: (c.seq - 1) >>> 0, payload: 1 }),
    isProbe: true,
  },
  "urgent data": { send: (c) => c.up(Psh | Ack | Urg, { payload: 9 }), isProbe: true },
  "the SYN twice": { send: (c) => c.synAgain() },
  // Which of the two the target acknowledges is not asked here.
  "a SYN of another number": {
    send: (c) => c.up(Syn, { seq: c.wire.chance.next(), ack: 0 }),
    isProbe: true,
  },
  "a SYN with a timestamp": { send: (c) => c.synAgain({ look: "linux", timestamp: 77 }) },
  "a SYN that dies on the way": { send: (c) => c.synAgain({ ttl: 2 }) },
  "a SYN with a wrong checksum": { send: (c) => c.synAgain({ hasBadChecksum: true }) },
  "data with a wrong checksum": {
    send: (c) => c.up(Psh | Ack, { payload: 40, hasBadChecksum: true }),
    isProbe: true,
  },
  "a ping": { send: (c, wire) => ping(wire, c.ends) },
  "a datagram to the same port": {
    send: (c, wire) => wire.udp({ ...c.ends, payload: 20 }),
    isProbe: true,
  },
  "an error about a packet that nobody sent": {
    send: (c, wire) => {
      const { from, to, sport, dport } = c.ends;
      const quoted = wire.tcpPacket({ from: to, to: from, sport: dport, dport: sport, flags: Ack });
      const [type, code] = from.includes(":") ? [1, 4] : [3, 3];
      wire.error(from, quoted, type, code, to);
    },
  },
  "an expiry that it makes up itself": {
    send: (c, wire) => {
      const probe = wire.tcpPacket({ ...c.ends, flags: Syn, seq: c.first });
      wire.expired(c.ends.from, probe, c.ends.to);
    },
  },
  "a SYN-ACK": { send: (c) => c.up(Syn | Ack, { ack: 7 }), isProbe: true },
};
type Answer = "refused" | "silent" | "half-open";
type Place = "before" | "between" | "after";
/** A pace each, so that every one of them is met by each extra. */
const PACE_OF: Record<Place, Record<Family, Pace>> = {
  before: { v4: "fast", v6: "burst" },
  between: { v4: "nmap", v6: "second" },
  after: { v4: "quarter", v6: "slow" },
};

function scan(wire: Wire, extra: Extra, answer: Answer, place: Place, family: Family): Expected[] {
  const { scanner: from, target: to } = PLACES[family];
  background(wire, to);
  const ports = wire.numbers(COUNT, 1, 1000).filter((port) => port !== 443);
  const sport = wire.chance.between(1024, 65000);
  const startUs = wire.timeUs;
  ports.forEach((dport, i) => {
    const c = new Tcp(wire, { from, to, sport: sport + (family === "v4" ? i : 0), dport });
    if (place === "before") extra.send(c, wire);
    c.syn();
    if (place === "between") extra.send(c, wire);
    if (answer === "refused") c.refuse();
    if (answer === "half-open") c.accept().reset();
    if (place === "after") extra.send(c, wire);
    wire.wait(PACES[PACE_OF[place][family]]);
  });
  background(wire.wait(10), to);
  const one: Expected = { source: from, hosts: 1, ports: ports.length };
  if (extra.isProbe) return [one];
  if (place !== "before") one.startUs = startUs;
  if (answer === "half-open") {
    return [{ ...one, techniques: /\b(syn|connect)\b/, closed: 0, silent: 0, evidence: "reset" }];
  }
  const closed = answer === "refused" ? ports.length : 0;
  return [{
    ...one,
    techniques: /\b(syn|connect)\b/,
    open: "",
    closed,
    silent: ports.length - closed,
    evidence: "none",
  }];
}

for (const [name, extra] of Object.entries(EXTRAS)) {
  for (const answer of ["refused", "silent", "half-open"] as const) {
    attack(
      `witnesses: ${name} does not hide a SYN scan that is ${answer}`,
      product(["before", "between", "after"] as const, ["v4", "v6"] as const),
      ([place, family], wire) => scan(wire, extra, answer, place, family),
    );
  }
}
