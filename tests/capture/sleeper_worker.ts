// The other thread of sleeper_test.ts: publishes records one by one, at all distances from the moment at which
// the consumer falls asleep.

import { Producer } from "../../src/ring/ring.ts";

self.addEventListener("message", (event) => {
  const { memory, total } = (event as MessageEvent).data as {
    memory: SharedArrayBuffer;
    total: number;
  };
  const producer = new Producer(memory, () => self.postMessage("awake"));
  const never = new Int32Array(new SharedArrayBuffer(4));
  for (let written = 0; written < total; written++) {
    producer.waitForRoom();
    producer.publish(1);
    // Now and then long enough for the other thread to sleep soundly; mostly about as long as a wake-up takes.
    Atomics.wait(never, 0, 0, written % 50 === 0 ? 5 : (written % 7) / 50);
  }
  producer.close();
});
