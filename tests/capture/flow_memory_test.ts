// When the decoder takes up what a detector said of flows: in a replay at the begin of each block, of what every run
// has judged by then, however fast the threads were.

import assert from "node:assert/strict";
import { FlowMemory } from "../../src/capture/flow_memory.ts";
import { FlowFilter } from "../../src/decode/flow_filter.ts";
import { createFlowNotices, FlowNoticeWriter } from "../../src/ring/flow_notices.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";

const CAPACITY = 2048, BLOCK = 1024;

/** A ring whose detector says of each record that the flow with its number is used. */
function capture() {
  const memory = createRing(CAPACITY), notices = createFlowNotices(CAPACITY);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  const filter = new FlowFilter(1), writer = new FlowNoticeWriter(notices);
  const flows = new FlowMemory(notices, filter, producer);
  const write = (count: number) => {
    for (let left = count; left > 0;) {
      const room = Math.min(left, producer.room());
      assert.ok(room > 0);
      producer.publish(room);
      left -= room;
    }
  };
  const judge = (count: number) => {
    for (let left = count; left > 0; left--) {
      assert.ok(consumer.ready() > 0);
      writer.begin(consumer.base(), consumer.count());
      writer.used(consumer.base(), consumer.count() + 1);
      consumer.release(1);
    }
  };
  /** How many flows, from the first on, are known. */
  const known = () => {
    let count = 0;
    while (filter.used.has(count + 1)) count++;
    return count;
  };
  return { flows, write, judge, known };
}

Deno.test("a replay takes up, at each block, what was said of the records before those in the ring", () => {
  const { flows, write, judge, known } = capture();
  assert.equal(flows.learnBlock(), BLOCK);
  write(CAPACITY);
  judge(1500);
  assert.equal(flows.learnBlock(), BLOCK);
  assert.equal(known(), 0, "a slower detector would have judged one record by now");
  write(BLOCK - 24);
  assert.equal(flows.learnBlock(), 24, "what is left of the block");
  assert.equal(known(), 0);
  write(24);
  judge(1000);
  assert.equal(flows.learnBlock(), BLOCK);
  assert.equal(known(), BLOCK, "2,500 were judged");
  assert.equal(flows.learnBlock(), BLOCK);
  assert.equal(known(), BLOCK);
});

Deno.test("a replay takes up nothing of records that the ring still has room behind, however fast they are judged", () => {
  for (const [blocks, expected] of [[1, 0], [2, 0], [3, BLOCK], [4, 2 * BLOCK]]) {
    const { flows, write, judge, known } = capture();
    for (let i = 0; i < blocks; i++) {
      write(BLOCK);
      judge(BLOCK);
    }
    assert.equal(flows.learnBlock(), BLOCK);
    assert.equal(known(), expected, `${blocks} blocks`);
  }
});

Deno.test("a block that began is gone on with, from its first record to its last", () => {
  const { flows, write, judge, known } = capture();
  for (
    const [more, left] of [[1, BLOCK - 1], [1, BLOCK - 2], [BLOCK - 3, 1], [1, BLOCK], [
      1,
      BLOCK - 1,
    ]]
  ) {
    write(more);
    judge(more);
    assert.equal(flows.learnBlock(), left);
  }
  assert.equal(known(), 0);
});

Deno.test("live capture takes up at once what was said", () => {
  const { flows, write, judge, known } = capture();
  write(100);
  flows.learnAll();
  assert.equal(known(), 0);
  judge(40);
  flows.learnAll();
  assert.equal(known(), 40);
});
