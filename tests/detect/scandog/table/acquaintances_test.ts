// The counters of what was used: exact where there is room, too high at worst, and forgetting.

import assert from "node:assert/strict";
import { Acquaintances } from "../../../../src/detect/scandog/table/acquaintances.ts";
import { Random } from "../../../support/random.ts";

Deno.test("Acquaintances counts each hash, up to 255", () => {
  const counts = new Acquaintances();
  for (let i = 0; i < 300; i++) counts.add(12345, i);
  counts.add(-77, 300);
  assert.equal(counts.count(12345), 255);
  assert.equal(counts.count(-77), 1);
  assert.equal(counts.count(999), 0);
});

Deno.test("Acquaintances goes on counting when the generations turn, and forgets after two", () => {
  const counts = new Acquaintances(), hour = 3_600_000;
  for (let i = 0; i < 5; i++) counts.add(1, 0);
  counts.add(2, 3 * hour);
  assert.equal(counts.count(1), 5);
  counts.add(1, 3 * hour);
  assert.equal(counts.count(1), 6);
  counts.add(3, 6 * hour);
  counts.add(4, 9 * hour);
  assert.equal(counts.count(1), 0);
  assert.equal(counts.count(4), 1);
});

Deno.test("Acquaintances is seldom wrong when full, and never too low within a generation", () => {
  const seed = 5, random = new Random(seed), counts = new Acquaintances();
  const known = Array.from({ length: 32_000 }, () => random.next() | 0);
  for (const hash of known) counts.add(hash, 0);
  for (const hash of known) assert.ok(counts.count(hash) > 0, `seed ${seed}`);
  let wrong = 0;
  for (let i = 0; i < 10_000; i++) if (counts.count(random.next() | 0) > 0) wrong++;
  assert.ok(wrong < 300, `${wrong} of 10,000, seed ${seed}`);
});
