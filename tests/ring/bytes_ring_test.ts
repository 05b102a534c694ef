import assert from "node:assert/strict";
import { BytesConsumer, BytesProducer, createBytesRing } from "../../src/ring/bytes_ring.ts";
import { Random } from "../support/random.ts";
import { calls } from "./atomics_calls.ts";

function ends(bytes: number) {
  const memory = createBytesRing(bytes);
  return { producer: new BytesProducer(memory), consumer: new BytesConsumer(memory) };
}

/** A packet of `length` bytes that all are `fill`. */
function packet(length: number, fill: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

Deno.test("BytesProducer hands entries over in order, with all that belongs to them", () => {
  const { producer, consumer } = ends(1024);
  assert.ok(producer.put(Uint8Array.of(9, 1, 2, 3, 9), 1, 4, 60, 789, 113));
  assert.ok(producer.put(packet(0, 0), 0, 0, 1500, 0, 1));
  producer.publish();
  consumer.next();
  assert.deepEqual([...consumer.bytes.subarray(consumer.start, consumer.end)], [1, 2, 3]);
  assert.deepEqual([consumer.wireLength, consumer.nanos, consumer.linkType], [60, 789, 113]);
  consumer.next();
  assert.equal(consumer.end - consumer.start, 0);
  assert.equal(consumer.wireLength, 1500);
});

Deno.test("BytesProducer has no room until the reader gives some back", () => {
  const { producer, consumer } = ends(256);
  let count = 0;
  // No number of an entry is taken for a counter, which lie in the same memory.
  while (count < 100 && producer.put(packet(40, 0xff), 0, 40, 0xffff, 999, 113)) count++;
  assert.equal(count, 4, "56 bytes each");
  producer.publish();
  consumer.next();
  assert.ok(!producer.put(packet(40, 9), 0, 40, 40, 0, 1), "read is not given back");
  consumer.release();
  assert.ok(producer.put(packet(24, 9), 0, 24, 24, 0, 1));
});

Deno.test("BytesProducer fills its memory to the last byte", () => {
  const { producer } = ends(256);
  for (let i = 0; i < 4; i++) assert.ok(producer.put(packet(48, i), 0, 48, 48, 0, 1), `${i}`);
  assert.ok(!producer.put(packet(0, 0), 0, 0, 0, 0, 1));
});

Deno.test("BytesProducer waits for room where the reader has something, and not where it gave all back", () => {
  const { producer, consumer } = ends(256);
  producer.put(packet(48, 1), 0, 48, 48, 0, 1);
  producer.publish();
  assert.equal(calls("wait", () => producer.waitForRoom()), 1);
  consumer.next();
  consumer.release();
  assert.equal(calls("wait", () => producer.waitForRoom()), 0);
});

Deno.test("BytesProducer never wraps an entry, whatever the lengths", () => {
  const seed = 20261122;
  console.log(`seed ${seed}`);
  const random = new Random(seed), { producer, consumer } = ends(2048);
  const waiting: { length: number; fill: number }[] = [];
  let passed = 0;
  for (let i = 0; i < 20_000; i++) {
    const length = random.below(500), fill = i & 255;
    if (producer.put(packet(length, fill), 0, length, i, i % 1000, 1)) {
      waiting.push({ length, fill });
      continue;
    }
    producer.publish();
    while (waiting.length > random.below(4)) {
      const { length, fill } = waiting.shift()!;
      consumer.next();
      const bytes = consumer.bytes.subarray(consumer.start, consumer.end);
      assert.equal(bytes.length, length);
      assert.ok(bytes.every((byte) => byte === fill));
      passed++;
    }
    consumer.release();
  }
  assert.ok(passed > 10_000, `${passed}`);
});

Deno.test("BytesProducer holds the largest packet that was promised, wherever it begins", () => {
  const { producer, consumer } = ends(4096);
  for (let before = 0; before < 500; before++) {
    for (const length of [before % 64, 1024]) {
      assert.ok(producer.put(packet(length, 1), 0, length, length, 0, 1), `after ${before}`);
      producer.publish();
      consumer.next();
      assert.equal(consumer.end - consumer.start, length);
      consumer.release();
    }
  }
});

Deno.test("createBytesRing() refuses what is no power of two, put() what can never fit", () => {
  for (const bytes of [1000, 32, 0, -64, 64.5, 96]) {
    assert.throws(() => createBytesRing(bytes), RangeError, `${bytes}`);
  }
  assert.ok(createBytesRing(64).byteLength > 64);
  assert.throws(() => ends(256).producer.put(packet(200, 0), 0, 200, 200, 0, 1), RangeError);
});
