// The wake-up of the main thread by another one: no record is left lying, whenever it comes.

import assert from "node:assert/strict";
import { Sleeper } from "../../src/capture/sleeper.ts";
import { Consumer, createRing, Producer } from "../../src/ring/ring.ts";

/** A wake-up that never comes leaves a test waiting: then it fails, long after it should have passed. */
const HANGS_MS = 300_000;

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
  assert.equal(await sleeper.sleep(1), true);
  sleeper.wake();
  assert.equal(await sleeper.sleep(Infinity), false);
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

Deno.test("records gather until they are many, the ring is closed or the time is over, whichever is first", async () => {
  const memory = createRing(64);
  const consumer = new Consumer(memory), sleeper = new Sleeper(consumer);
  let wakes = 0;
  const producer = new Producer(memory, () => {
    wakes++;
    sleeper.wake();
  });
  const publish = (count: number) => {
    producer.room();
    producer.publish(count);
  };
  assert.equal(consumer.many, 16, "no more than a quarter of the ring");

  const gathering = sleeper.gather(HANGS_MS);
  publish(15);
  assert.equal(wakes, 0, "they are few");
  publish(1);
  assert.equal(wakes, 1);
  publish(20);
  assert.equal(wakes, 1, "it is awake");
  await gathering;
  assert.equal(await sleeper.gather(HANGS_MS), false, "they are there already");
  consumer.release(36);

  publish(1);
  await sleeper.gather(1);
  assert.deepEqual([wakes, consumer.ready()], [1, 1], "few, and its time was over");
  consumer.release(1);

  const last = sleeper.gather(HANGS_MS);
  producer.close();
  await last;
  assert.equal(wakes, 2);
});
