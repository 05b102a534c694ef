// Words that the worker writes and the main thread reads at any time: how far it is, what was
// lost, and whether to stop.

/** Indices of 32-bit words. */
const STOP = 0; // 1 asks the worker to end
const FILE = 1; // index of the file being read
/** Indices of 64-bit numbers, after the words. */
const BYTES = 1;
const RECEIVED = 2;
const KERNEL_DROPS = 3;
const INTERFACE_DROPS = 4;
const RING_DROPS = 5;
const LOOKED_US = 6;
const PROGRESS_BYTES = 56;

/** Shared progress of one capture. Each number has one writer. */
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

  /**
   * Live: packets that passed the kernel's filter, and those dropped there and by interfaces, as they
   * were at a time (microseconds since 1970).
   */
  setKernel(received: number, dropped: number, interfaceDropped: number, lookedUs: number): void {
    this.numbers[RECEIVED] = received;
    this.numbers[KERNEL_DROPS] = dropped;
    this.numbers[INTERFACE_DROPS] = interfaceDropped;
    // Last, and read first: a time never belongs to counts that came later.
    this.numbers[LOOKED_US] = lookedUs;
  }

  /** Live: one more packet found the ring full. */
  countRingDrop(): void {
    this.numbers[RING_DROPS]++;
  }

  /** Live: what was received and lost since the start. `lookedUs` is 0 before the first look. */
  losses() {
    const { numbers } = this;
    const lookedUs = numbers[LOOKED_US];
    return {
      lookedUs,
      received: numbers[RECEIVED],
      kernel: numbers[KERNEL_DROPS],
      interface: numbers[INTERFACE_DROPS],
      ring: numbers[RING_DROPS],
    };
  }
}
