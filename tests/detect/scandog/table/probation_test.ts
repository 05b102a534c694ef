// Sources with one failure: which gives way, and what is left of it.

import assert from "node:assert/strict";
import { Probation } from "../../../../src/detect/scandog/table/probation.ts";

Deno.test("Probation keeps who failed more, and of equals the younger; ten minutes outweigh a failure", () => {
  const MINUTES_10 = 600_000;
  const kept = (failures: [number, number], times: [number, number], ms: number) => {
    const probation = new Probation(64);
    const entries = [7, 7 + 64].map((hash, i) => {
      const entry = probation.touch(hash, times[i]);
      for (let k = 0; k < failures[i]; k++) probation.fail(entry, 40 + i);
      return entry;
    });
    assert.notEqual(entries[0], entries[1]);
    const gave = probation.touch(7 + 128, ms);
    assert.equal(probation.head.of(gave), 0, "nothing is left of who gave way");
    return 1 - entries.indexOf(gave);
  };
  assert.equal(kept([2, 1], [0, 0], 0), 0);
  assert.equal(kept([1, 2], [0, 0], 0), 1);
  assert.equal(kept([1, 1], [0, 1], 5), 1);
  assert.equal(kept([1, 1], [1, 0], 5), 0);
  assert.equal(kept([1, 1], [0, 0], 5), 1, "the first of equals gives way");
  assert.equal(kept([2, 1], [0, MINUTES_10 - 1], MINUTES_10), 0);
  assert.equal(kept([2, 1], [0, MINUTES_10 + 1], MINUTES_10 + 1), 1);
  assert.equal(kept([1, 1], [0, 2 ** 31 + 1], 2 ** 31 + 5), 1, "25 days later");
});

Deno.test("Probation takes a free place first, and what is cleared is free", () => {
  const probation = new Probation(64);
  const first = probation.touch(7, 0);
  probation.fail(first, 3);
  assert.equal(probation.head.of(first), 4);
  const second = probation.touch(7 + 64, 0);
  assert.notEqual(second, first);
  probation.clear(first);
  assert.equal(probation.touch(7 + 128, 0), first);
  assert.equal(probation.fail(first, 9), 1, "it counts anew");
  assert.equal(probation.touch(7 + 64, 0), second);
  assert.equal(probation.touch(0, 0), probation.touch(0, 1), "a hash of 0 is one");
});
