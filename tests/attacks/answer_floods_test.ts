// Floods of answers that their target did not ask for, forged or reflected: each is one event when it begins and one
// when it is over. And what is no flood, however many answers come without a question that was seen: hosts that ask.

import assert from "node:assert/strict";
import type { FloodEvent } from "../../src/event.ts";
import { attack, type Heard } from "./cases.ts";
import { background, Tcp } from "./conversation.ts";
import { anyAddress, atRate, FINE, goOn } from "./flooding.ts";
import { FAMILIES, type Family, PLACES, product } from "./places.ts";
import type { Wire } from "./wire.ts";

function floods({ events }: Heard): FloodEvent[] {
  return events.filter((event): event is FloodEvent => event.action === "flood");
}

function none(heard: Heard): void {
  assert.deepEqual(floods(heard), []);
}

interface Sent {
  family: Family;
  from: string;
  to: string;
  /** A port that clients take. */
  port: number;
  i: number;
}

/** One answer, and what it answers. */
const ANSWERS: Record<string, { technique: string; send: (wire: Wire, sent: Sent) => unknown }> = {
  "SYN-ACKs": {
    technique: "syn",
    send: (wire, { from, to, port, i }) =>
      wire.tcp({ from, to, sport: 443, dport: port, flags: 18, seq: i * 7, ack: i * 13 + 1 }),
  },
  "refusals": {
    technique: "syn",
    send: (wire, { from, to, port, i }) =>
      wire.tcp({ from, to, sport: 80, dport: port, flags: 20, seq: 0, ack: i * 13 + 1 }),
  },
  "data of connections that nobody has": {
    technique: "ack",
    send: (wire, { from, to, port, i }) =>
      wire.tcp({ from, to, sport: 443, dport: port, flags: 24, seq: i, ack: i * 5, payload: 99 }),
  },
  "echo replies": {
    technique: "icmp-echo",
    send: (wire, { family, from, to, i }) =>
      wire.icmp({ from, to }, family === "v6" ? 129 : 0, 0, i, new Uint8Array(56)),
  },
  "answers of name servers": {
    technique: "udp",
    send: (wire, { from, to, port }) =>
      wire.udp({ from, to, sport: 53, dport: port, payload: 1200 }),
  },
  "errors about what others sent": {
    technique: "ip-protocol",
    send: (wire, { family, from, to }) =>
      wire.icmp({ from, to }, family === "v6" ? 1 : 3, 3, 0, new Uint8Array(28)),
  },
};

for (const [name, { technique, send }] of Object.entries(ANSWERS)) {
  attack(
    `answer floods: ${name} of thousands of hosts, to one host and to many`,
    product(FAMILIES, ["one host", "many hosts"] as const, [500, 8000]),
    ([family, aim, rate], wire) => {
      const { target, host } = PLACES[family];
      const hosts = aim === "one host" ? [target] : Array.from({ length: 100 }, (_, i) => host(i));
      for (const each of hosts) background(wire.wait(0.1), each);
      const startUs = wire.timeUs;
      atRate(wire, rate, 3000, (i) => {
        const to = hosts[i % hosts.length];
        send(wire, { family, from: anyAddress(family, i), to, port: 33_000 + i * 31 % 20_000, i });
      });
      goOn(wire, target);
      return {
        expected: [],
        also: (heard) => {
          const said = floods(heard);
          assert.deepEqual(said.map(({ phase }) => phase), ["begin", "end"]);
          const [begin, end] = said;
          assert.deepEqual(end.techniques, [technique]);
          assert.equal(end.answers, true);
          assert.equal(end.network !== undefined, aim === "many hosts");
          if (aim === "one host") assert.equal(end.destination, target);
          assert.ok(end.sources > 2850 && end.sources <= 3000, `${end.sources} sources`);
          assert.ok(end.packets > 2850 && end.packets <= 3000, `${end.packets} packets`);
          assert.ok(begin.timeUs - startUs < 6e6, `told after ${(begin.timeUs - startUs) / 1e6} s`);
        },
      };
    },
    FINE,
  );
}

