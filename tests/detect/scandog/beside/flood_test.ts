// Floods: from how many sources on, for how long, and what is said; and the gate that keeps them cheap.

import assert from "node:assert/strict";
import { Flood } from "../../../../src/detect/scandog/beside/flood.ts";
import { FloodGate } from "../../../../src/detect/scandog/observe/flood_gate.ts";
import { Notices } from "../../../../src/detect/scandog/scan/notices.ts";
import type { DetectorEvent } from "../../../../src/event.ts";
import { Entries } from "../entries.ts";

/** A flood of its own clock. */
class Flooded extends Entries {
  readonly events: DetectorEvent[] = [];
  readonly notices = new Notices(this.memory, (event) => this.events.push(event));
  readonly flood = new Flood(this.memory, this.notices);

  /** What was said: how many sources, each time. */
  said(): number[] {
    return this.events.map((event) => event.action === "alerts-suppressed" ? event.count : -1);
  }
}

Deno.test("Flood begins with as many single failures as --flood-sources within ten seconds", () => {
  for (const [count, isQuiet] of [[511, true], [512, false]] as const) {
    const { flood } = new Flooded();
    flood.singles(count);
    assert.equal(flood.isQuiet(), isQuiet, `${count}`);
  }
  for (const [ms, isQuiet] of [[10_000, false], [10_001, true]] as const) {
    const flooded = new Flooded();
    flooded.flood.singles(256);
    flooded.wait(ms).flood.singles(256);
    assert.equal(flooded.flood.isQuiet(), isQuiet, `${ms} ms`);
  }
});

Deno.test("Flood is over a minute after the last of it, and is said once with its size", () => {
  const flooded = new Flooded();
  flooded.flood.singles(600);
  // It goes on: each more extends it.
  flooded.wait(50_000).flood.singles(7);
  flooded.wait(60_000).flood.turn();
  assert.deepEqual([flooded.said(), flooded.flood.isQuiet()], [[], false]);
  flooded.wait(1).flood.turn();
  assert.deepEqual([flooded.said(), flooded.flood.isQuiet()], [[607], true]);
  flooded.wait(100_000).flood.turn();
  flooded.flood.finish();
  assert.deepEqual(flooded.said(), [607]);
});

Deno.test("Flood that goes on at the end of the capture is said then", () => {
  const flooded = new Flooded();
  flooded.flood.singles(512);
  flooded.flood.finish();
  assert.deepEqual(flooded.said(), [512]);
});

Deno.test("FloodGate stays shut for as long as each second brings its rate, and opens after one that did not", () => {
  const gate = new FloodGate(100);
  let source = 1;
  const pass = (count: number, ms: number) => {
    let passed = 0;
    for (let i = 0; i < count; i++) {
      passed += Number(gate.pass(source++ << 20 | source & 0xffff, ms));
    }
    return passed;
  };
  assert.equal(pass(99, 1000), 99, "below the rate");
  assert.equal(gate.isFlood(), false);
  assert.equal(pass(1, 1500), 0, "the hundredth shuts it");
  assert.equal(gate.isFlood(), true);
  assert.equal(pass(100, 2100), 0, "the next second as well");
  assert.equal(pass(99, 3100), 0, "it was full again");
  assert.equal(pass(50, 4100), 50, "ninety-nine were not");
  assert.equal(gate.isFlood(), false);
});
