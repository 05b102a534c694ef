// The gate that keeps floods cheap: when it is shut, and for how long.

import assert from "node:assert/strict";
import { EFFORT_MAX, FloodGate } from "../../../../src/detect/scandog/observe/flood_gate.ts";

Deno.test("FloodGate stays shut for as long as each second brings its rate, and opens after one that did not", () => {
  const gate = new FloodGate(100);
  let source = 1;
  const pass = (count: number, ms: number) => {
    let passed = 0;
    for (let i = 0; i < count; i++) {
      passed += Number(gate.pass(source++ << 20 | source & 0xffff, ms, true));
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

Deno.test("FloodGate is shut for the second that began last, by a clock that goes on", () => {
  for (const [ms, isShut] of [[999, false], [1000, true], [1999, true], [2000, false]] as const) {
    const gate = new FloodGate(100);
    for (let i = 0; i < 99; i++) gate.pass(0x10000 + i << 4, 1000, true);
    assert.equal(gate.isShutAt(ms), false, "below the rate");
    gate.pass(0x10000 + 99 << 4, 1000, true);
    assert.equal(gate.isShutAt(ms), isShut, `${ms} ms`);
  }
});

Deno.test("FloodGate passes over a source once, and counts it for the second's rate", () => {
  const gate = new FloodGate(100);
  for (let i = 0; i < 100; i++) gate.pass(0x10000 + i << 4, 1000, true);
  for (let i = 0; i < 100; i++) {
    const source = 0x50000 + i << 4;
    assert.deepEqual([gate.passOver(source, true), gate.passOver(source, true)], [true, false]);
    assert.equal(gate.hasOpened(source), true);
  }
  assert.equal(gate.passOver(0x70003, false), true);
  assert.equal(gate.hasOpened(0x70003), false);
  // The second that follows begins after a full one, which it would be without those that were passed over as well.
  gate.pass(1, 2000, true);
  assert.equal(gate.isShutAt(2000), true);
  for (let i = 0; i < 98; i++) gate.passOver(0x90000 + i << 4, true);
  gate.pass(2, 3000, true);
  assert.equal(gate.isShutAt(3000), false, "ninety-nine");
});

/** A gate that is shut, and two sources with one place for their tags. */
function shut(): { gate: FloodGate; one: number; other: number } {
  const gate = new FloodGate(100);
  for (let i = 0; i < 100; i++) gate.pass(0x10000 + i << 4, 1000, true);
  assert.equal(gate.isFlood(), true);
  return { gate, one: 0x00020007, other: 0x00040007 };
}

Deno.test("FloodGate counts what a source begins, and halves it each second", () => {
  const { gate, one } = shut();
  gate.pass(one, 1000, false);
  for (let i = 0; i < 40; i++) assert.equal(gate.begins(one), i);
  for (let i = 0; i < 100; i++) gate.pass(0x30000 + i << 4, 1500, true);
  gate.pass(one, 2000, false);
  assert.equal(gate.begins(one), 20);
  for (let i = 0; i < 300; i++) gate.begins(one);
  assert.equal(gate.begins(one), EFFORT_MAX, "and no further");
});

Deno.test("FloodGate halves what each of four neighbours began, and forgets of none whether it opened a connection", () => {
  const { gate } = shut();
  const four = [0, 1, 2, 3].map((place) => 0x00020008 + place);
  const began = [1, 39, 64, EFFORT_MAX];
  four.forEach((source, i) => {
    gate.pass(source, 1000, i % 2 === 0);
    for (let k = 0; k < began[i]; k++) gate.begins(source);
  });
  for (let i = 0; i < 100; i++) gate.pass(0x30000 + i << 4, 1500, true);
  gate.pass(0x00990000, 2000, false);
  assert.deepEqual(four.map((source) => gate.hasOpened(source)), [true, false, true, false]);
  assert.deepEqual(four.map((source) => gate.begins(source)), [0, 19, 32, 63]);
});

Deno.test("FloodGate lets nobody who has just come displace a source that did much", () => {
  const { gate, one, other } = shut();
  gate.pass(one, 1000, false);
  for (let i = 0; i < 8; i++) gate.begins(one);
  assert.equal(gate.pass(other, 1000, false), false);
  assert.equal(gate.pass(other, 1000, false), false, "it is not noted");
  assert.equal(gate.pass(one, 1000, false), true);
  for (let i = 0; i < 4; i++) gate.pass(other, 1000, false);
  assert.equal(gate.pass(other, 1000, false), true, "but who comes again and again is at last");
  assert.equal(gate.pass(one, 1000, false), false);
});

Deno.test("FloodGate keeps who began more than four attempts against one who has just come, and nobody who did less", () => {
  for (const [began, isKept] of [[4, false], [5, true]] as const) {
    const { gate, one, other } = shut();
    gate.pass(one, 1000, false);
    for (let i = 0; i < began; i++) gate.begins(one);
    gate.pass(other, 1000, false);
    assert.equal(gate.pass(one, 1000, false), isKept, `${began} began`);
  }
});

Deno.test("FloodGate remembers whether a source's first packet opened a connection", () => {
  const { gate, one, other } = shut();
  gate.pass(one, 1000, true);
  assert.equal(gate.hasOpened(one), true);
  assert.equal(gate.hasOpened(other), false, "of another with the same place");
  gate.begins(one);
  gate.pass(one, 1000, false);
  assert.equal(gate.hasOpened(one), true);
  gate.pass(other, 1000, false);
  assert.equal(gate.hasOpened(other), false);
});

Deno.test("FloodGate counts one segment in four of what goes on", () => {
  const { gate, one } = shut();
  gate.pass(one, 1000, true);
  for (let i = 0; i < 40; i++) assert.equal(gate.goesOn(one), Math.floor(i / 4), `segment ${i}`);
  assert.equal(gate.begins(one), 10);
});
