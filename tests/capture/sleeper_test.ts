// The wake-up of the main thread by another one: no record is left lying, whenever it comes.

import assert from "node:assert/strict";
import { Sleeper } from "../../src/capture/sleeper.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";

/** A wake-up that never comes leaves a test waiting: then it fails, long after it should have passed. */
const HANGS_MS = 60_000;

Deno.test("a thread that publishes now and then wakes the one that sleeps, each time", async () => {
  const total = 3000;
  const memory = createRing(64);
  const sleeper = new Sleeper(new Consumer(memory));
  const consumer = new Consumer(memory);
  const worker = new Worker(new URL("./sleeper_worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = () => sleeper.wake();
  const stuck = setTimeout(() => {
    worker.terminate();
    throw new Error(`nobody was woken: ${read} of ${total} records were read`);
  }, HANGS_MS);
  let read = 0, sleeps = 0;
  worker.postMessage({ memory, total });
  while (!consumer.closed()) {
    // No timer, and the worker has no beat: nothing else would end this sleep.
    await sleeper.sleep(Infinity);
    sleeps++;
    const count = consumer.ready();
    read += count;
    consumer.release(count);
  }
  clearTimeout(stuck);
  worker.terminate();
  assert.equal(read, total);
  assert.ok(sleeps > total / 100, `${sleeps} sleeps`);
});

Deno.test("a sleep ends by itself when its time is over, and at once when woken before it began", async () => {
  const memory = createRing(4);
  const sleeper = new Sleeper(new Consumer(memory));
  await sleeper.sleep(1);
  sleeper.wake();
  await sleeper.sleep(Infinity);
  const asleep = sleeper.sleep(Infinity);
  sleeper.wake();
  await asleep;
});

Deno.test("there is no sleep while records are there, and none once the ring is closed", async () => {
  const memory = createRing(4);
  const producer = new Producer(memory, () => assert.fail("nobody slept"));
  const consumer = new Consumer(memory), sleeper = new Sleeper(consumer);
  producer.room();
  producer.publish(1);
  await sleeper.sleep(Infinity);
  consumer.release(1);
  producer.close();
  await sleeper.sleep(Infinity);
});
