// Where each count lies: no two in one place, and room for every kind and every reason.

import assert from "node:assert/strict";
import { Counter, COUNTERS, createCounters } from "../../src/decode/counters.ts";
import { REASONS } from "../../src/decode/reason.ts";
import { Kind } from "../../src/record.ts";

Deno.test("each count has a place of its own", () => {
  const { Kind: kinds, Reason: reasons, ...others } = Counter;
  const places = [
    ...Object.values(others),
    ...Object.values(Kind).map((kind) => kinds + kind),
    ...Array.from({ length: REASONS }, (_, reason) => reasons + reason),
  ];
  assert.equal(new Set(places).size, places.length);
  assert.ok(places.every((place) => place < COUNTERS));
  assert.deepEqual([...createCounters()], Array(COUNTERS).fill(0));
});
