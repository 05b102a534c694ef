// Who comes back to what a scan found: after which pause, from which address, and how often that is told. Attempts
// put into the table by hand, times to the millisecond.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../../../src/address.ts";
import { TargetClass } from "../../../../../src/detect/scandog/probe/classes.ts";
import { Mark } from "../../../../../src/detect/scandog/table/attempt_state.ts";
import { Kind } from "../../../../../src/record.ts";
import { SOURCE, TARGET } from "../../entries.ts";
import { Finds } from "./finds.ts";

const { Open, Handshake } = Mark;
const PAUSE_MS = 120_000, DAY_MS = 86_400_000;
const OPTIONS = { visitPause: 120, visitMemory: 1 };

/** Ports 80 and 81 were found open, by scans of their own. */
function found(options = {}): { finds: Finds; slots: number[] } {
  const finds = new Finds({ ...OPTIONS, ...options });
  return { finds, slots: [80, 81].map((port) => finds.found(finds.scan(), port)) };
}

Deno.test("a visit needs a pause since the scanner's latest try, to the millisecond", () => {
  for (const [ms, told] of [[PAUSE_MS - 1, 0], [PAUSE_MS, 1]]) {
    const { finds } = found();
    assert.equal(finds.wait(ms).used({ port: 80 }), told, `${ms} ms`);
  }
  // What comes too early begins the pause anew.
  const { finds } = found();
  finds.wait(PAUSE_MS - 1).used({ port: 80 });
  assert.equal(finds.wait(PAUSE_MS - 1).used({ port: 80 }), 0);
  assert.equal(finds.wait(PAUSE_MS).used({ port: 80 }), 1);
});

Deno.test("a visit needs a pause from whatever else the same scanner found, and from nothing of another's", () => {
  for (const [other, told] of [[SOURCE, 0], ["192.0.2.9", 1]] as const) {
    const { finds } = found();
    const tried = finds.found(finds.scan(), 443, { source: other });
    finds.wait(PAUSE_MS - 1).visits.tried(tried);
    assert.equal(finds.wait(1).used({ port: 80 }), told, other);
    assert.equal(finds.wait(PAUSE_MS - 2).used({ port: 81 }), told === 0 ? 0 : 2, other);
  }
  const { finds, slots } = found();
  finds.wait(PAUSE_MS).visits.tried(slots[1]);
  assert.equal(finds.wait(PAUSE_MS).used({ port: 80 }), 1);
});

Deno.test("of a find from an earlier run the time of day alone is known: it may be later than now", () => {
  const { finds } = found();
  const { ports } = finds.visits;
  const slots = Array.from(ports.triedUs.keys()).filter((slot) => ports.isTaken(slot));
  for (const [agoUs, told] of [[-1, 0], [PAUSE_MS * 1000 - 1, 0], [PAUSE_MS * 1000, 1]]) {
    for (const slot of slots) {
      ports.triedMs.set(slot, 0);
      ports.triedUs[slot] = finds.memory.clock.lastUs - agoUs;
    }
    assert.equal(finds.used({ port: 80 }), told, `${agoUs} µs ago`);
  }
});

Deno.test("a find is remembered for --visit-memory, to the microsecond", () => {
  for (const [ms, told] of [[DAY_MS, 1], [DAY_MS + 0.001, 0]]) {
    assert.equal(found().finds.wait(ms).used({ port: 80 }), told, `${ms} ms`);
  }
});

Deno.test("a scanner that connects again tries what it found, unless it comes after a pause and scans no more", () => {
  const cases: [ms: number, isScanning: boolean, isTry: boolean][] = [
    [PAUSE_MS - 1, false, true],
    [PAUSE_MS, false, false],
    [PAUSE_MS - 1, true, true],
    [PAUSE_MS, true, true],
  ];
  for (const [ms, isScanning, isTry] of cases) {
    const { finds, slots } = found();
    const [before] = finds.tries();
    finds.wait(ms).visits.reconnected(slots[0], isScanning);
    const latest = Math.max(...finds.tries());
    assert.equal(latest - before, isTry ? ms * 1000 : 0, `${ms} ms, ${isScanning}`);
  }
  const { finds } = found();
  const before = finds.tries();
  const other = finds.wait(5).add({ source: "198.51.100.8", port: 80, marks: Open });
  finds.visits.reconnected(other, true);
  assert.deepEqual(finds.tries(), before, "a neighbour is not the scanner");
});

Deno.test("what a scanner uses before it has paused is marked as its find; what a neighbour uses is not", () => {
  for (const [source, isMarked] of [[SOURCE, true], ["198.51.100.8", false]] as const) {
    const { finds } = found();
    const slot = finds.add({ source, port: 80, marks: Open | Handshake });
    finds.visits.ask(slot);
    assert.equal(finds.memory.table.has(slot, Mark.Learned), isMarked, source);
    assert.equal(finds.told.length, 0);
  }
});

