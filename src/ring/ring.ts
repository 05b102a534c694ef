// A single-producer single-consumer ring of packet records in shared memory. Knows slots and
// counts; nothing of what a record means.
//
// Both ends work in runs: the producer decodes straight into the free slots and publishes many at
// once, the consumer reads them in place and releases many at once, so nothing is copied and the
// atomics cost a fraction of a nanosecond per record.
//
// The two counters only grow (modulo 2^32); their difference is the number of full slots. Each is
// written by one side only.
//
// Whenever the ring is empty, the producer begins again at its first slot. A ring of many megabytes, for the worst
// case, then touches no more memory than the longest backlog, and what is written is still in the cache.
//
// A wake-up costs microseconds, as long as dozens of records. So who sleeps on a full ring is woken once an eighth of
// it is free: on a busy machine that may take a millisecond, and the other end has the rest to go on with. Who sleeps
// on an empty one, unless it asked for less, is woken once a quarter is full. The first few times it is woken sooner:
// a small capture is over before a quarter is full, and both threads have work to do on it.
//
// A consumer that has an event loop cannot sleep on memory: it says that it will (`fallAsleep`), and the
// producer wakes it in its own way, once for each time it has said so.

import { LINE_OFFSET } from "../cache_lines.ts";
import { RECORD_BYTES, Records } from "../record.ts";

/** Indices into the ring's control words; one cache line (16 words) each, against false sharing. */
const WRITTEN = 0; // records published by the producer
const RELEASED = 16; // records released by the consumer
const PRODUCER_WAITS = 32; // while the producer sleeps on RELEASED: full slots at which to wake it
const CONSUMER_WAITS = 48; // while the consumer sleeps on WRITTEN: full slots at which to wake it
const CLOSED = 64; // 1 once the producer has published its last record
const ORIGIN = 80; // the count at which the first slot was taken last; written by the producer
const CONTROL_WORDS = 96;
/** So long that records begin with a line. */
const CONTROL_BYTES = CONTROL_WORDS * 4 + LINE_OFFSET;

/** Full slots at which a consumer that sleeps is woken first; twice as many each time. */
const FIRST_WAKE = 64;

/** See `Consumer.many`. */
const MANY = 16384;

/** A sleeper looks again after this long even if no one woke it. */
const WAIT_MS = 100;

/** Bytes of shared memory for a ring of `capacity` records. */
export function ringBytes(capacity: number): number {
  return CONTROL_BYTES + capacity * RECORD_BYTES;
}

/** The memory of a new ring. `capacity` is a power of two, so that counters may wrap. */
export function createRing(capacity: number): SharedArrayBuffer {
  if (!Number.isInteger(capacity) || capacity < 2 || (capacity & (capacity - 1)) !== 0) {
    throw new RangeError(`Cannot create Ring: capacity must be a power of two, got ${capacity}`);
  }
  return new SharedArrayBuffer(ringBytes(capacity));
}

/** What both ends have: the records, and where in them a counter points. */
abstract class End {
  declare readonly records: Records;
  declare protected readonly control: Int32Array;
  declare protected readonly mask: number;

  constructor(memory: SharedArrayBuffer) {
    const capacity = (memory.byteLength - CONTROL_BYTES) / RECORD_BYTES;
    this.control = new Int32Array(memory, 0, CONTROL_WORDS);
    this.records = new Records(memory, CONTROL_BYTES, capacity);
    this.mask = capacity - 1;
  }

  /** Sleeps while the counter at `index` is `seen`, until woken at `full` full slots, at most `WAIT_MS`. */
  protected sleep(flag: number, full: number, index: number, seen: number): void {
    Atomics.store(this.control, flag, full);
    Atomics.wait(this.control, index, seen, WAIT_MS);
    Atomics.store(this.control, flag, 0);
  }

  /** The slot of the record with this count, by the origin of those before and after it. */
  protected slotOf(count: number, origin: number): number {
    return (count - origin) & this.mask;
  }

  /** Full slots. */
  protected full(): number {
    return (Atomics.load(this.control, WRITTEN) - Atomics.load(this.control, RELEASED)) | 0;
  }
}

/** The writing end; one per ring, on one thread. */
export class Producer extends End {
  private written = Atomics.load(this.control, WRITTEN);
  private free = 0;
  private origin = Atomics.load(this.control, ORIGIN);
  declare private readonly wake: (() => void) | undefined;

  /** `wake` wakes a consumer that sleeps by `fallAsleep()`; absent: it sleeps on the memory. */
  constructor(memory: SharedArrayBuffer, wake?: () => void) {
    super(memory);
    this.wake = wake;
  }

