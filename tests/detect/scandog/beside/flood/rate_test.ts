// Packets a second, whatever the order in which they are counted.

import assert from "node:assert/strict";
import { Rate } from "../../../../../src/detect/scandog/beside/flood/rate.ts";

const S = 1e6;

Deno.test("Rate has the mean of all, and the most of a second", () => {
  const rate = new Rate();
  for (let i = 0; i < 100; i++) rate.add(i * 10_000, i * 10_000, 1);
  for (let i = 0; i < 300; i++) rate.add(5 * S + i, 5 * S + i, 1);
  assert.deepEqual(rate.of(400, 10 * S), { mean: 40, peak: 300 });
});

Deno.test("Rate counts what comes late to the second that it belongs to, unless it is long gone", () => {
  const rate = new Rate();
  rate.add(10 * S, 10 * S, 5);
  rate.add(4 * S, 4 * S, 7);
  rate.add(4 * S + 1, 4 * S + 1, 7);
  assert.equal(rate.of(19, 100 * S).peak, 14);
  rate.add(74 * S, 74 * S, 1); // in the place of the tenth second
  rate.add(10 * S, 10 * S, 50);
  assert.equal(rate.of(70, 100 * S).peak, 14);
});

Deno.test("Rate spreads what came between two times, and loses none", () => {
  const rate = new Rate();
  rate.add(0, 9.5 * S, 95);
  assert.equal(rate.of(95, 9.5 * S).peak, 10);
  rate.clear();
  rate.add(0, 1000 * S, 640);
  assert.equal(rate.of(640, 1000 * S).peak, 10);
});

Deno.test("Rate of less than a second is as many as it would be in one, and of a moment no more than in a millisecond", () => {
  assert.deepEqual(new Rate().of(300, 150_000), { mean: 2000, peak: 2000 });
  assert.deepEqual(new Rate().of(3, 0), { mean: 3000, peak: 3000 });
});
