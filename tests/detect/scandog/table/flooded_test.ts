// Whom floods go to: a question that may err towards "yes", and never towards "no".

import assert from "node:assert/strict";
import { Flooded } from "../../../../src/detect/scandog/table/flooded.ts";

Deno.test("Flooded says so of hosts while their flood goes on, and of every host while a network's does", () => {
  const flooded = new Flooded();
  const state = () => [flooded.isAny(), flooded.has(-7), flooded.has(8)];
  assert.deepEqual(state(), [false, false, false]);
  flooded.change(-7, 1);
  assert.deepEqual(state(), [true, true, false]);
  flooded.change(undefined, 1);
  assert.deepEqual(state(), [true, true, true]);
  flooded.change(-7, -1);
  assert.deepEqual(state(), [true, true, true]);
  flooded.change(undefined, -1);
  assert.deepEqual(state(), [false, false, false]);
});

Deno.test("Flooded counts: of two hosts with one place the other is still flooded", () => {
  const flooded = new Flooded();
  flooded.change(3, 1);
  flooded.change(3 + 256, 1);
  flooded.change(3, -1);
  assert.equal(flooded.has(3 + 256), true);
  assert.equal(flooded.isAny(), true);
});

Deno.test("Flooded tells 256 hosts apart", () => {
  for (const host of [0, 1, 128, 255]) {
    const flooded = new Flooded();
    flooded.change(host, 1);
    const found = Array.from({ length: 256 }, (_, i) => i).filter((i) => flooded.has(i));
    assert.deepEqual(found, [host]);
  }
});
