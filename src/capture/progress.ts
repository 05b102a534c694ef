// Words of shared memory that the worker writes and the main thread reads at any time: how far the worker is, what
// was lost, and whether to stop.

/** Indices of 32-bit words. */
const STOP = 0; // 1 asks the worker to end
const FILE = 1; // index of the file being read
const START = 2; // what the worker may go on with, once its devices are open: see `Start`
/** Indices of 64-bit numbers, after the words. */
const BYTES = 2;
const RECEIVED = 3;
const KERNEL_DROPS = 4;
const INTERFACE_DROPS = 5;
const RING_DROPS = 6;
const LOOKED_US = 7;
const KEPT = 8;
const DEVICES = 9;
/** Of each device: received, dropped by the kernel, 1 while it is up. */
const NUMBERS_OF_DEVICE = 3;
/** Devices counted one by one. Of more, the rest have their part in the sums only. */
export const DEVICES_COUNTED_MAX = 64;
const PROGRESS_BYTES = (DEVICES + DEVICES_COUNTED_MAX * NUMBERS_OF_DEVICE) * 8;

/** What one device received and lost since the start. */
export interface DeviceCounts {
  received: number;
  /** Dropped by the kernel. */
  kernel: number;
  isUp: boolean;
}

/** How the worker is to go on once its devices are open; it waits to be told. */
export const Start = {
  Unknown: 0,
  /** As it is. */
  Free: 1,
  /** After it has given up all but the system calls it needs. */
  Confined: 2,
  /** And all files, where the kernel has Landlock. */
  ConfinedWithLandlock: 3,
} as const;
export type Start = typeof Start[keyof typeof Start];

/** A stop between the look at the flag and the sleep is seen after so long. */
const LOOK_MS = 100;

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
    // One that waits for its start is woken as well.
    Atomics.notify(this.words, START);
  }

  /** Lets the worker go on. */
  start(how: Start): void {
    Atomics.store(this.words, START, how);
    Atomics.notify(this.words, START);
  }

  /** Sleeps until the other thread says how to go on; undefined when it says to stop. */
  waitForStart(): Start | undefined {
    while (!this.stopped()) {
      const how = Atomics.load(this.words, START) as Start;
      if (how !== Start.Unknown) return how;
      Atomics.wait(this.words, START, Start.Unknown, LOOK_MS);
    }
    return undefined;
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
   * Live: packets that passed the kernel's filter, and those dropped there, as they were at a time
   * (microseconds since 1970). Written by the worker.
   */
  setKernel(received: number, dropped: number, lookedUs: number): void {
    this.numbers[RECEIVED] = received;
    this.numbers[KERNEL_DROPS] = dropped;
    // Last, and read first: a time never belongs to counts that came later.
    this.numbers[LOOKED_US] = lookedUs;
  }

  /** Live: packets that interfaces lost. Written by the main thread. */
  setInterfaceDrops(dropped: number): void {
    this.numbers[INTERFACE_DROPS] = dropped;
  }

  /** Live: one more packet found the ring full. */
  countRingDrop(): void {
    this.numbers[RING_DROPS]++;
  }

  /** Live: so many more bytes of packets were taken from the kernel. Written by the worker. */
  countKept(bytes: number): void {
    this.numbers[KEPT] += bytes;
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
      kept: numbers[KEPT],
    };
  }

  /** Live: the same for one device. */
  setDevice(index: number, { received, kernel, isUp }: DeviceCounts): void {
    if (index >= DEVICES_COUNTED_MAX) return;
    this.numbers.set([received, kernel, isUp ? 1 : 0], DEVICES + index * NUMBERS_OF_DEVICE);
  }

  /** Live: of the first `count` devices. */
  devices(count: number): DeviceCounts[] {
    return Array.from({ length: Math.min(count, DEVICES_COUNTED_MAX) }, (_, index) => {
      const at = DEVICES + index * NUMBERS_OF_DEVICE;
      const [received, kernel, isUp] = this.numbers.subarray(at, at + NUMBERS_OF_DEVICE);
      return { received, kernel, isUp: isUp === 1 };
    });
  }
}
