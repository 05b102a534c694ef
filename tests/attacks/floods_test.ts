// Floods from forged sources, of every sort: each is one event when it begins and one when it is over, and
// accuses nobody. And what is no flood: busy servers, crowds, scans.

import assert from "node:assert/strict";
import type { FloodEvent } from "../../src/event.ts";
import { attack, type Heard } from "./cases.ts";
import { ping, Tcp } from "./conversation.ts";
import { anyAddress, atRate, FINE, goOn } from "./flooding.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

/** Both events of the one flood that must be said. */
function pair({ events }: Heard): [FloodEvent, FloodEvent] {
  const said = events.filter((event): event is FloodEvent => event.action === "flood");
  assert.deepEqual(said.map(({ phase }) => phase), ["begin", "end"]);
  assert.deepEqual(
    events.filter(({ action }) => action === "alerts-suppressed"),
    [],
    "a flood is no list of scans that were not told",
  );
  return said as [FloodEvent, FloodEvent];
}

function none({ events }: Heard): void {
  assert.deepEqual(events.filter(({ action }) => action === "flood"), []);
}

interface Sent {
  family: Family;
  from: string;
  to: string;
  sport: number;
  dport: number;
  i: number;
}

/** One packet of a flood, with what its target answers; its technique, and packets on the wire. */
const KINDS: Record<string, { technique: string; packets: number; send: Send; noPorts?: true }> = {
  "SYNs that are silent": {
    technique: "syn",
    packets: 1,
    send: (wire, { i, ...ends }) => wire.tcp({ ...ends, flags: 2, seq: i * 77 }),
  },
  "SYNs that are accepted": {
    technique: "syn",
    packets: 2,
    send: (wire, { i, ...ends }) => new Tcp(wire, { ...ends, look: "nmap", seq: i }).syn().accept(),
  },
  "SYNs that are refused": {
    technique: "syn",
    packets: 2,
    send: (wire, { i, ...ends }) => new Tcp(wire, { ...ends, look: "nmap", seq: i }).refused(),
  },
  "datagrams that are silent": {
    technique: "udp",
    packets: 1,
    send: (wire, { i, ...ends }) => wire.udp({ ...ends, payload: 20 + i % 400 }),
  },
  "datagrams that are refused": {
    technique: "udp",
    packets: 2,
    send: (wire, { i: _i, ...ends }) => wire.unreachable(wire.udp({ ...ends, payload: 20 })),
  },
  "NULL segments": {
    technique: "null",
    packets: 1,
    send: (wire, { i, ...ends }) => wire.tcp({ ...ends, flags: 0, seq: i }),
  },
  "Xmas segments": {
    technique: "xmas",
    packets: 1,
    send: (wire, { i, ...ends }) => wire.tcp({ ...ends, flags: 41, seq: i }),
  },
  "ACKs": {
    technique: "ack",
    packets: 2,
    send: (wire, { i, from, to, sport, dport }) => {
      wire.tcp({ from, to, sport, dport, flags: 16, seq: i, ack: i * 7 + 1 });
      wire.tcp({ from: to, to: from, sport: dport, dport: sport, flags: 4, seq: i * 7 + 1 });
    },
  },
  "pings": {
    technique: "icmp-echo",
    packets: 1,
    noPorts: true,
    send: (wire, { from, to, i }) => ping(wire, { from, to }, { id: i & 0xffff, sequence: 1 }),
  },
};
type Send = (wire: Wire, sent: Sent) => unknown;

/** Where a flood goes: its targets and ports, of its packet `i`. */
const AIMS = {
  "one port": { to: (family: Family) => PLACES[family].target, dport: () => 80 },
  "many ports": {
    to: (family: Family) => PLACES[family].target,
    dport: (i: number) => 1 + i * 7919 % 30_000,
  },
  "many hosts": {
    to: (family: Family, i: number) => PLACES[family].host(i % 200),
    dport: () => 80,
  },
};

