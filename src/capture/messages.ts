// What the main thread and the capture worker say to each other outside the ring. Plain data.

/** Shared memory of one capture: both threads see it from the first message on. */
export interface CaptureMemory {
  /** `createRing()`. */
  ring: SharedArrayBuffer;
  /** Progress words, see `progress.ts`. */
  progress: SharedArrayBuffer;
  /** The decoder's counters, see `decode/counters.ts`. */
  counters: SharedArrayBuffer;
}

/** How the decoder is to be set up; values of `params.ts` PATH and a seed. */
export interface DecodeSettings {
  fragmentDatagrams: number;
  vlanTags: number;
  extensionHeaders: number;
  /** Seed of the keyed hashes: random live, fixed in replay. */
  seed: number;
}

/** To the worker: replay these files. `-` is standard input. */
export interface ReplayRequest {
  kind: "replay";
  memory: CaptureMemory;
  decode: DecodeSettings;
  files: string[];
  /** 0: as fast as possible; otherwise this many times the capture's own pace. */
  speed: number;
}

/** From the worker, once, after the ring is closed. */
export interface ReplayDone {
  kind: "replay-done";
  /** One sentence for each file that could not be read to its end. */
  faults: string[];
}
