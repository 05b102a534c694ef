// Every rule that finds a scan, and every reason why enough is not enough or a scan is not told: each
// reached by traffic that deserves it, as the explanation tells it.

import assert from "node:assert/strict";
import { type ShapeName, SHAPES, type Telling, type Threshold } from "../../../../src/account.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Kind } from "../../../../src/record.ts";
import { Ack, Fin, Psh, Rst, Syn, Urg } from "../traffic.ts";
import { Questioned } from "./explained.ts";

const CLIENT = "198.51.100.40", SERVER = "203.0.113.10", OTHER = "203.0.113.11";
const SCANNER = "198.51.100.7";

function ports(traffic: Questioned, source: string, count: number, first = 21): Questioned {
  for (let port = first; port < first + count; port++) {
    traffic.refused(source, SERVER, port, 40000 + port);
  }
  return traffic;
}

function hosts(traffic: Questioned, source: string, count: number, port: number): Questioned {
  for (let i = 0; i < count; i++) traffic.refused(source, `203.0.113.${20 + i}`, port, 41000 + i);
  return traffic;
}

/** A probe whose only trace is the answer. */
function answerOnly(traffic: Questioned, source: string, port: number): void {
  traffic.send({ from: SERVER, to: source, sport: port, dport: 40000, flags: Rst | Ack, ack: 9 });
}

/** Sources that look alike, each at other targets. */
function alike(traffic: Questioned, targets: [host: string, port: number][], each: number) {
  targets.forEach(([host, port], i) => {
    const source = `192.0.2.${10 + Math.floor(i / each)}`;
    traffic.send({
      from: source,
      to: host,
      sport: 50000 + i,
      dport: port,
      flags: Syn,
      seq: i * 7 + 3,
    });
    traffic.send({
      from: host,
      to: source,
      sport: port,
      dport: 50000 + i,
      flags: Rst | Ack,
      ack: 1,
    });
  });
  return traffic;
}

const FOUND: Partial<Record<ShapeName, () => [Questioned, string]>> = {
  ports: () => [ports(new Questioned(), SCANNER, 7), SCANNER],
  hosts: () => [hosts(new Questioned(), SCANNER, 8, 22), SCANNER],
  "few-ports"() {
    const traffic = new Questioned();
    for (let i = 0; i < 16; i++) {
      traffic.refused(SCANNER, `203.0.113.${20 + i}`, [22, 23, 25, 110][i % 4], 41000 + i);
    }
    return [traffic, SCANNER];
  },
  grid() {
    // Sixteen hosts to a sweep: the grid of six hosts and four ports is found first.
    const traffic = new Questioned({ sweepHosts: 16, scanWeight: 96 });
    for (let i = 0; i < 6; i++) {
      for (const port of [22, 23, 25, 110]) {
        traffic.refused(SCANNER, `203.0.113.${20 + i}`, port, 41000 + 8 * i + port);
      }
    }
    return [traffic, SCANNER];
  },
  socket() {
    // Each target another host and another port, all from one port.
    const traffic = new Questioned();
    for (let i = 0; i < 30; i++) {
      traffic.refused(SCANNER, `203.0.${i}.9`, 1100 + 37 * i, 44444);
    }
    return [traffic, SCANNER];
  },
  network() {
    const traffic = new Questioned();
    for (let i = 0; i < 24; i++) {
      traffic.refused(`192.0.2.${10 + i}`, SERVER, 21 + i, 40000 + i * 11);
    }
    return [traffic, traffic.told()[0].source];
  },
  "group-ports"() {
    const traffic = new Questioned();
    alike(traffic, Array.from({ length: 20 }, (_, i) => [SERVER, 21 + i]), 4);
    return [traffic, traffic.told()[0].source];
  },
  "group-hosts"() {
    const traffic = new Questioned();
    alike(traffic, Array.from({ length: 20 }, (_, i) => [`203.0.113.${20 + i}`, 22]), 4);
    return [traffic, traffic.told()[0].source];
  },
};

for (const rule of SHAPES.filter((rule) => rule !== "none")) {
  Deno.test(`a scan can be found by the rule ${rule}, and the explanation says what was reached`, () => {
    const [traffic, source] = FOUND[rule]!();
    const [scan] = traffic.account(source).scans;
    assert.equal(scan.rule, rule);
    assert.equal(scan.telling, "told");
    assert.ok(scan.reached !== undefined && scan.reached.reached >= scan.reached.enough);
    const [end] = traffic.told("scan-end");
    assert.deepEqual([scan.scan, scan.attempts], [end.scan, end.attempts]);
  });
}

