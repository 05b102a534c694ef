// Who is told first, who waits, and what is said of those that were not told: outcomes and time, nothing else.

import assert from "node:assert/strict";
import type { SuppressedEvent } from "../../../../src/event.ts";
import { sizesFor } from "../../../../src/detect/scandog/sizes.ts";
import { Judged } from "../judged.ts";

const SCANNER = "198.51.100.7";

/** One refused port: of a machine of its own, that looks like no other. */
function probe(judged: Judged, source: string, port: number): void {
  const look = [...source].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0) | 0, 7);
  judged.take({ source, port, sequence: look ^ port << 8, signature: look & 0xffff });
}

/** So many refused ports, from 100 on. */
function scan(judged: Judged, source: string, ports: number): Judged {
  for (let port = 100; port < 100 + ports; port++) probe(judged, source, port);
  return judged;
}

function forged(i: number): string {
  return `10.${i >> 8}.${i & 255}.9`;
}

function suppressed(judged: Judged): SuppressedEvent[] {
  return judged.events.filter((event): event is SuppressedEvent =>
    event.action === "alerts-suppressed"
  );
}

Deno.test("a scan that has done four times as much draws on a bucket of its own", () => {
  const judged = new Judged({ alertBurst: 1, alertRefill: 1000 });
  scan(judged, "192.0.2.1", 7);
  scan(judged, SCANNER, 15);
  assert.deepEqual(judged.named(), ["192.0.2.1"]);
  probe(judged, SCANNER, 115);
  assert.deepEqual(judged.named(), ["192.0.2.1", SCANNER]);
  judged.intake.finish();
  assert.deepEqual(suppressed(judged), [], "it was told after all");
});

Deno.test("the token that comes back is for who did most, not for who comes first", () => {
  const judged = new Judged({ alertBurst: 1, alertRefill: 20 });
  scan(judged, "192.0.2.1", 8);
  scan(judged, "192.0.2.2", 8);
  scan(judged, SCANNER, 14);
  scan(judged, "192.0.2.3", 9);
  assert.deepEqual(judged.named(), ["192.0.2.1"]);
  judged.wait(21);
  assert.deepEqual(judged.named(), ["192.0.2.1", SCANNER]);
  // New ones wait behind those that wait.
  scan(judged.wait(19), "192.0.2.4", 8);
  judged.wait(2);
  assert.deepEqual(judged.named(), ["192.0.2.1", SCANNER, "192.0.2.3"]);
});

Deno.test("a scan that waits is told when its source is proved real", () => {
  const judged = new Judged({ alertBurst: 1, alertRefill: 1000 });
  scan(judged, "192.0.2.1", 7);
  scan(judged, SCANNER, 8);
  judged.take({ source: SCANNER, port: 22, outcome: "half-open", facts: ["open", "reset"] });
  judged.wait(5);
  assert.deepEqual(judged.named(), ["192.0.2.1", SCANNER]);
});

Deno.test("what was not told is counted once, and those that did most are named", () => {
  const judged = new Judged({ alertBurst: 1, alertRefill: 1000 });
  for (let i = 0; i < 40; i++) scan(judged, forged(i), 7 + i % 3);
  scan(judged, SCANNER, 15);
  judged.intake.finish();
  const [said, ...more] = suppressed(judged);
  assert.deepEqual(more, []);
  assert.equal(said.count, 40);
  assert.equal(said.most?.length, 5);
  assert.deepEqual(said.most[0], { source: SCANNER, destination: "203.0.113.10", attempts: 15 });
  assert.deepEqual(said.most.slice(1).map(({ attempts }) => attempts), [9, 9, 9, 9]);
});

Deno.test("a notice names nobody whom the one before it counted", () => {
  const judged = new Judged({ alertBurst: 1, alertRefill: 1000 });
  scan(judged, "192.0.2.1", 7);
  // Both go on when the first notice is due; only one of them is found after it.
  scan(judged, SCANNER, 14);
  judged.wait(61);
  scan(judged, "192.0.2.2", 8);
  probe(judged, SCANNER, 114);
  judged.intake.finish();
  const rows = suppressed(judged).map(({ count, most }) => [count, most?.map((row) => row.source)]);
  assert.deepEqual(rows, [[1, [SCANNER]], [1, ["192.0.2.2"]]]);
});

Deno.test("where there is no place left, who did more takes that of the least, and loses nothing", () => {
  const { scans } = sizesFor(4);
  assert.equal(scans, 11);
  const judged = new Judged({ memory: 4, alertBurst: 1, alertRefill: 86_400 });
  // One is told, and all other places are taken by scans of eleven ports.
  for (let i = 0; i < scans + 30; i++) scan(judged, forged(i), 11);
  // Each of the scanner's ports comes among eleven of others, which are as good as it is at first.
  for (let port = 100; port < 130; port++) {
    probe(judged, SCANNER, port);
    scan(judged, forged(1000 + port), 11);
  }
  judged.intake.finish();
  const told = judged.events.filter((event) => "scan" in event && event.source === SCANNER);
  assert.deepEqual(told.map((event) => event.action), ["scan-start", "scan-end"]);
  const end = told[1];
  assert.ok("ports" in end && end.ports?.count === 30);
  const counts = suppressed(judged).map(({ count }) => count);
  assert.equal(counts.reduce((sum, count) => sum + count, 0), scans + 30 - 1 + 30);
});

Deno.test("a told scan that goes on keeps its place before one that rests", () => {
  const { scans } = sizesFor(4);
  const judged = new Judged({ memory: 4, alertBurst: 100 });
  scan(judged, SCANNER, 7);
  for (let i = 0; i < 3 * scans; i++) {
    scan(judged.wait(1), forged(i), 11);
    if (i % 2 === 0) probe(judged, SCANNER, 1 + i);
  }
  const ends = judged.events.filter(({ action }) => action === "scan-end");
  assert.ok(ends.length >= scans);
  assert.ok(ends.every((event) => "source" in event && event.source !== SCANNER));
});
