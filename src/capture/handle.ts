// The main thread's end of a capture: starts the worker, owns the ring's reading end, stops it.

import { COUNTERS } from "../decode/counters.ts";
import { PATH, type Values } from "../params.ts";
import { Consumer, createRing } from "../ring/ring.ts";
import type { CaptureMemory, ReplayDone, ReplayRequest } from "./messages.ts";
import { Progress } from "./progress.ts";

/** What a replay is asked to do. */
export interface ReplaySource {
  /** Paths in order; `-` is standard input. */
  files: string[];
  /** 0 as fast as possible, otherwise a multiple of the capture's own pace. */
  speed: number;
  path: Values<typeof PATH>;
  seed: number;
}

/** A running capture. Records come from `consumer`; `done` resolves after the ring was closed. */
export class CaptureHandle {
  readonly consumer: Consumer;
  readonly progress = new Progress();
  readonly counters: Float64Array;
  readonly done: Promise<ReplayDone>;
  private readonly worker: Worker;

  private constructor(ringRecords: number, start: (memory: CaptureMemory) => ReplayRequest) {
    const memory = {
      ring: createRing(ringRecords),
      progress: this.progress.memory,
      counters: new SharedArrayBuffer(COUNTERS * 8),
    };
    this.consumer = new Consumer(memory.ring);
    this.counters = new Float64Array(memory.counters);
    const request = start(memory);
    // The worker reads what it is told to and nothing else; it needs no other permission.
    const read = request.files.filter((file) => file !== "-");
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "capture",
      deno: { permissions: { read: read.length > 0 ? read : false } },
    });
    this.done = new Promise((resolve, reject) => {
      this.worker.onmessage = (event: MessageEvent<ReplayDone>) => resolve(event.data);
      this.worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`Capture worker failed: ${event.message}`));
      };
    });
    this.worker.postMessage(request);
  }

  /** Starts reading the files at once. */
  static replay(source: ReplaySource): CaptureHandle {
    const { ringRecords, ...decode } = source.path;
    return new CaptureHandle(ringRecords, (memory) => ({
      kind: "replay",
      memory,
      decode: { ...decode, seed: source.seed },
      files: source.files,
      speed: source.speed,
    }));
  }

  /** Asks the worker to end; records already in the ring can still be read. */
  stop(): void {
    this.progress.stop();
  }

  /** Ends the thread, after `done`. */
  close(): void {
    this.worker.terminate();
  }
}