  /** Free records that lie in a row from `base()` on; 0 when the ring is full. Never waits. */
  room(): number {
    const released = Atomics.load(this.control, RELEASED);
    // The consumer looks at the origin after it has seen a record, which comes after this.
    if (released === this.written && this.origin !== released) {
      this.origin = released;
      Atomics.store(this.control, ORIGIN, released);
    }
    this.free = this.mask + 1 - ((this.written - released) | 0);
    return Math.min(this.free, this.mask + 1 - this.slotOf(this.written, this.origin));
  }

  /** As `room()`, but waits for the consumer while the ring is full. */
  waitForRoom(): number {
    for (;;) {
      const seen = Atomics.load(this.control, RELEASED);
      const room = this.room();
      if (room > 0) return room;
      const capacity = this.mask + 1;
      this.sleep(PRODUCER_WAITS, capacity - (capacity >> 3), RELEASED, seen);
    }
  }

  /** Records handed over so far, modulo 2^32: the number of the first free one. */
  count(): number {
    return this.written;
  }

  /** Records given back so far. */
  returned(): number {
    return Atomics.load(this.control, RELEASED);
  }

  /** Byte offset of the first free record in `records.bytes`. */
  base(): number {
    return this.slotOf(this.written, this.origin) * RECORD_BYTES;
  }

  /** Hands the first `count` free records to the consumer; at most what `room()` gave. */
  publish(count: number): void {
    if (count > this.free) {
      throw new RangeError(`Cannot publish ${count} records: only ${this.free} are free`);
    }
    this.written = (this.written + count) | 0;
    this.free -= count;
    Atomics.add(this.control, WRITTEN, count);
    const enough = Atomics.load(this.control, CONSUMER_WAITS);
    if (enough > 0 && this.full() >= enough) this.wakeConsumer();
  }

  /** Wakes the consumer, if it sleeps, whether or not there are records: time has passed. */
  wakeConsumer(): void {
    if (this.wake === undefined) Atomics.notify(this.control, WRITTEN);
    // Who takes the flag wakes, so one call is on its way at most.
    else if (Atomics.exchange(this.control, CONSUMER_WAITS, 0) > 0) this.wake();
  }

  /** No more records will come. */
  close(): void {
    Atomics.store(this.control, CLOSED, 1);
    this.wakeConsumer();
  }
}

/** The reading end; one per ring, on one thread. */
export class Consumer extends End {
  private enough = FIRST_WAKE;
  private read = Atomics.load(this.control, RELEASED);

  /** Full records that lie in a row from `base()` on; 0 when there are none now. Never waits. */
  ready(): number {
    const full = (Atomics.load(this.control, WRITTEN) - this.read) | 0;
    return Math.min(full, this.mask + 1 - this.slot());
  }

  /**
   * As `ready()`, but sleeps up to `WAIT_MS` when there are none, and while they are few; 0 then means:
   * none yet, or closed.
   */
  waitForRecords(): number {
    const count = this.ready();
    if (count > 0 || this.closed()) return count;
    this.enough = Math.min(this.enough, (this.mask + 1) >> 2);
    this.sleep(CONSUMER_WAITS, this.enough, WRITTEN, this.read);
    this.enough *= 2;
    return this.ready();
  }

  /**
   * From now on the producer calls its `wake` once: as soon as there are `enough` records, at the end, or as it
   * likes. False, and it will not, when there are as many already. What wakes costs microseconds, so this is
   * for a live capture that has gone quiet, not for replay.
   */
  fallAsleep(enough = 1): boolean {
    Atomics.store(this.control, CONSUMER_WAITS, enough);
    // A producer that did not see the flag was here before it.
    if (this.full() < enough && Atomics.load(this.control, CLOSED) === 0) return true;
    this.wakeUp();
    return false;
  }

  /** So many records are worth waking up for at any time: they fit in a processor's cache, and in the ring by far. */
  get many(): number {
    return Math.min(MANY, (this.mask + 1) >> 2);
  }

  /** Woken by something else. The producer's call may be on its way all the same. */
  wakeUp(): void {
    Atomics.store(this.control, CONSUMER_WAITS, 0);
  }

  /** The producer has closed and everything was read. */
  closed(): boolean {
    return Atomics.load(this.control, CLOSED) === 1 && this.ready() === 0;
  }

  /** Records given back so far, modulo 2^32: the number of the first full one. */
  count(): number {
    return this.read;
  }

  /** Byte offset of the first full record in `records.bytes`. */
  base(): number {
    return this.slot() * RECORD_BYTES;
  }

  /** Of the first full record; holds as long as there is one. */
  private slot(): number {
    return this.slotOf(this.read, Atomics.load(this.control, ORIGIN));
  }

  /** Gives the first `count` full records back to the producer. */
  release(count: number): void {
    this.read = (this.read + count) | 0;
    Atomics.add(this.control, RELEASED, count);
    const few = Atomics.load(this.control, PRODUCER_WAITS);
    if (few > 0 && this.full() <= few) Atomics.notify(this.control, RELEASED);
  }
}