for (const [name, { technique, packets, send, noPorts }] of Object.entries(KINDS)) {
  attack(
    `floods: ${name}, to one port, many ports and many hosts`,
    // A quarter of them, and three times as many, as --flood-rate says is a flood.
    product(FAMILIES, Object.keys(AIMS) as (keyof typeof AIMS)[], [2000, 25_000])
      .filter(([family, , rate]) => rate === 2000 || (family === "v4") === (packets === 1)),
    ([family, aim, rate], wire) => {
      const { to, dport } = AIMS[aim];
      const count = rate === 2000 ? 2000 : 10_000;
      goOn(wire, PLACES[family].target);
      const startUs = wire.timeUs;
      atRate(wire, rate, count, (i) => {
        const sport = 1024 + wire.chance.below(60_000);
        send(wire, {
          family,
          from: anyAddress(family, i),
          to: to(family, i),
          sport,
          dport: dport(i),
          i,
        });
      });
      const endUs = wire.timeUs;
      goOn(wire, PLACES[family].target);
      return {
        expected: [],
        also: (heard) => {
          const [begin, end] = pair(heard);
          assert.deepEqual(end.techniques, [technique]);
          // Those that came while the server's port 53 might have answered are left out.
          const exact = technique === "udp" ? 0.97 : 0.999;
          assert.ok(end.packets >= exact * count && end.packets <= count, `${end.packets} packets`);
          assert.ok(end.sources >= 0.97 * count && end.sources <= count, `${end.sources} sources`);
          const isCarpet = aim === "many hosts";
          assert.equal(end.network !== undefined, isCarpet);
          assert.equal(end.hosts.count, isCarpet ? (family === "v4" ? 200 : end.hosts.count) : 1);
          const ports = noPorts ? 0 : aim === "many ports" ? Math.min(count, 30_000) : 1;
          assert.ok(end.ports.count <= ports && end.ports.count >= 0.97 * ports, end.ports.list);
          const seconds = (endUs - startUs) / 1e6;
          assert.ok(Math.abs((end.endUs - end.startUs) / 1e6 - seconds) < 0.02, `${seconds} s`);
          assert.ok(Math.abs(end.rate.mean / rate - 1) < 0.05, `${end.rate.mean} a second`);
          // Silence takes four seconds to be known.
          assert.ok(begin.timeUs - startUs < 8e6, `told after ${(begin.timeUs - startUs) / 1e6} s`);
          assert.ok(packets > 0);
        },
      };
    },
    FINE,
  );
}

// ---- What is no flood

/** Clients of their own, all at once: their conversations overlap. */
function crowd(
  wire: Wire,
  { family, count, rate, dport }: { family: Family; count: number; rate: number; dport: number },
  talk: (tcp: Tcp, i: number) => void,
): void {
  const endUs = wire.timeUs + count * 1e6 / rate;
  atRate(wire, rate, count, (i) => {
    const look = i % 3 === 0 ? "windows" : "linux";
    const ends = {
      from: anyAddress(family, i),
      to: PLACES[family].target,
      sport: 30_000 + i % 20_000,
    };
    talk(new Tcp(wire, { ...ends, dport, look, seq: i * 31 }), i);
  });
  wire.timeUs = endUs + 1e6;
}

/** A whole visit, with a round trip of `ms`. */
function visit(wire: Wire, tcp: Tcp, ms: number): void {
  const pause = () => wire.timeUs += ms * 1000;
  tcp.syn();
  pause();
  tcp.accept().ack().data(300);
  pause();
  tcp.reply(1400);
  pause();
  tcp.close();
}

const CROWDS: Record<string, (wire: Wire, tcp: Tcp, i: number) => void> = {
  "that are served": (wire, tcp, i) => visit(wire, tcp, 20 + i % 30),
  "that are served late": (wire, tcp) => visit(wire, tcp, 1200),
  "that are refused": (_wire, tcp) => void tcp.refused(),
  "that are not answered, and try again": (wire, tcp) => {
    tcp.syn();
    for (const seconds of [1, 2]) {
      wire.timeUs += seconds * 1e6;
      tcp.syn();
    }
  },
};
for (const [name, talk] of Object.entries(CROWDS)) {
  attack(
    `floods: a crowd of clients ${name} is none`,
    // Who is refused does not come again: while the gate is shut, nothing tells a crowd of them from a flood.
    product(FAMILIES, name === "that are refused" ? [800, 6000] : [800, 6000, 30_000]),
    ([family, rate], wire) => {
      goOn(wire, PLACES[family].target);
      const count = Math.min(rate * 2, 15_000);
      crowd(wire, { family, count, rate, dport: 443 }, (tcp, i) => talk(wire, tcp, i));
      goOn(wire, PLACES[family].target);
      return { expected: [], also: none };
    },
    FINE,
  );
}

