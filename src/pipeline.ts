// The one place that sees both ends: joins a capture to a detector and drives them until the
// capture ends. Knows no command line and no output.

import { CaptureHandle, type ReplaySource } from "./capture/handle.ts";
import { type DecodeTotals, decodeTotals } from "./capture/totals.ts";
import type { Emit } from "./event.ts";
import type { Records } from "./record.ts";

/** What every detector and the packet logger are to the pipeline. */
export interface Detector {
  /** Takes `count` records that lie in a row from byte offset `base` on. */
  process(base: number, count: number): void;
  /** The capture has ended: say what is still unsaid. */
  finish(): void;
}

/** Makes the detector over the ring's records. */
export type MakeDetector = (records: Records, emit: Emit) => Detector;

export interface Progress {
  /** The file being read. */
  file: string;
  /** Bytes read of all files so far. */
  bytes: number;
  packets: number;
  elapsedMs: number;
}

export interface Hooks {
  onEvent: Emit;
  /** Called at most every `TURN_MS`, between batches. */
  onTurn?: (progress: Progress) => void;
}

export interface ReplayTotals {
  decoded: DecodeTotals;
  bytesRead: number;
  elapsedMs: number;
  /** One sentence for each file that was not read to its end. */
  faults: string[];
  /** A stop was asked for. */
  stopped: boolean;
}

/** Records given to the detector before the ring's slots are released again. */
const BATCH = 1024;

/** How long the event loop (signals, progress, slow sinks) may have to wait. */
const TURN_MS = 50;

/**
 * Replays files through a detector, as fast as both can. `signal` ends it early: what was read
 * until then is still judged.
 */
export async function runReplay(
  source: ReplaySource,
  makeDetector: MakeDetector,
  hooks: Hooks,
  signal?: AbortSignal,
): Promise<ReplayTotals> {
  const started = performance.now();
  const capture = CaptureHandle.replay(source);
  const { consumer, progress } = capture;
  let failure: unknown;
  capture.done.catch((error) => failure = error);
  const stop = () => capture.stop();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  try {
    const detector = makeDetector(consumer.records, hooks.onEvent);
    for (let lastTurn = started; failure === undefined && !consumer.closed();) {
      const count = Math.min(BATCH, consumer.waitForRecords());
      if (count > 0) {
        detector.process(consumer.base(), count);
        consumer.release(count);
      }
      const now = performance.now();
      if (now - lastTurn < TURN_MS) continue;
      hooks.onTurn?.({
        file: source.files[progress.file],
        bytes: progress.bytes,
        packets: decodeTotals(capture.counters).packets,
        elapsedMs: now - started,
      });
      await turn();
      lastTurn = performance.now();
    }
    const { faults } = await capture.done;
    detector.finish();
    return {
      decoded: decodeTotals(capture.counters),
      bytesRead: progress.bytes,
      elapsedMs: performance.now() - started,
      faults,
      stopped: progress.stopped(),
    };
  } finally {
    signal?.removeEventListener("abort", stop);
    capture.close();
  }
}

/** One turn of the event loop, timers and signals included. */
function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
