import assert from "node:assert/strict";
import { Field, RECORD_BYTES } from "../../src/record.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";
import { calls } from "./atomics_calls.ts";

/** Writes `value` into the slot `at` places after the first free one. */
function put(producer: Producer, at: number, value: number): void {
  producer.records.u32[(producer.base() + at * RECORD_BYTES + Field.Sequence) >> 2] = value;
}

function get(consumer: Consumer, at: number): number {
  return consumer.records.u32[(consumer.base() + at * RECORD_BYTES + Field.Sequence) >> 2];
}

Deno.test("createRing() refuses a capacity that is no power of two", () => {
  for (const capacity of [0, 1, 3, 1000, -4, 2.5, NaN]) {
    assert.throws(() => createRing(capacity), RangeError, String(capacity));
  }
});

Deno.test("the ring gives records back in order across every wrap, for any run lengths", () => {
  const memory = createRing(8);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  let written = 0, read = 0;
  for (let step = 0; step < 1000; step++) {
    const count = Math.min(producer.room(), 1 + step % 5);
    for (let i = 0; i < count; i++) put(producer, i, written++);
    producer.publish(count);
    const ready = Math.min(consumer.ready(), 1 + step % 3);
    for (let i = 0; i < ready; i++) assert.equal(get(consumer, i), read++);
    consumer.release(ready);
  }
  assert.ok(read > 1000);
});

Deno.test("a full ring has no room, an empty one nothing ready, a run never passes the end", () => {
  const memory = createRing(4);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  assert.equal(producer.room(), 4);
  assert.equal(consumer.ready(), 0);
  producer.publish(3);
  assert.equal(producer.room(), 1);
  consumer.release(2);
  assert.equal(producer.room(), 1, "one before the end of the memory, two after it");
  producer.publish(1);
  assert.equal(producer.room(), 2);
  producer.publish(2);
  assert.equal(producer.room(), 0);
  assert.equal(consumer.ready(), 2, "two before the end of the memory");
  assert.throws(() => producer.publish(1), RangeError);
});

Deno.test("a producer that has not looked for room may publish nothing", () => {
  const producer = new Producer(createRing(4));
  assert.throws(() => producer.publish(1), RangeError);
  producer.publish(0);
});

Deno.test("a producer that sleeps is woken when the ring is as full as it said, and not before", () => {
  const memory = createRing(4);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  assert.equal(producer.room(), 4);
  producer.publish(4);
  assert.equal(calls("notify", () => consumer.release(1)), 0, "nobody sleeps");
  assert.equal(producer.room(), 1);
  producer.publish(1);
  // What a producer that sleeps has written: the full slots at which to wake it.
  new Int32Array(memory)[32] = 2;
  assert.equal(calls("notify", () => consumer.release(1)), 0, "three are full");
  assert.equal(calls("notify", () => consumer.release(1)), 1);
});

Deno.test("a producer waits while the ring is full, and not where one record is free", () => {
  const memory = createRing(4);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  const waits = () => calls("wait", () => assert.equal(producer.waitForRoom(), 1));
  assert.equal(producer.waitForRoom(), 4);
  producer.publish(3);
  assert.equal(waits(), 0);
  producer.publish(1);
  assert.throws(waits, /called again and again/);
  consumer.release(1);
  assert.equal(waits(), 0);
});

Deno.test("a producer that sleeps asks to be woken once an eighth of the ring is free", () => {
  const memory = createRing(64), producer = new Producer(memory);
  producer.publish(producer.room());
  // Its sleep is cut off in the middle, so what it asked for is still there.
  assert.throws(() => calls("wait", () => producer.waitForRoom()), /called again and again/);
  assert.equal(new Int32Array(memory)[32], 56);
});

Deno.test("a consumer sleeps where nothing is there, and not where a record is or the ring is closed", () => {
  const memory = createRing(4);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  const sleeps = (records: number) =>
    calls("wait", () => assert.equal(consumer.waitForRecords(), records));
  assert.equal(sleeps(0), 1);
  assert.equal(producer.room(), 4);
  producer.publish(1);
  assert.equal(sleeps(1), 0);
  consumer.release(1);
  assert.equal(sleeps(0), 1);
  producer.close();
  assert.equal(sleeps(0), 0);
});