/** Thresholds that were reached and held back. */
const HELD: Record<NonNullable<Threshold["held"]>, () => [Questioned, string]> = {
  successes() {
    const traffic = ports(new Questioned(), SCANNER, 3);
    for (let i = 0; i < 12; i++) traffic.used(SCANNER, SERVER, 400 + i, 50000 + i);
    return [ports(traffic, SCANNER, 5, 101), SCANNER];
  },
  shape() {
    // Peers at another port each, but for ten at one.
    const traffic = new Questioned();
    for (let i = 0; i < 60; i++) {
      const host = `203.0.${i}.9`;
      traffic.refused(SCANNER, host, i % 6 === 0 ? 22 : 2000 + 41 * i, 41000 + 3 * i);
    }
    return [traffic, SCANNER];
  },
  sources() {
    const traffic = new Questioned({ groupSources: 64 });
    alike(traffic, Array.from({ length: 20 }, (_, i) => [SERVER, 21 + i]), 4);
    return [traffic, "192.0.2.14"];
  },
  neighbours() {
    // All but two of the sources used the web before.
    const traffic = new Questioned();
    for (let i = 0; i < 18; i++) {
      if (i >= 2) traffic.used(`192.0.2.${10 + i}`, OTHER, 443, 50000 + i);
    }
    for (let i = 0; i < 18; i++) {
      traffic.refused(`192.0.2.${10 + i}`, SERVER, 21 + i, 40000 + i * 11);
    }
    return [traffic, "192.0.2.24"];
  },
};

for (const [held, make] of Object.entries(HELD)) {
  Deno.test(`a threshold can be reached without a scan because of ${held}`, () => {
    const [traffic, source] = make();
    const account = traffic.account(source);
    const near = account.thresholds.find((threshold) => threshold.held === held);
    assert.ok(near !== undefined, JSON.stringify(account.thresholds));
    assert.ok(near.reached >= near.enough);
    assert.equal(account.scanCount, 0);
    assert.deepEqual(traffic.told(), []);
  });
}

/** All but `nothing`: since an attempt whose story has ended is a new one, no traffic here reaches it. */
const TOLD: Record<Exclude<Telling, "nothing">, () => Questioned> = {
  told: () => ports(new Questioned(), SCANNER, 7),
  forged() {
    const traffic = new Questioned();
    for (let port = 21; port < 28; port++) answerOnly(traffic, SCANNER, port);
    traffic.used(SCANNER, OTHER, 443);
    return traffic.wait(5).ping(CLIENT, OTHER) as Questioned;
  },
  "source-alerts"() {
    const traffic = ports(new Questioned({ sourceAlerts: 1 }), SCANNER, 7);
    traffic.wait(300).ping(CLIENT, OTHER);
    return ports(traffic, SCANNER, 7, 101);
  },
  budget() {
    const traffic = ports(new Questioned({ alertBurst: 1, alertRefill: 86400 }), CLIENT, 7);
    return ports(traffic, SCANNER, 7, 101);
  },
  // It says that it has two addresses, asks for neighbours, and only then is seen to forward.
  router() {
    const traffic = new Questioned();
    const [router, server] = [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2]];
    const outside = "192.0.2.50";
    for (const from of [SCANNER, "198.51.100.254", outside]) traffic.macs.set(from, router);
    traffic.macs.set(SERVER, server);
    const ask = (from: string, to: string) => traffic.send({ kind: Kind.Arp, from, to, type: 1 });
    ask("198.51.100.254", "198.51.100.99");
    for (let i = 0; i < 40; i++) ask(SCANNER, `198.51.100.${100 + i}`);
    traffic.wait(120).used(outside, SERVER, 443);
    return traffic.wait(400).used(outside, SERVER, 443, 50_001) as Questioned;
  },
};

for (const telling of Object.keys(TOLD) as (keyof typeof TOLD)[]) {
  Deno.test(`a scan that was found can be ${telling}`, () => {
    const traffic = TOLD[telling]();
    const account = traffic.account(SCANNER);
    assert.equal(account.scans.at(-1)?.telling, telling);
    const told = traffic.told().filter(({ source }) => source === SCANNER);
    const earlier = account.scans.slice(0, -1).filter((scan) => scan.telling === "told");
    assert.equal(told.length, earlier.length + (telling === "told" ? 1 : 0));
    assert.equal(account.scanned, told.length > 0);
  });
}

Deno.test("a scanner that returns is told again, with a number of its own, at the same targets too", () => {
  const traffic = new Questioned();
  for (const flags of [0, Fin | Psh | Urg, 0]) {
    for (const dport of [22, 23, 25]) {
      traffic.send({ from: SCANNER, to: SERVER, sport: 40000 + dport, dport, flags, seq: dport });
    }
    traffic.wait(300).ping(CLIENT, OTHER);
  }
  const { scans } = traffic.account(SCANNER);
  assert.deepEqual(scans.map(({ telling, attempts }) => [telling, attempts]), [
    ["told", 3],
    ["told", 3],
    ["told", 3],
  ]);
  const numbers = traffic.told().map((event) => "scan" in event ? event.scan : 0);
  assert.deepEqual(new Set(numbers).size, 3);
});

Deno.test("names of rules are in the order of their codes", () => {
  assert.deepEqual(Object.values(ShapeCode), SHAPES.map((_, i) => i));
});