attack(
  "floods: a resolver that answers thousands of clients is not flooded",
  product(FAMILIES, [1000, 20_000]),
  ([family, rate], wire) => {
    const { target } = PLACES[family];
    atRate(wire, rate, 10_000, (i) => {
      const from = anyAddress(family, i), sport = 20_000 + i % 40_000;
      wire.udp({ from, to: target, sport, dport: 53, payload: 40 });
      wire.timeUs += 400;
      wire.udp({ from: target, to: from, sport: 53, dport: sport, payload: 120 });
    });
    goOn(wire, target);
    return { expected: [], also: none };
  },
  FINE,
);

attack(
  "floods: a scan of one source is none, however fast",
  product(FAMILIES, ["ports", "hosts"] as const, [3000, 30_000]),
  ([family, what, rate], wire) => {
    const { scanner: from, target, host } = PLACES[family];
    goOn(wire, target);
    atRate(wire, rate, 10_000, (i) => {
      const to = what === "ports" ? target : host(i % 250);
      const dport = what === "ports" ? 1 + i : 1 + Math.floor(i / 250);
      new Tcp(wire, { from, to, sport: 41_000, dport, look: "nmap", seq: i }).refused();
    });
    goOn(wire, target);
    return {
      expected: [],
      anyNumber: true,
      also: (heard) => {
        none(heard);
        assert.deepEqual([...new Set(heard.told.map(({ source }) => source))], [from]);
      },
    };
  },
  FINE,
);

attack(
  "floods: a scan that takes each of its sources from one network is a scan",
  [300, 3000],
  (rate, wire) => {
    const { target } = PLACES.v6;
    goOn(wire, target);
    atRate(wire, rate, 3000, (i) => {
      const from = `2001:db8:51::${(i + 1).toString(16)}`;
      new Tcp(wire, { from, to: target, sport: 41_000, dport: 1 + i, look: "linux" }).refused();
    });
    goOn(wire, target);
    return {
      expected: [],
      anyNumber: true,
      also: (heard) => {
        none(heard);
        assert.equal(heard.told.length, 1);
        assert.equal(heard.told[0].shape, "distributed");
      },
    };
  },
  FINE,
);

attack(
  "floods: answers of a victim elsewhere, whose forger took our addresses, are misuse and no flood of ours",
  product(["one address", "many addresses"] as const, [500, 20_000]),
  ([where, rate], wire) => {
    const { target, host } = PLACES.v4;
    const victim = "198.51.100.80";
    goOn(wire, target);
    atRate(wire, rate, 6000, (i) => {
      const to = where === "one address" ? target : host(i % 200);
      const ends = { from: victim, to, sport: 80, dport: 1024 + i % 60_000 };
      wire.tcp({ ...ends, flags: i % 3 === 0 ? 20 : 18, seq: i * 7, ack: i + 1 });
    });
    goOn(wire, target);
    return { expected: [], also: none };
  },
  FINE,
);

attack(
  "floods: a real scan of forty ports is told beside a flood, and in it",
  product(FAMILIES, ["one port", "many ports"] as const, [3000, 20_000]),
  ([family, aim, rate], wire) => {
    const { scanner: from, target: to } = PLACES[family];
    const { dport } = AIMS[aim];
    goOn(wire, to);
    const count = rate;
    atRate(wire, rate, count, (i) => {
      const sport = 1024 + i % 60_000;
      wire.tcp({ from: anyAddress(family, i), to, sport, dport: dport(i), flags: 2, seq: i });
      if (i % (count / 40) !== 0) return;
      const port = 31_000 + i / (count / 40);
      new Tcp(wire, { from, to, sport: 44_444, dport: port, look: "nmap", seq: 5 }).refused();
    });
    goOn(wire, to);
    return {
      expected: [],
      anyNumber: true,
      also: (heard) => {
        pair(heard);
        assert.deepEqual(heard.told.map(({ source }) => source), [from]);
        // While the gate is shut, the first of them only leaves a tag.
        assert.ok(heard.told[0].ports >= 39, `${heard.told[0].ports} ports`);
      },
    };
  },
  FINE,
);