Deno.test("so many records are worth waking up for: a quarter of the ring, and 16,384 at most", () => {
  const many = [4, 8, 1 << 15, 1 << 16, 1 << 17].map((size) => new Consumer(createRing(size)).many);
  assert.deepEqual(many, [1, 2, 8192, 16384, 16384]);
});

Deno.test("a ring that is read as fast as it is written touches its first slots only", () => {
  const memory = createRing(1024);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  const touched = new Set<number>();
  for (let step = 0, written = 0; step < 5000; step++) {
    const count = 1 + step % 7;
    assert.equal(producer.room() >= count, true);
    for (let i = 0; i < count; i++) {
      put(producer, i, written + i);
      touched.add(producer.base() + i * RECORD_BYTES);
    }
    producer.publish(count);
    // In two parts: the ring is not empty between them, and what is written then comes after it.
    const first = step % count;
    for (const part of [first, count - first]) {
      assert.equal(consumer.ready() >= part, true);
      for (let i = 0; i < part; i++) assert.equal(get(consumer, i), written++);
      consumer.release(part);
    }
  }
  assert.equal(touched.size, 7);
});

Deno.test("closed() is said only when everything was read", () => {
  const memory = createRing(4);
  const producer = new Producer(memory), consumer = new Consumer(memory);
  assert.equal(producer.room(), 4);
  producer.publish(2);
  producer.close();
  assert.equal(consumer.closed(), false);
  assert.equal(consumer.waitForRecords(), 2);
  consumer.release(2);
  assert.equal(consumer.closed(), true);
  assert.equal(consumer.waitForRecords(), 0);
});

Deno.test("a consumer that falls asleep is called once: for records, for time, or for the end", () => {
  const memory = createRing(4);
  let calls = 0;
  const producer = new Producer(memory, () => calls++), consumer = new Consumer(memory);
  producer.wakeConsumer();
  assert.equal(calls, 0, "it is awake");
  assert.equal(consumer.fallAsleep(), true);
  producer.room();
  producer.publish(1);
  assert.equal(calls, 1);
  producer.publish(1);
  producer.wakeConsumer();
  assert.equal(calls, 1, "that call is on its way");
  assert.equal(consumer.fallAsleep(), false, "there are records");
  producer.publish(1);
  assert.equal(calls, 1, "it did not sleep");
  consumer.release(3);
  assert.equal(consumer.fallAsleep(), true);
  producer.wakeConsumer();
  assert.equal(calls, 2);
  assert.equal(consumer.fallAsleep(), true);
  consumer.wakeUp();
  producer.close();
  assert.equal(calls, 2, "something else woke it");
  assert.equal(consumer.fallAsleep(), false, "the ring is closed");
});

Deno.test("the counters may pass 2^31 and 2^32", () => {
  const memory = createRing(4);
  // Words 0 and 16 are the two counters: begin both just below the wrap, as after a long run.
  for (const start of [2 ** 31 - 2, -2]) {
    const words = new Int32Array(memory, 0, 80);
    words[0] = words[16] = start;
    const producer = new Producer(memory), consumer = new Consumer(memory);
    for (let i = 0; i < 12; i++) {
      assert.equal(producer.room() > 0, true);
      put(producer, 0, i);
      producer.publish(1);
      assert.equal(consumer.ready(), 1);
      assert.equal(get(consumer, 0), i);
      consumer.release(1);
    }
  }
});

Deno.test("a producer on another thread loses nothing and waits for a slow consumer", async () => {
  const total = 200_000;
  const memory = createRing(64);
  const worker = new Worker(new URL("./producer_worker.ts", import.meta.url), { type: "module" });
  worker.postMessage({ memory, total });
  const consumer = new Consumer(memory);
  let read = 0;
  while (!consumer.closed()) {
    const count = consumer.waitForRecords();
    for (let i = 0; i < count; i++) assert.equal(get(consumer, i), read++);
    consumer.release(count);
  }
  assert.equal(read, total);
  await new Promise((done) => worker.onmessage = done);
  worker.terminate();
});