attack(
  "answer floods: name servers' answers faster than attempts are followed",
  FAMILIES,
  (family, wire) => {
    const { target } = PLACES[family];
    goOn(wire, target, 10);
    atRate(wire, 40_000, 20_000, (i) => {
      const from = anyAddress(family, i);
      wire.udp({ from, to: target, sport: 53, dport: 1024 + i % 60_000, payload: 1200 });
    });
    goOn(wire, target);
    return {
      expected: [],
      also: (heard) => {
        const [begin, end] = floods(heard);
        assert.equal(begin.answers, true);
        assert.ok(end.packets > 15_000, `${end.packets} packets`);
      },
    };
  },
  FINE,
);

attack(
  "answer floods: SYN-ACKs made by hand, to a service, are one as SYNs are",
  FAMILIES,
  (family, wire) => {
    const { target: to } = PLACES[family];
    goOn(wire, to, 10);
    atRate(wire, 2000, 4000, (i) => {
      const sport = 33_000 + i * 7 % 20_000;
      const from = anyAddress(family, i);
      wire.tcp({ from, to, sport, dport: 80, flags: 18, seq: i * 7, ack: i });
      wire.tcp({ from: to, to: from, sport: 80, dport: sport, flags: 4, seq: i });
    });
    goOn(wire, to);
    return {
      expected: [],
      also: (heard) => {
        const said = floods(heard);
        assert.deepEqual(said.map(({ phase }) => phase), ["begin", "end"]);
        assert.deepEqual(said[1].techniques, ["syn-ack"]);
        assert.equal(said[1].answers, undefined);
      },
    };
  },
  FINE,
);

// ---- Who asks

attack(
  "answer floods: who asks a lot, and of whose questions the capture has a half, is not flooded",
  product(FAMILIES, ["connections", "names"] as const, [400, 4000]),
  ([family, what, rate], wire) => {
    const { target: from } = PLACES[family];
    goOn(wire, from, 4);
    atRate(wire, rate, 3000, (i) => {
      const to = anyAddress(family, i), sport = 33_000 + i * 31 % 20_000, isSeen = i % 2 === 0;
      if (what === "connections") {
        const tcp = new Tcp(wire, { from, to, sport, dport: 443, look: "linux" });
        if (isSeen) tcp.used();
        else tcp.accept();
        return;
      }
      if (isSeen) wire.udp({ from, to, sport, dport: 53, payload: 40 });
      wire.udp({ from: to, to: from, sport: 53, dport: sport, payload: 200 });
    });
    goOn(wire, from);
    return { expected: [], anyNumber: true, also: none };
  },
  FINE,
);

attack(
  "answer floods: connections from before the capture are none",
  FAMILIES,
  (family, wire) => {
    const { target: from } = PLACES[family];
    goOn(wire, from, 4);
    atRate(wire, 2000, 1500, (i) => {
      const to = anyAddress(family, i), sport = 33_000 + i * 31 % 20_000;
      new Tcp(wire, { from, to, sport, dport: 443, look: "linux" }).reply(900).ack().reply(900)
        .ack();
    });
    goOn(wire, from);
    return { expected: [], anyNumber: true, also: none };
  },
  FINE,
);

attack(
  "answer floods: answers to a scan that is faster than it can be followed are none",
  ["v4"] as const,
  (family, wire) => {
    const { target: from } = PLACES[family];
    goOn(wire, from, 4);
    const answers: [number, () => void][] = [];
    atRate(wire, 60_000, 20_000, (i) => {
      const ends = { to: anyAddress(family, i), sport: 41_000, dport: 80, seq: i };
      new Tcp(wire, { from, ...ends, look: "nmap" }).syn();
      answers.push([wire.timeUs + 150_000, () => {
        wire.tcp({
          from: ends.to,
          to: from,
          sport: 80,
          dport: 41_000,
          flags: 20,
          seq: 0,
          ack: i + 1,
        });
      }]);
    });
    for (const [timeUs, send] of answers) {
      wire.timeUs = timeUs;
      send();
    }
    goOn(wire, from);
    return { expected: [], anyNumber: true, also: none };
  },
  FINE,
);

attack(
  "answer floods: where what the target sends is not seen, nothing is",
  FAMILIES,
  (family, wire) => {
    const { target: to } = PLACES[family];
    atRate(wire, 2000, 4000, (i) => {
      const from = anyAddress(family, i), port = 33_000 + i * 31 % 20_000;
      ANSWERS["SYN-ACKs"].send(wire, { family, from, to, port, i });
    });
    return { expected: [], anyNumber: true, also: none };
  },
  FINE,
);
