// The queue of what became of attempts: in order, as long as it is drained, and never more than it holds.

import assert from "node:assert/strict";
import { OutcomeQueue } from "../../../../src/detect/scandog/table/outcome_queue.ts";

const CAPACITY = 8192;

function drained(queue: OutcomeQueue): number[][] {
  const found: number[][] = [];
  while (queue.next()) found.push([queue.slot, queue.change, queue.value]);
  return found;
}

Deno.test("OutcomeQueue gives what was put in, in its order, and then nothing", () => {
  const queue = new OutcomeQueue();
  assert.equal(queue.next(), false);
  queue.push(5, 3, -9);
  queue.push(-1, 25);
  assert.deepEqual(drained(queue), [[5, 3, -9], [-1, 25, 0]]);
  assert.equal(queue.next(), false);
});

Deno.test("OutcomeQueue takes what is put in while it is drained, past its end too", () => {
  const queue = new OutcomeQueue();
  for (let i = 0; i < 3; i++) queue.push(i, 1, i);
  for (let i = 3; i < 3 * CAPACITY; i++) {
    assert.equal(queue.next(), true);
    assert.deepEqual([queue.slot, queue.value], [i - 3, i - 3]);
    queue.push(i, 1, i);
  }
  assert.equal(drained(queue).length, 3);
});

Deno.test("OutcomeQueue holds 8192, and says when it is full, whether or not it was drained before", () => {
  const queue = new OutcomeQueue();
  for (let round = 0; round < 2; round++) {
    for (let i = 0; i < CAPACITY; i++) queue.push(i, 1);
    assert.throws(() => queue.push(0, 1), RangeError);
    assert.equal(drained(queue).length, CAPACITY);
  }
});
