// Batches as bytes: what goes in comes out, and what is none is refused whatever it looks like.

import assert from "node:assert/strict";
import {
  type Batch,
  BATCH_BYTES_MAX,
  BATCH_HEAD_BYTES,
  BATCH_OUTCOMES_MAX,
  BATCH_VERSION,
  BatchField,
  decodeBatch,
  encodeBatch,
} from "../../src/fleet/batch.ts";
import { OUTCOME_BYTES, OutcomeField } from "../../src/outcome.ts";
import { attemptOutcome, OUTCOME_START_US } from "../support/outcomes.ts";
import { Random } from "../support/random.ts";

const MADE_US = OUTCOME_START_US + 2_000_000;
const DROPPED = { count: 12345, fromUs: OUTCOME_START_US, toUs: MADE_US };
const outcomes = (count: number) =>
  Array.from(
    { length: count },
    (_, i) => attemptOutcome({ port: i, source: `198.51.100.${i & 255}` }),
  );

Deno.test("decodeBatch() gives what encodeBatch() took: none, one, as many as go in, with drops", () => {
  const batches: Batch[] = [
    { madeUs: 0, outcomes: [] },
    { madeUs: MADE_US, outcomes: outcomes(1) },
    { madeUs: Number.MAX_SAFE_INTEGER, outcomes: outcomes(BATCH_OUTCOMES_MAX) },
    { madeUs: MADE_US, dropped: DROPPED, outcomes: outcomes(3) },
    { madeUs: MADE_US, dropped: { count: 1, fromUs: 5, toUs: 5 }, outcomes: [] },
  ];
  for (const batch of batches) {
    const bytes = encodeBatch(batch);
    assert.ok(bytes.length <= BATCH_BYTES_MAX);
    assert.deepEqual(decodeBatch(bytes), { batch });
    // Anywhere in a buffer that is longer.
    const around = new Uint8Array(bytes.length + 8).fill(0xff);
    around.set(bytes, 3);
    assert.deepEqual(decodeBatch(around.subarray(3, 3 + bytes.length)), { batch });
  }
});

Deno.test("encodeBatch() writes a head that others can read", () => {
  const bytes = encodeBatch({ madeUs: MADE_US, outcomes: outcomes(2) });
  assert.equal(new TextDecoder().decode(bytes.subarray(0, 4)), "sdob");
  assert.deepEqual([...bytes.subarray(4, 8)], [BATCH_VERSION, 0, 0, 2]);
  assert.equal(new DataView(bytes.buffer).getFloat64(8), MADE_US);
  assert.equal(bytes.length, BATCH_HEAD_BYTES + 2 * OUTCOME_BYTES);
});

Deno.test("encodeBatch() throws for more than go into one", () => {
  assert.throws(
    () => encodeBatch({ madeUs: 0, outcomes: outcomes(BATCH_OUTCOMES_MAX + 1) }),
    RangeError,
  );
});

Deno.test("decodeBatch() refuses what is cut at any length, too long, of another version, or no batch", () => {
  const whole = encodeBatch({ madeUs: MADE_US, dropped: DROPPED, outcomes: outcomes(2) });
  for (let end = 0; end < whole.length; end++) {
    assert.ok(decodeBatch(whole.subarray(0, end)).refused, `${end} bytes`);
  }
  assert.match(decodeBatch(new Uint8Array([...whole, 0])).refused!, /has 265 bytes/);
  const F = BatchField;
  const set = (change: (view: DataView) => void) => {
    const bytes = whole.slice();
    change(new DataView(bytes.buffer));
    return decodeBatch(bytes).refused;
  };
  assert.match(set((view) => view.setUint8(F.Magic, 0x53))!, /no batch/);
  assert.match(set((view) => view.setUint8(F.Version, 2))!, /version 2; known is 1/);
  assert.match(set((view) => view.setUint8(F.Reserved, 1))!, /head/);
  assert.match(set((view) => view.setUint16(F.Count, 513))!, /513/);
  assert.match(set((view) => view.setUint16(F.Count, 1))!, /1 outcomes/);
  for (const wrong of [NaN, Infinity, -1, 0.5, 2 ** 53]) {
    assert.match(set((view) => view.setFloat64(F.MadeUs, wrong))!, /head/, `${wrong}`);
    for (const field of [F.DroppedCount, F.DroppedFromUs, F.DroppedToUs]) {
      assert.match(set((view) => view.setFloat64(field, wrong))!, /dropped/, `${field} ${wrong}`);
    }
  }
  assert.match(set((view) => view.setFloat64(F.DroppedCount, 0))!, /dropped/);
  assert.match(set((view) => view.setFloat64(F.DroppedToUs, OUTCOME_START_US - 1))!, /dropped/);
  const second = BATCH_HEAD_BYTES + OUTCOME_BYTES;
  assert.match(set((view) => view.setUint8(second + OutcomeField.Target, 0))!, /outcome 2 of 2/);
});

Deno.test("decodeBatch() takes any bytes without a throw, and what it takes is written back the same", () => {
  const seed = Date.now() >>> 0;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  const whole = encodeBatch({ madeUs: MADE_US, dropped: DROPPED, outcomes: outcomes(3) });
  let taken = 0;
  for (let i = 0; i < 5000; i++) {
    const bytes = whole.slice();
    for (let k = random.below(3); k >= 0; k--) {
      bytes[random.below(bytes.length)] = random.below(256);
    }
    const { batch } = decodeBatch(bytes) as { batch?: Batch };
    if (batch === undefined) continue;
    taken++;
    assert.deepEqual(encodeBatch(batch), bytes, `seed ${seed}`);
  }
  assert.ok(taken > 500, `${taken}`);
});
