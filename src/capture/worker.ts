// The capture worker: the thread that waits in file reads or native code, decodes, and fills the
// ring. Started by `handle.ts`; ends when its source does or when it is asked to stop.

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { Decoder } from "../decode/decoder.ts";
import { Producer } from "../ring/ring.ts";
import type { ReplayDone, ReplayRequest } from "./messages.ts";
import { Pace } from "./pace.ts";
import { Progress } from "./progress.ts";
import { replayFile } from "./replay_loop.ts";

async function replay(request: ReplayRequest): Promise<ReplayDone> {
  const producer = new Producer(request.memory.ring);
  const progress = new Progress(request.memory.progress);
  const pace = request.speed > 0 ? new Pace(request.speed, () => performance.now()) : undefined;
  const counters = new Float64Array(request.memory.counters);
  const decoder = new Decoder(producer.records, { ...request.decode, counters });
  const faults: string[] = [];
  try {
    for (const [index, name] of request.files.entries()) {
      if (progress.stopped()) break;
      progress.file = index;
      const fault = await replayFile(name, { decoder, producer, progress, pace });
      if (fault !== undefined) faults.push(fault);
    }
  } finally {
    // Whatever happens, the other thread must not wait for records that never come.
    producer.close();
  }
  return { kind: "replay-done", faults };
}

self.addEventListener("message", async (event) => {
  self.postMessage(await replay((event as MessageEvent<ReplayRequest>).data));
  self.close();
});
