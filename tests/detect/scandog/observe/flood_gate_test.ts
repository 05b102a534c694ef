// The gate that keeps floods cheap: when it is shut, and for how long.

import assert from "node:assert/strict";
import { FloodGate } from "../../../../src/detect/scandog/observe/flood_gate.ts";

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
