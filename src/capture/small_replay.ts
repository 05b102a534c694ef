// A small capture, read on the thread that judges it. To start another thread takes longer than to read
// a megabyte. Knows files and the ring; no detector.

import { COUNTERS } from "../decode/counters.ts";
import { Decoder } from "../decode/decoder.ts";
import { Consumer, createRing, Producer } from "../ring/ring.ts";
import { FileInput } from "./file_input.ts";
import type { ReplaySource } from "./handle.ts";
import { Progress } from "./progress.ts";
import { replayFiles } from "./replay_loop.ts";
import { SMALL_BYTES_MAX } from "./small.ts";

/** Records between decoder and detector; few, as both take turns. */
const RING_RECORDS = 1024;

/** Bytes unpacked at once to learn how many there are. */
const PIECE_BYTES = 64 * 1024;

/**
 * Are the files small once they are unpacked? Reads them for that, up to the bound: a packed file may hold a
 * thousand times its size. False where one cannot be read; what is wrong is found again as it is replayed.
 */
export function areSmallUnpacked(files: readonly string[]): boolean {
  const piece = new Uint8Array(PIECE_BYTES);
  let bytes = 0;
  for (const file of files) {
    const input = FileInput.open(file);
    if (typeof input === "string") return false;
    try {
      for (let count = -1; count !== 0 && bytes <= SMALL_BYTES_MAX; bytes += count) {
        count = input.read(piece);
      }
    } catch {
      return false;
    } finally {
      input.close();
    }
  }
  return bytes <= SMALL_BYTES_MAX;
}

/** The producer's end of a ring whose consumer is on the same thread: nobody else makes room. */
class TurnTaker extends Producer {
  constructor(memory: SharedArrayBuffer, private readonly makeRoom: () => void) {
    super(memory);
  }

  override waitForRoom(): number {
    if (this.room() === 0) this.makeRoom();
    return this.room();
  }
}

/** One small capture. */
export class SmallReplay {
  readonly consumer: Consumer;
  readonly progress = new Progress();
  readonly counters = new Float64Array(COUNTERS);
  private readonly memory = createRing(RING_RECORDS);

  constructor(private readonly source: ReplaySource) {
    this.consumer = new Consumer(this.memory);
  }

  /**
   * Reads all files, each to its end or to where it is damaged. `take` is given so many records at once, in
   * order, and what it throws ends the replay. Gives one sentence for each file that was not read to its end.
   */
  run(take: (count: number) => void, notice: (text: string) => void): string[] {
    const { files, path, seed, inside, cutToSnapshot = false } = this.source;
    let failure: { error: unknown } | undefined;
    // Not thrown through the loop of files, which would take it for a file's fault.
    const guarded = (count: number) => {
      try {
        if (failure === undefined) take(count);
      } catch (error) {
        failure = { error };
        this.progress.stop();
      }
    };
    const takeAll = () => {
      for (let count = this.consumer.ready(); count > 0; count = this.consumer.ready()) {
        guarded(count);
        this.consumer.release(count);
      }
    };
    const producer = new TurnTaker(this.memory, takeAll);
    const settings = { ...path, seed, inside, counters: this.counters };
    const faults = replayFiles(files, {
      decoder: new Decoder(producer.records, settings),
      producer,
      packets: undefined,
      progress: this.progress,
      pace: undefined,
      notice,
      cutToSnapshot,
      canLookInside: inside !== undefined,
    });
    takeAll();
    if (failure !== undefined) throw failure.error;
    return faults;
  }
}
