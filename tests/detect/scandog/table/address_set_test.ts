// The filter of who did something lately: when its generations turn, and what is forgotten by it.

import assert from "node:assert/strict";
import { Clock } from "../../../../src/detect/scandog/clock.ts";
import { AddressSet } from "../../../../src/detect/scandog/table/address_set.ts";

Deno.test("AddressSet turns when it is full, or older than its life, and has both halves until then", () => {
  const BITS = 1 << 10, LIFE_MS = 1000, FULL_AT = BITS / 16;
  const spread = (i: number) => Math.imul(i + 1, 0x9e3779b1);
  const filled = (count: number, waitMs: number) => {
    const clock = new Clock(), set = new AddressSet(clock, BITS, LIFE_MS);
    // The first turn comes with the first address, long after the time 0.
    for (let i = 0; i < count; i++) assert.equal(set.add(spread(i)), true, `${i}`);
    clock.ms += waitMs;
    // An address is new where it is in the older half alone.
    return set.add(spread(5000)) && set.add(spread(0));
  };
  assert.equal(filled(FULL_AT - 1, 0), false);
  assert.equal(filled(FULL_AT, 0), true);
  assert.equal(filled(3, LIFE_MS), false);
  assert.equal(filled(3, LIFE_MS + 1), true);
});

Deno.test("AddressSet forgets what is in the older half when it turns again, and only then", () => {
  const clock = new Clock(), set = new AddressSet(clock, 1 << 12, 1000);
  for (const [i, hash] of [11, 22, 33, 44].entries()) {
    set.add(Math.imul(hash, 0x9e3779b1));
    const has = [11, 22, 33, 44].map((hash) => set.has(Math.imul(hash, 0x9e3779b1)));
    assert.deepEqual(has, [0, 1, 2, 3].map((at) => at === i || at === i - 1));
    clock.ms += 1001;
  }
});
