// What many sensors see together, and no one alone: told once, with all of them. And what an innocent does on many
// hosts stays quiet.

import assert from "node:assert/strict";
import { correlatorOptions, Fleet, SCANNER } from "./fleet.ts";

Deno.test("Correlator tells a sweep of one probe at each of twelve sensors, once, with all of them", () => {
  const fleet = new Fleet().sweep(12).wait(400);
  assert.deepEqual(fleet.told(), [[SCANNER, 12]]);
  const [{ shape, hosts, ports, sensors, attempts }] = fleet.scans();
  assert.deepEqual([shape, hosts.count, ports.list, attempts], ["horizontal", 12, "22", 12]);
  assert.deepEqual(
    sensors?.list,
    Array.from({ length: 12 }, (_, i) => `host${i + 1}`).sort(),
  );
  fleet.finish();
  assert.equal(fleet.scans("scan-end").length, 1);
});

Deno.test("Correlator tells nothing of seven sensors, and of a scan that one sensor saw alone", () => {
  assert.deepEqual(new Fleet().sweep(7).wait(400).finish().told(), []);
  const fleet = new Fleet();
  for (let port = 1; port < 40; port++) fleet.say("host1", { port, sourcePort: 40_000 + port });
  assert.deepEqual(fleet.wait(400).finish().told(), []);
});

Deno.test("Correlator waits for a second look, unless no monitor sends such probes", () => {
  const early = new Fleet().sweep(12).wait(300);
  assert.deepEqual(early.told(), []);
  assert.deepEqual(early.wait(30).told(), [[SCANNER, 12]]);
  const xmas = { techniques: ["xmas" as const], tcpFlags: 0x29 };
  assert.deepEqual(new Fleet().sweep(12, xmas).wait(15).told().length, 1);
  const [[, sensors]] = new Fleet().sweep(600).wait(15).told();
  assert.ok(sensors! > 512, `${sensors}`);
});

Deno.test("Correlator finds many ports, a few at each sensor, and one probe a sensor an hour", () => {
  const many = new Fleet();
  for (let i = 1; i <= 12; i++) {
    for (const port of [21, 23, 25]) {
      many.say(`host${i}`, { destination: many.host(i), port, sourcePort: 50_000 + port });
    }
  }
  const [found] = many.wait(400).scans();
  assert.deepEqual([found.source, found.sensors?.count, found.ports.list], [
    SCANNER,
    12,
    "21,23,25",
  ]);
  // Twelve sensors, each of which sees one probe an hour: one in five minutes.
  const slow = new Fleet();
  for (let round = 0; round < 2; round++) slow.sweep(12, { port: 22 + round }, 300);
  const [first] = slow.wait(400).scans();
  assert.deepEqual([first.source, first.slow], [SCANNER, true]);
});

Deno.test("Correlator finds one scan of many sources on many sensors", () => {
  const fleet = new Fleet();
  // Four machines with the same tool, each at three hosts of its own.
  for (let i = 0; i < 24; i++) {
    const source = `198.51.${100 + i % 6}.9`;
    fleet.say(`host${i}`, { source, destination: fleet.host(i + 1), sourcePort: 50_000 + i });
  }
  const [found] = fleet.wait(400).scans();
  assert.deepEqual([found.shape, found.sensors?.count], ["distributed", 24]);
  assert.ok(found.sources!.count >= 5, `${found.sources?.count}`);
});

Deno.test("Correlator counts what two sensors saw of one packet once, and names both", () => {
  const fleet = new Fleet();
  for (let i = 1; i <= 7; i++) {
    const seen = { destination: fleet.host(i), firstUs: fleet.us, sequence: 77 + i };
    fleet.say(`host${i}`, seen).say("router", seen);
  }
  assert.deepEqual(fleet.wait(400).told(), [], "seven hosts are seven, however many saw them");
  const more = new Fleet();
  for (let i = 1; i <= 12; i++) {
    const seen = { destination: more.host(i), firstUs: more.us, sequence: 77 + i };
    more.say(`host${i}`, seen);
    if (i <= 6) more.say("router", seen);
  }
  const [{ attempts, sensors }] = more.wait(400).scans();
  assert.deepEqual([attempts, sensors?.count], [12, 13]);
});

Deno.test("Correlator joins what a sensor told, and tells the rest if that is a scan by itself", () => {
  const scan = (fleet: Fleet, others: number) => {
    for (let port = 1; port < 40; port++) {
      fleet.say("host1", { destination: fleet.host(1), port, sourcePort: 40_000 + port });
    }
    const own = { id: "01JE0000000000000000000000", sources: [SCANNER], endUs: fleet.us };
    fleet.correlator.ownScan("host1", own, fleet.us);
    for (let i = 2; i <= others + 1; i++) fleet.say(`host${i}`, { destination: fleet.host(i) });
    return fleet.wait(400);
  };
  assert.deepEqual(scan(new Fleet(), 5).finish().told(), []);
  const [{ joined, sensors }] = scan(new Fleet(), 12).scans();
  assert.deepEqual(joined, ["01JE0000000000000000000000"]);
  assert.equal(sensors?.count, 13);
});

