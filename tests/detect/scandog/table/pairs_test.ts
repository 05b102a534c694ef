// Counters of pairs: which is found, which is too old, which gives way, and what each half of a word holds.

import assert from "node:assert/strict";
import { Pairs } from "../../../../src/detect/scandog/table/pairs.ts";

const HOUR_MS = 3_600_000, FULL = 0xffff;

function touch(pairs: Pairs, check: number, ms = 0, memoryMs = HOUR_MS, epoch = 1): number {
  return pairs.touch(5, check, epoch, ms, memoryMs);
}

Deno.test("a pair lives as long as it is remembered, from when it was touched last", () => {
  const pairs = new Pairs(64);
  const weight = (ms: number) => pairs.weight.of(touch(pairs, 1, ms, 5000));
  pairs.weight.set(touch(pairs, 1, 0, 5000), 9);
  assert.equal(weight(5000), 9);
  assert.equal(weight(10_000), 9);
  assert.equal(weight(15_001), 0);
});

Deno.test("pairs of one place are told apart by their second hash, and a pair of 0 is one", () => {
  const pairs = new Pairs(64);
  const [a, b] = [touch(pairs, 1), touch(pairs, 2)];
  assert.notEqual(a, b);
  assert.deepEqual([touch(pairs, 1), touch(pairs, 2)], [a, b]);
  assert.equal(pairs.touch(0, 3, 1, 0, HOUR_MS), pairs.touch(0, 3, 1, 0, HOUR_MS));
});

Deno.test("the pair with the least weight and points gives way, and an hour of silence takes one", () => {
  const gaveWay = (hours: number) => {
    const pairs = new Pairs(64), ms = hours * HOUR_MS;
    const all = [1, 2, 3, 4].map((check) => touch(pairs, check, check === 3 ? 0 : ms));
    all.forEach((pair, i) => {
      pairs.weight.set(pair, i === 2 ? 2 : 1);
      pairs.points.set(pair, 1);
    });
    return all.indexOf(touch(pairs, 99, ms));
  };
  assert.deepEqual([0.99, 1.01].map(gaveWay), [0, 2]);
});

Deno.test("both halves of the word of plain weight and uses hold 65,535, and neither runs into the other", () => {
  const pairs = new Pairs(64), pair = touch(pairs, 1);
  const both = () => [pairs.plainWeight(pair), pairs.plainUses(pair)];
  pairs.addPlainWeight(pair, FULL);
  assert.deepEqual(both(), [FULL, 0]);
  pairs.addPlainWeight(pair, 1);
  assert.deepEqual(both(), [FULL, 0]);
  for (let i = 0; i < FULL + 2; i++) pairs.addPlainUse(pair);
  assert.deepEqual(both(), [FULL, FULL]);
  pairs.addPlainWeight(pair, -FULL);
  assert.deepEqual(both(), [0, FULL]);
  pairs.addPlainWeight(pair, -1);
  assert.deepEqual(both(), [0, FULL]);
});

Deno.test("targets that were used once are taken off those that were used, and no further", () => {
  const pairs = new Pairs(64), pair = touch(pairs, 1);
  pairs.used.set(pair, 3);
  const still = [2, 3, 4].map((once) => {
    pairs.once.set(pair, once);
    return pairs.usedStill(pair);
  });
  assert.deepEqual(still, [1, 0, 0]);
});

Deno.test("a pair tells 32 targets apart by 16 bits of their hash, of which 0 is one, and counts more as new", () => {
  const pairs = new Pairs(64), pair = touch(pairs, 1);
  assert.deepEqual([pairs.note(pair, 0), pairs.note(pair, 1), pairs.note(pair, 0x10000)], [
    ...[true, false, false],
  ]);
  for (let i = 2; i <= 32; i++) assert.equal(pairs.note(pair, i | 0x8000), true, `${i}`);
  for (let i = 2; i <= 32; i++) assert.equal(pairs.note(pair, i | 0x8000), false, `${i}`);
  assert.deepEqual([pairs.note(pair, 77), pairs.note(pair, 77)], [true, true], "no room");
  assert.deepEqual([pairs.weight.of(pair), pairs.note(touch(pairs, 2), 1)], [0, true]);
});
