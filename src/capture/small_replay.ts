// A small capture, read on the thread that judges it. To start another thread takes longer than to read
// a megabyte. Knows files and the ring; no detector.

import { COUNTERS } from "../decode/counters.ts";
import { Decoder } from "../decode/decoder.ts";
import { Consumer, createRing, Producer } from "../ring/ring.ts";
import { type CaptureInput, FileInput } from "./file_input.ts";
import type { ReplaySource } from "./handle.ts";
import { Progress } from "./progress.ts";
import { replayFiles } from "./replay_loop.ts";
import { SMALL_BYTES_MAX } from "./small.ts";

/** Records between decoder and detector; few, as both take turns. */
const RING_RECORDS = 1024;

/** What was in a file, unpacked, all of it. */
class UnpackedInput implements CaptureInput {
  #at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    readonly bytesRead: number,
    private readonly warned: string | undefined,
  ) {}

  read(into: Uint8Array): number {
    const piece = this.bytes.subarray(this.#at, this.#at + into.length);
    into.set(piece);
    this.#at += piece.length;
    return piece.length;
  }

  warning(): string | undefined {
    return this.warned;
  }

  close(): void {}
}

/** By its name, the content of each file from its beginning on: one may be given twice. */
export type Unpacked = Map<string, () => CaptureInput>;

/**
 * What the files hold, where all are small once they are unpacked; else undefined. Reads no more than the bound, as a
 * packed file may hold a thousand times its size. Undefined also where one cannot be read: what is wrong is found
 * again as it is replayed.
 */
export function unpackSmall(files: readonly string[]): Unpacked | undefined {
  const unpacked: Unpacked = new Map();
  // One byte more tells what is larger.
  const whole = new Uint8Array(SMALL_BYTES_MAX + 1);
  let room = whole.length;
  for (const file of files) {
    const input = FileInput.open(file);
    if (typeof input === "string") return undefined;
    try {
      let used = 0;
      for (let count = -1; count !== 0 && used < room; used += count) {
        count = input.read(whole.subarray(used, room));
      }
      room -= used;
      if (room === 0) return undefined;
      const bytes = whole.slice(0, used), { bytesRead } = input, warning = input.warning();
      unpacked.set(file, () => new UnpackedInput(bytes, bytesRead, warning));
    } catch {
      return undefined;
    } finally {
      input.close();
    }
  }
  return unpacked;
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

  constructor(private readonly source: ReplaySource, private readonly unpacked: Unpacked) {
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
      flows: undefined,
      progress: this.progress,
      pace: undefined,
      notice,
      cutToSnapshot,
      canLookInside: inside !== undefined,
      known: (name) => this.unpacked.get(name)?.(),
    });
    takeAll();
    if (failure !== undefined) throw failure.error;
    return faults;
  }
}
