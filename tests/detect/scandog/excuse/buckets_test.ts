// How often an excuse was given lately: counters that fill by one and empty with time, to the millisecond.

import assert from "node:assert/strict";
import { Buckets } from "../../../../src/detect/scandog/excuse/buckets.ts";
import { Entries } from "../entries.ts";

const HASH = 0x12345;

/** Counters that are full from `most` on and lose one each second; each call asks after so many milliseconds more. */
function counters(most: number) {
  const entries = new Entries();
  const buckets = new Buckets(entries.memory.clock, most, 1000);
  return {
    add: (afterMs = 0, hash = HASH) => {
      entries.wait(afterMs);
      buckets.add(hash);
    },
    isFull: (afterMs = 0, hash = HASH) => {
      entries.wait(afterMs);
      return buckets.isFull(hash);
    },
  };
}

Deno.test("Buckets are full from so many on, and lose one each second", () => {
  const { add, isFull } = counters(3);
  assert.deepEqual([isFull(), add(), isFull(), add(), isFull(), add(), isFull()], [
    ...[false, undefined, false, undefined, false, undefined, true],
  ]);
  assert.deepEqual([isFull(999), isFull(1)], [true, false]);
  add();
  assert.ok(isFull());
  assert.deepEqual([isFull(999), isFull(1)], [true, false]);
  assert.ok(!isFull(3_600_000));
});

Deno.test("Buckets go on above what is full, and what has gone of a second stays gone", () => {
  const { add, isFull } = counters(3);
  for (let i = 0; i < 3; i++) add();
  add(600);
  assert.ok(isFull());
  // Four at the first time: after two seconds from then on two are left.
  assert.deepEqual([isFull(1399), isFull(1)], [true, false]);
});

Deno.test("Buckets that are empty begin with the next one, whenever that comes", () => {
  const { add, isFull } = counters(1);
  add();
  assert.ok(!isFull(1500));
  add();
  assert.deepEqual([isFull(999), isFull(1)], [true, false]);
});

Deno.test("Buckets are 4096: hashes that share one have less between them, others do not", () => {
  const { add, isFull } = counters(2);
  add();
  add(0, HASH + 4096);
  assert.ok(isFull() && isFull(0, HASH - 4096));
  for (let bit = 1; bit < 4096; bit <<= 1) assert.ok(!isFull(0, HASH ^ bit), `${bit}`);
});
