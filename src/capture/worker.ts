// The capture worker: the thread that waits in file reads or native code, decodes, and fills the
// ring. Started by `handle.ts`; ends when its source does or when it is asked to stop.

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { Decoder } from "../decode/decoder.ts";
import { FlowFilter } from "../decode/flow_filter.ts";
import { BytesProducer } from "../ring/bytes_ring.ts";
import { Producer } from "../ring/ring.ts";
import { collectGarbage } from "../system/garbage.ts";
import { FlowMemory } from "./flow_memory.ts";
import type { CaptureMessage, CaptureRequest } from "./messages.ts";
import { Pace } from "./pace.ts";
import { Progress } from "./progress.ts";
import { replayFiles } from "./replay_loop.ts";

async function capture(request: CaptureRequest): Promise<string[]> {
  const { memory } = request;
  const producer = new Producer(
    memory.ring,
    request.kind === "watch" ? () => say({ kind: "awake" }) : undefined,
  );
  const progress = new Progress(memory.progress);
  try {
    const counters = new Float64Array(memory.counters);
    const filter = memory.flows && new FlowFilter(request.decode.seed);
    const decoder = new Decoder(producer.records, { ...request.decode, counters, filter });
    const packets = memory.packets && new BytesProducer(memory.packets);
    const flows = filter && new FlowMemory(memory.flows!, filter, producer);
    const parts = { decoder, producer, packets, flows, progress };
    if (request.kind === "replay") {
      const { speed, cutToSnapshot } = request;
      const pace = speed > 0 ? new Pace(speed, () => performance.now()) : undefined;
      const notice = (text: string) => say({ kind: "notice", text });
      return replayFiles(request.files, {
        ...parts,
        pace,
        notice,
        cutToSnapshot,
        canLookInside: request.decode.inside !== undefined,
      });
    }
    // Replay runs where there is no libpcap, and starts sooner without its binding.
    const { watchDevices } = await import("./watch_devices.ts");
    collectGarbage();
    return await watchDevices(request, { ...parts, say });
  } finally {
    // Whatever happens, the other thread must not wait for records that never come.
    producer.close();
  }
}

function say(message: CaptureMessage): void {
  self.postMessage(message);
}

self.addEventListener("message", async (event) => {
  try {
    say({ kind: "done", faults: await capture((event as MessageEvent<CaptureRequest>).data) });
  } catch (error) {
    // Thrown further, the runtime would print it with its whole stack.
    say({ kind: "broken", reason: reasonOf(error) });
  }
  self.close();
});

/** A mistake of ours in one line: what, and where. */
function reasonOf(error: unknown): string {
  const [place] = /\bat .*/.exec((error as Error).stack ?? "") ?? [];
  return place === undefined ? `${error}` : `${error} ${place}`;
}
