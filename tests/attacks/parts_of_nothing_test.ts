// Segments dressed as a server's side of connections that its receiver never began: probes from a service's port, and
// what is sent first so that they, or others, pass. The receiver was seen asking nothing, which only it can do.

import assert from "node:assert/strict";
import { TcpFlag } from "../../src/record.ts";
import { REFUSED_ENDS } from "../../src/detect/scandog/limits.ts";
import { attack, harmless, type Heard } from "./cases.ts";
import { asked, background, ping, Tcp } from "./conversation.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

const { Syn, Fin, Psh, Rst, Ack } = TcpFlag;

interface Ends {
  from: string;
  to: string;
  sport: number;
  dport: number;
}

const KINDS = {
  ACK: [{ flags: Ack, payload: 0 }],
  FIN: [{ flags: Fin | Ack, payload: 0 }],
  data: [{ flags: Psh | Ack, payload: 30 }],
  "one of each in turn": [
    { flags: Ack, payload: 0 },
    { flags: Fin | Ack, payload: 0 },
    { flags: Psh | Ack, payload: 30 },
  ],
} as const;

/** What a server would have said before, to a port from which nobody asked. */
const BEFORE: Record<string, (wire: Wire, ends: Ends) => void> = {
  nothing: () => {},
  data: (wire, ends) => wire.tcp({ ...ends, flags: Psh | Ack, seq: 5, ack: 7, payload: 700 }),
  "data twice": (wire, ends) => {
    for (const seq of [5, 705]) {
      wire.tcp({ ...ends, flags: Psh | Ack, seq, ack: 7, payload: 700 });
    }
  },
  "data and an end": (wire, ends) => {
    wire.tcp({ ...ends, flags: Psh | Ack, seq: 5, ack: 7, payload: 700 });
    wire.tcp({ ...ends, flags: Fin | Ack, seq: 705, ack: 7 });
  },
  "an answer and data": (wire, ends) => {
    wire.tcp({ ...ends, flags: Syn | Ack, seq: 4, ack: 7 });
    wire.tcp({ ...ends, flags: Psh | Ack, seq: 5, ack: 7, payload: 700 });
  },
};

/** Segments to these ports, each refused as a kernel does that knows of no such connection. */
function segments(
  wire: Wire,
  ends: Omit<Ends, "dport">,
  ports: number[],
  kind: keyof typeof KINDS,
) {
  const { from, to, sport } = ends, kinds = KINDS[kind];
  ports.forEach((dport, i) => {
    const seq = wire.chance.next(), ack = wire.chance.next();
    wire.tcp({ ...ends, dport, seq, ack, ...kinds[i % kinds.length] });
    wire.tcp({ from: to, to: from, sport: dport, dport: sport, flags: Rst, seq: ack, window: 0 });
    wire.wait(0.05);
  });
}

/** Of what was sent before nothing is refused, so a port may be missing. */
function mostOf(count: number) {
  return ({ told: [scan] }: Heard) =>
    assert.ok(scan.closed >= count - 2 && scan.closed <= count, `${scan.closed} closed`);
}

for (const where of ["low", "high"] as const) {
  attack(
    `parts of nothing: ${where} ports of one host, from a service's port`,
    product(FAMILIES, Object.keys(KINDS) as (keyof typeof KINDS)[], Object.keys(BEFORE)),
    ([family, kind, before], wire) => {
      const { scanner: from, target: to } = PLACES[family];
      const ends = { from, to, sport: { low: 22, high: 443 }[where] };
      background(wire, to);
      BEFORE[before](wire, { ...ends, dport: 40001 });
      wire.wait(1);
      const ports = where === "low" ? wire.numbers(100, 1, 1000) : wire.numbers(200, 1025, 60000);
      segments(wire, ends, ports, kind);
      background(wire.wait(10), to);
      return {
        expected: [{ source: from, shape: "vertical", hosts: 1, open: "" }],
        also: mostOf(ports.length),
      };
    },
  );
}

