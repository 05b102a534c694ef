// The other thread of ring_test.ts: publishes numbered records in runs of changing length.

import { Field, RECORD_BYTES } from "../../src/record.ts";
import { Producer } from "../../src/ring/ring.ts";

self.addEventListener("message", (event) => {
  const { memory, total } = (event as MessageEvent).data as {
    memory: SharedArrayBuffer;
    total: number;
  };
  const producer = new Producer(memory);
  for (let written = 0; written < total;) {
    const count = Math.min(producer.waitForRoom(), total - written, 1 + written % 7);
    for (let i = 0; i < count; i++) {
      producer.records.u32[(producer.base() + i * RECORD_BYTES + Field.Sequence) >> 2] = written++;
    }
    producer.publish(count);
  }
  producer.close();
  self.postMessage("done");
});
