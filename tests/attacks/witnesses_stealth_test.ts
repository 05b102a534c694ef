// Probes without a handshake (ACK, FIN, NULL, ...), dressed as parts of connections that never were: with
// timestamps, data, numbers that count up, service ports. All of it must be told.

import { TcpFlag } from "../../src/record.ts";
import { attack } from "./cases.ts";
import { background } from "./conversation.ts";
import { FAMILIES, type Family, PACES, PLACES, product } from "./places.ts";
import type { TcpSegment, Wire } from "./wire.ts";

const { Fin, Syn, Rst, Psh, Ack, Urg } = TcpFlag;
const COUNT = 40;

/** What a probe is made of, besides its ends. `n`: its number in the scan. */
type Dress = (wire: Wire, n: number) => Partial<TcpSegment>;
const DRESSES: Record<string, Dress> = {
  "as nmap sends it": () => ({ window: 1024 }),
  "with timestamps that count up": (_, n) => ({ timestamp: 1000 + n, window: 502 }),
  "with timestamps and other ports": (_, n) => ({
    timestamp: 1000 + n,
    sport: 40000 + n,
    window: 502,
  }),
  "with numbers at random": (wire) => ({ seq: wire.chance.next(), ack: wire.chance.next() }),
  "with numbers and ports at random": (wire) => ({
    seq: wire.chance.next(),
    ack: wire.chance.next(),
    sport: wire.chance.between(1024, 65535),
    timestamp: wire.chance.next(),
  }),
  "with numbers that count up": (_, n) => ({ seq: 5000 + 1448 * n, ack: 900 }),
  "with one octet of data": () => ({ payload: 1 }),
  "with 1,448 octets of data": (_, n) => ({ payload: 1448, timestamp: 9 + n }),
  "from port 20": () => ({ sport: 20 }),
  "from port 53": () => ({ sport: 53 }),
  "from port 80": () => ({ sport: 80 }),
  "from port 443": (wire) => ({ sport: 443, seq: wire.chance.next(), ack: wire.chance.next() }),
  "with a small TTL": () => ({ ttl: 3 }),
  "with another TTL each": (wire) => ({ ttl: wire.chance.between(38, 60) }),
};
const KINDS: Record<string, { flags: number; technique: string }> = {
  ACK: { flags: Ack, technique: "ack" },
  FIN: { flags: Fin, technique: "fin" },
  NULL: { flags: 0, technique: "null" },
  Xmas: { flags: Fin | Psh | Urg, technique: "xmas" },
  Maimon: { flags: Fin | Ack, technique: "maimon" },
  "SYN-ACK": { flags: Syn | Ack, technique: "syn-ack" },
  "SYN and FIN": { flags: Syn | Fin, technique: "other-tcp" },
};

function probes(
  wire: Wire,
  family: Family,
  flags: number,
  dress: Dress,
  answered: "all" | "some" | "none",
  pace: number,
): number {
  const { scanner: from, target: to } = PLACES[family];
  let closed = 0;
  background(wire, to);
  wire.numbers(COUNT, 1, 1000).forEach((dport, n) => {
    const fields = { from, to, sport: 45678, dport, flags, seq: 77, ack: 99, ...dress(wire, n) };
    wire.tcp(fields);
    const { sport, ack, seq } = fields;
    if (answered === "all" || (answered === "some" && n % 3 !== 0)) {
      closed++;
      const answer = (flags & Ack) !== 0
        ? { flags: Rst, seq: ack }
        : { flags: Rst | Ack, ack: seq };
      wire.tcp({ from: to, to: from, sport: dport, dport: sport, ttl: 64, window: 0, ...answer });
    }
    wire.wait(pace);
  });
  background(wire.wait(10), to);
  return closed;
}

for (const [name, { flags, technique }] of Object.entries(KINDS)) {
  for (const [how, dress] of Object.entries(DRESSES)) {
    attack(
      `witnesses: ${name} probes ${how}`,
      product(FAMILIES, ["all", "some", "none"] as const).map(([family, answered], i) => ({
        family,
        answered,
        pace: Object.values(PACES)[i % 5],
      })),
      ({ family, answered, pace }, wire) => {
        const closed = probes(wire, family, flags, dress, answered, pace);
        return [{
          source: PLACES[family].scanner,
          techniques: technique,
          shape: "vertical",
          ports: COUNT,
          open: "",
          closed,
          silent: COUNT - closed,
          hosts: 1,
          evidence: "none",
        }];
      },
    );
  }
}

attack(
  "witnesses: probes of one scanner that change their flags from port to port",
  product(FAMILIES, ["burst", "nmap", "quarter"] as const),
  ([family, pace], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to);
    wire.numbers(60, 1, 1000).forEach((dport, n) => {
      const flags = [Syn, Ack, Fin, 0, Fin | Ack, Fin | Psh | Urg][n % 6];
      wire.tcp({ from, to, sport: 45678, dport, flags, seq: 7, ack: 9 });
      wire.tcp({ from: to, to: from, sport: dport, dport: 45678, flags: Rst, seq: 9, ttl: 64 });
      wire.wait(PACES[pace]);
    });
    return [{ source: from, shape: "vertical", ports: 60, open: "", closed: 60 }];
  },
);

attack(
  "witnesses: an ACK scan after a connection of the same two hosts that was used",
  product(FAMILIES, [0, 1, 200]),
  ([family, payload], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    background(wire, to, from, 80);
    wire.wait(1);
    for (const dport of wire.numbers(60, 100, 400)) {
      const ack = wire.chance.next();
      wire.tcp({ from, to, sport: 45678, dport, flags: Ack, seq: 1, ack, payload });
      wire.tcp({ from: to, to: from, sport: dport, dport: 45678, flags: Rst, seq: ack, ttl: 64 });
    }
    return [{ source: from, techniques: "ack", ports: 60, closed: 60, open: "" }];
  },
);

attack(
  "witnesses: an ACK sweep of many hosts, dressed as parts of connections",
  product(FAMILIES, Object.keys(DRESSES)),
  ([family, how], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(4));
    for (let n = 0; n < 60; n++) {
      const fields = { from, to: host(n), sport: 45678, dport: 22, flags: Ack, seq: 77, ack: 99 };
      const probe = { ...fields, ...DRESSES[how](wire, n) };
      wire.tcp(probe);
      const back = { from: probe.to, to: from, sport: 22, dport: probe.sport, ttl: 64 };
      wire.tcp({ ...back, flags: Rst, seq: probe.ack, window: 0 });
      wire.wait(0.01);
    }
    return [{
      source: from,
      techniques: "ack",
      shape: "horizontal",
      hosts: 60,
      ports: 1,
      open: "",
    }];
  },
);
