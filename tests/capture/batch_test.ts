// Records on their way into the ring: how many slots a batch has, and which are left when some are handed over.

import assert from "node:assert/strict";
import { Batch } from "../../src/capture/batch.ts";
import { RECORD_BYTES } from "../../src/record.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";

function parts(capacity: number) {
  const memory = createRing(capacity);
  const consumer = new Consumer(memory);
  const batch = new Batch({ producer: new Producer(memory), packets: undefined, flows: undefined });
  return { batch, consumer };
}

Deno.test("Batch has 32 slots at first, and twice as many each time, up to 512", () => {
  const { batch } = parts(4096);
  const rooms = Array.from({ length: 7 }, () => {
    batch.renew();
    return batch.room;
  });
  assert.deepEqual(rooms, [32, 64, 128, 256, 512, 512, 512]);
});

Deno.test("Batch has no more slots than the ring has room for", () => {
  const { batch } = parts(16);
  batch.renew();
  batch.used = 10;
  batch.renew();
  assert.deepEqual([batch.used, batch.room, batch.base], [0, 6, 10 * RECORD_BYTES]);
});

Deno.test("Batch hands over what is filled, and keeps no slot until it is renewed", () => {
  const { batch, consumer } = parts(64);
  batch.renew();
  batch.used = 5;
  batch.handOver();
  assert.equal(consumer.ready(), 5);
  assert.deepEqual([batch.used, batch.room], [0, 0]);
});

Deno.test("Batch hands over some, and goes on in the slots behind them", () => {
  const { batch, consumer } = parts(64);
  batch.renew();
  for (const [used, ready, room] of [[5, 5, 27], [7, 12, 20]]) {
    batch.used = used;
    batch.handOverSome();
    assert.equal(consumer.ready(), ready);
    assert.deepEqual([batch.used, batch.room, batch.base], [0, room, ready * RECORD_BYTES]);
  }
});