Deno.test("Correlator takes a sensor's word for what it told, where its attempts alone would not do", () => {
  const fleet = new Fleet();
  const own = { id: "01JE0000000000000000000000", sources: [SCANNER], endUs: fleet.us };
  for (const name of ["host1", "host2", "host3", "host4", "host5"]) {
    fleet.correlator.ownScan(name, own, fleet.us);
  }
  assert.deepEqual(fleet.sweep(12).wait(400).finish().told(), [], "seven are left");
});

Deno.test("Correlator is quiet about checks that fail on a hundred sensors", () => {
  const fleet = new Fleet();
  // A load balancer that asks each of a hundred servers every ten seconds, and none of them is up; said as sensors
  // say it, whenever it has come again for twice as long.
  const startUs = fleet.us;
  for (const after of [0, 10, 20, 40, 70, 140, 280, 560, 1120]) {
    fleet.us = Math.max(fleet.us, startUs + after * 1e6);
    for (let i = 1; i <= 100; i++) {
      fleet.say(`host${i}`, {
        destination: fleet.host(i),
        port: 8080,
        firstUs: startUs + i * 1000,
        latestUs: fleet.us,
        sourcePort: 40_000 + after,
        packets: 1 + after / 10,
        facts: ["closed", "stack"],
      });
    }
    fleet.wait(8);
  }
  assert.deepEqual(fleet.wait(400).finish().told(), []);
});

Deno.test("Correlator is quiet about who fails at some of what he uses, and about peers that are gone", () => {
  const fleet = new Fleet();
  for (let i = 1; i <= 60; i++) {
    // A monitoring server: what it asks answers elsewhere on the same hosts.
    fleet.say(`host${i}`, {
      source: "198.51.100.40",
      destination: fleet.host(i),
      port: 9100,
      sourcePort: 41_000 + i,
      uses: { all: 3, host: 3, port: 0 },
    });
    // A crawler: servers that have no network in common.
    fleet.say(`web${i}`, {
      source: "198.51.100.50",
      destination: `203.${i}.113.10`,
      port: 443,
      sourcePort: 42_000 + i,
      facts: ["closed", "stack"],
    });
    // A peer-to-peer client: each peer at another port.
    fleet.say(`peer${i}`, {
      source: "198.51.100.60",
      destination: `203.${i}.7.10`,
      port: 20_000 + i * 37,
      sourcePort: 43_000 + i,
      facts: ["closed", "stack"],
    });
  }
  assert.deepEqual(fleet.wait(400).finish().told(), []);
});

Deno.test("Correlator says the same in whatever order sensors are late, within the window", () => {
  const tell = (order: (i: number) => number) => {
    const fleet = new Fleet();
    const startUs = fleet.us;
    const said = Array.from({ length: 12 }, (_, i) => ({ at: order(i), i })).sort((a, b) =>
      a.at - b.at
    );
    for (const { at, i } of said) {
      fleet.us = startUs + at * 1000;
      const firstUs = startUs + i * 1000;
      const settledUs = firstUs + 500;
      fleet.say(`host${i}`, { destination: fleet.host(i), firstUs, settledUs, sequence: i });
    }
    fleet.us = startUs + 10e6;
    return fleet.wait(400).finish().events.map((event) => ({ ...event, timeUs: 0 }));
  };
  const inOrder = tell((i) => i);
  assert.ok(inOrder.length >= 2);
  assert.deepEqual(tell((i) => 7 * i % 12 * 700), inOrder);
});

Deno.test("Correlator leaves a scan to the router's sensor that told it, though each host saw its part", () => {
  for (const isTold of [true, false]) {
    const fleet = new Fleet();
    for (let i = 1; i <= 12; i++) {
      const seen = { destination: fleet.host(i), firstUs: fleet.us, sequence: 77 + i };
      fleet.say(`host${i}`, seen);
      // By its own attempts alone it would not have told.
      if (i <= 6) fleet.say("router", seen);
    }
    const own = { id: "01JE0000000000000000000000", sources: [SCANNER], endUs: fleet.us };
    if (isTold) fleet.correlator.ownScan("router", own, fleet.us);
    assert.equal(fleet.wait(400).finish().told().length, isTold ? 0 : 1);
  }
});

Deno.test("Correlator believes no sensor that claims a scan of which it saw other packets than the hosts", () => {
  const fleet = new Fleet();
  const own = { id: "01JE0000000000000000000000", sources: [SCANNER], endUs: fleet.us };
  fleet.correlator.ownScan("rogue", own, fleet.us);
  for (let i = 1; i <= 12; i++) {
    fleet.say("rogue", { destination: fleet.host(i), sequence: i });
    fleet.say(`host${i}`, { destination: fleet.host(i), sequence: 1000 + i });
  }
  assert.deepEqual(fleet.wait(400).finish().told(), [[SCANNER, 13]]);
});

Deno.test("Correlator leaves a flood to the sensor of who is flooded", () => {
  const fleet = new Fleet({ detector: { ...correlatorOptions().detector, floodSources: 16 } });
  for (let i = 0; i < 3000; i++) {
    const source = `${11 + (i >> 8)}.${i & 255}.7.9`;
    fleet.say("host1", { source, outcome: "silent", facts: [], sequence: 9 });
  }
  assert.deepEqual(fleet.wait(400).finish().events.filter(({ action }) => action === "flood"), []);
});