Deno.test("a scanner's visit is told once for each port, a neighbour's once, three neighbours at most", () => {
  const { finds } = found();
  finds.wait(PAUSE_MS);
  const visitors = [8, 8, 9, 7, 10, 11, 7].map((host) => `198.51.100.${host}`);
  const told = visitors.map((source) => finds.used({ source, port: 80 }));
  assert.deepEqual(told, [1, 1, 2, 3, 4, 4, 4]);
  const { told: events } = finds;
  assert.deepEqual(events.map(({ match }) => match), ["network", "network", "address", "network"]);
  assert.equal(finds.used({ port: 81 }), 5);
});

Deno.test("what a scanner finds once more may be visited once more, by itself and by its neighbours", () => {
  const { finds } = found();
  const neighbours = [8, 9, 10].map((host) => `198.51.100.${host}`);
  const all = [SOURCE, ...neighbours];
  for (const count of [4, 8]) {
    finds.wait(PAUSE_MS);
    for (const source of [...all, ...all]) finds.used({ source, port: 80 });
    assert.equal(finds.told.length, count);
    finds.found(finds.scan(), 80);
  }
});

Deno.test("visits are of TCP, of what was found, and of nobody who is ignored", () => {
  const ignore = [parsePrefix("198.51.100.8/32")!];
  const { finds } = found({ ignore });
  finds.wait(PAUSE_MS);
  assert.equal(finds.used({ port: 80, kind: TargetClass.Udp }), 0);
  assert.equal(finds.used({ port: 82 }), 0);
  assert.equal(finds.used({ port: 80, target: "203.0.113.11" }), 0);
  assert.equal(finds.used({ port: 80, source: "198.51.100.8" }), 0);
  assert.equal(finds.used({ port: 80, source: "198.51.100.9" }), 1);
});

Deno.test("addresses of one network are told apart by each word of their own, and one without bits is one", () => {
  const finds = new Finds(OPTIONS);
  const scanner = "2001:db8:51:1::7", target = "2001:db8:113::10";
  finds.found(finds.scan(), 80, { source: scanner, target });
  finds.wait(PAUSE_MS);
  const visitors = ["2001:db8:51:1::", "2001:db8:51:1:0:1::", "2001:db8:51:1::1"];
  const told = [...visitors, ...visitors].map((source) => finds.used({ source, target, port: 80 }));
  assert.deepEqual(told, [1, 2, 3, 3, 3, 3]);
  assert.deepEqual(finds.told.map(({ source }) => source), visitors);
  assert.ok(finds.told.every(({ ipVersion }) => ipVersion === 6));
});

Deno.test("a visit says what was found, when, in which scan, and how the visitor proved itself", () => {
  const finds = new Finds({ ...OPTIONS, seed: 0xfffffffe });
  const scan = finds.scan({ namedUs: 77 });
  finds.found(scan, 80, { marks: Open | Handshake, sourcePort: 40_000 });
  const foundUs = finds.memory.clock.lastUs;
  finds.wait(PAUSE_MS).used({ port: 80, sourcePort: 50_000, marks: Open });
  const [visit] = finds.told;
  assert.deepEqual(visit.scanned, {
    ...{ number: scan.number, startUs: 77, seed: 0xfffffffe, source: SOURCE },
    evidence: "handshake",
  });
  const { scanned: _, timeUs, ...rest } = visit;
  assert.equal(timeUs, foundUs + PAUSE_MS * 1000);
  assert.deepEqual(rest, {
    ...{ action: "scan-visit", profile: "scandog", interface: 0, ipVersion: 4, kind: Kind.Tcp },
    ...{ source: SOURCE, sourcePort: 50_000, destination: TARGET, destinationPort: 80 },
    ...{ match: "address", evidence: "none", foundUs, triedUs: foundUs },
  });
  const { finds: other } = found();
  other.wait(PAUSE_MS).used({ port: 80 });
  assert.deepEqual([other.told[0].evidence, other.told[0].scanned.evidence], [
    ...["handshake", "reset"],
  ]);
});

Deno.test("the first eight finds of a scan are worth more than the next eight", () => {
  const finds = new Finds(OPTIONS);
  const scan = finds.scan();
  for (let port = 1; port <= 17; port++) finds.found(scan, port);
  const { ports } = finds.visits;
  const tiers = Array.from(ports.triedUs.keys()).filter((slot) => ports.isTaken(slot))
    .map((slot) => ports.state.of(slot) >>> 8).sort();
  assert.deepEqual(tiers, [...Array(8).fill(0), ...Array(8).fill(1), 2]);
});

Deno.test("what a zombie's scan found is forgotten in this run alone", () => {
  const { finds } = found();
  const scan = finds.scan({ isZombie: true });
  finds.found(scan, 443);
  const { ports } = finds.visits;
  for (let slot = 0; slot < ports.capacity; slot++) ports.run.set(slot, ports.run.of(slot) + 1);
  finds.visits.ended(scan);
  assert.equal(finds.size, 3);
});