attack(
  "parts of nothing: what was said before to each host of a sweep makes none a client",
  product(FAMILIES, Object.keys(BEFORE), ["SYN", "kernel's SYN", "UDP", "ping"] as const),
  ([family, before, probe], wire) => {
    const { scanner: from, host } = PLACES[family];
    background(wire, host(240));
    for (let i = 0; i < 60; i++) {
      const to = host(i), sport = 50000 + i;
      BEFORE[before](wire, { from, to, sport: 443, dport: 40001 });
      if (probe === "UDP") asked(wire, { from, to, sport: 50000, dport: 161 }, "refused");
      else if (probe === "ping") ping(wire, { from, to });
      else {
        const look = probe === "SYN" ? "nmap" : "linux";
        new Tcp(wire, { from, to, sport, dport: 22, look }).refused();
      }
      wire.wait(0.2);
    }
    background(wire.wait(10), host(241));
    return [{ source: from, shape: "horizontal", hosts: 60 }];
  },
);

/** A server's last segments on so many connections to one host, which has forgotten them. */
function endings(wire: Wire, family: Family, count: number, kind: keyof typeof KINDS): void {
  const { target: from, client: to } = PLACES[family];
  background(wire, from, PLACES[family].third);
  segments(wire, { from, to, sport: 443 }, wire.numbers(count, 32768, 60999), kind);
  background(wire.wait(10), from, PLACES[family].third);
}

// Each port above 1023 weighs 1, and a scan 21.
harmless(
  "parts of nothing: a server ends as many connections of one host as a pool has, all forgotten",
  product(FAMILIES, Object.keys(KINDS) as (keyof typeof KINDS)[], [REFUSED_ENDS + 20]),
  ([family, kind, count], wire) => endings(wire, family, count, kind),
);

attack(
  "parts of nothing: more than a pool has are probes",
  product(FAMILIES, ["ACK", "FIN"] as const, [REFUSED_ENDS + 21]),
  ([family, kind, count], wire) => {
    endings(wire, family, count, kind);
    return [{ source: PLACES[family].target, shape: "vertical", hosts: 1 }];
  },
);

harmless(
  "parts of nothing: a server ends connections to a host that has begun others since",
  product(FAMILIES, Object.keys(KINDS) as (keyof typeof KINDS)[]),
  ([family, kind], wire) => {
    const { target: from, client: to } = PLACES[family];
    background(wire, from, to);
    segments(wire, { from, to, sport: 443 }, wire.numbers(900, 32768, 60999), kind);
  },
);

harmless(
  "parts of nothing: servers that answer without a handshake what was sent in the host's name",
  product(FAMILIES, [17, 40], Object.keys(KINDS) as (keyof typeof KINDS)[]),
  ([family, servers, kind], wire) => {
    const { target: to, far } = PLACES[family];
    background(wire, to);
    for (let i = 0; i < 120 * servers; i++) {
      const ends = { from: far(i % servers), to, sport: 80 };
      segments(wire, ends, [wire.chance.between(1024, 65535)], kind);
    }
    background(wire.wait(10), to);
  },
);

harmless(
  "parts of nothing: clients are seen, but what they send to one server goes another way",
  FAMILIES,
  (family, wire) => {
    const { target, client, third } = PLACES[family];
    background(wire, third, client);
    for (let i = 0; i < 300; i++) {
      const c = new Tcp(wire, { from: client, to: target, sport: 33000 + i, dport: 443 });
      c.seq++;
      c.accept();
      c.seq += 300;
      c.down(Ack).reply(900).down(Fin | Ack);
      wire.wait(0.1);
    }
    background(wire.wait(10), third, client);
  },
);

harmless(
  "parts of nothing: downloads from before the capture, whose client is killed",
  product(FAMILIES, [20, 200]),
  ([family, count], wire) => {
    const { target, client, third } = PLACES[family];
    background(wire, third, client);
    const downloads = Array.from(
      { length: count },
      (_, i) => new Tcp(wire, { from: client, to: target, sport: 33000 + i, dport: 443 }),
    );
    for (const c of downloads) c.reply(1400).reply(1400);
    for (const c of downloads) c.ack();
    for (const c of downloads) {
      c.reply(1400).reset();
      wire.wait(0.02);
    }
    background(wire.wait(10), target);
  },
);
