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

Deno.test("Rate that was cleared has nothing of before; of just a second it has the most as well", () => {
  const rate = new Rate();
  rate.add(5 * S, 5 * S, 900);
  rate.clear();
  rate.add(5 * S, 5 * S, 7);
  rate.add(6 * S, 6 * S, 9);
  assert.deepEqual(rate.of(10, S), { mean: 10, peak: 10 });
  assert.deepEqual(rate.of(4, S), { mean: 4, peak: 9 });
});

Deno.test("Rate spreads over the seconds from the first on, as evenly as whole numbers go", () => {
  for (const [second, packets] of [[10, 1], [11, 2], [12, 2], [13, 0], [9, 0]]) {
    const one = new Rate();
    one.add(10 * S, 12 * S, 5);
    one.add(second * S, second * S, 100);
    assert.equal(one.of(1, 1000 * S).peak, 100 + packets, `${second}`);
  }
});
