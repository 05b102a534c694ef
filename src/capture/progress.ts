// Words that the worker writes and the main thread reads at any time: how far it is, and stop.

/** Indices of 32-bit words. */
const STOP = 0; // 1 asks the worker to end
const FILE = 1; // index of the file being read
/** Index of a 64-bit number, after the words. */
const BYTES = 1;
const PROGRESS_BYTES = 16;

/** Shared progress of one capture. */
export class Progress {
  readonly memory: SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly numbers: Float64Array;

  constructor(memory = new SharedArrayBuffer(PROGRESS_BYTES)) {
    this.memory = memory;
    this.words = new Int32Array(memory);
    this.numbers = new Float64Array(memory);
  }

  /** Asks the worker to stop at its next batch. */
  stop(): void {
    Atomics.store(this.words, STOP, 1);
    Atomics.notify(this.words, STOP);
  }

  stopped(): boolean {
    return Atomics.load(this.words, STOP) === 1;
  }

  /** Sleeps until `stop()` or for so long; for pacing a replay. */
  pause(ms: number): void {
    Atomics.wait(this.words, STOP, 0, ms);
  }

  get file(): number {
    return Atomics.load(this.words, FILE);
  }

  set file(index: number) {
    Atomics.store(this.words, FILE, index);
  }

  /** Bytes read so far, of the files as they lie on disk (compressed ones: compressed bytes). */
  get bytes(): number {
    return this.numbers[BYTES];
  }

  set bytes(count: number) {
    this.numbers[BYTES] = count;
  }
}
