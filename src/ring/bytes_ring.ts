// A single-producer single-consumer ring of packet bytes in shared memory, beside the ring of
// records: one entry for each record, in the same order. Knows lengths; nothing of what bytes mean.
//
// An entry is a head of 16 bytes (captured length, length on the wire, nanoseconds below the
// record's microsecond, link type) and the captured bytes, padded to 8. It never wraps: what is left
// at the end of the memory is skipped by both ends, who reckon alike. The counters grow modulo 2^32,
// in units of 8 bytes; entries are handed over before the records that they belong to.

const WRITTEN = 0; // units published
const RELEASED = 16; // units given back; a cache line away, against false sharing
const PRODUCER_WAITS = 32; // 1 while the producer sleeps on RELEASED
const CONTROL_WORDS = 48;
const CONTROL_BYTES = CONTROL_WORDS * 4;

const UNIT_SHIFT = 3;
const HEAD_WORDS = 4;
const HEAD_UNITS = 2;

/** A sleeper looks again after this long even if no one woke it. */
const WAIT_MS = 100;

/** Units of an entry with so many captured bytes. */
function unitsOf(captured: number): number {
  return HEAD_UNITS + ((captured + 7) >> UNIT_SHIFT);
}

/**
 * The memory of a new ring. `bytes` is a power of two, and at least four times the largest packet:
 * then an entry and what is skipped before it always fit in an empty ring.
 */
export function createBytesRing(bytes: number): SharedArrayBuffer {
  if (!Number.isInteger(bytes) || bytes < 64 || (bytes & (bytes - 1)) !== 0) {
    throw new RangeError(`Cannot create BytesRing: ${bytes} bytes are no power of two`);
  }
  return new SharedArrayBuffer(CONTROL_BYTES + bytes);
}

abstract class End {
  declare protected readonly control: Int32Array;
  declare protected readonly words: Uint32Array;
  declare readonly bytes: Uint8Array;
  declare protected readonly units: number;

  constructor(memory: SharedArrayBuffer) {
    this.control = new Int32Array(memory, 0, CONTROL_WORDS);
    this.words = new Uint32Array(memory, CONTROL_BYTES);
    this.bytes = new Uint8Array(memory, CONTROL_BYTES);
    this.units = this.bytes.length >> UNIT_SHIFT;
  }

  /** Units skipped before an entry of so many, when the counter is `at`: those at the end, or 0. */
  protected skip(at: number, units: number): number {
    const left = this.units - (at & (this.units - 1));
    return units > left ? left : 0;
  }
}

/** The writing end; one per ring, on one thread. */
export class BytesProducer extends End {
  private next = Atomics.load(this.control, WRITTEN);
  private published = this.next;

  /**
   * Adds the packet bytes[start, end). False, and nothing added, while there is no room. Throws
   * RangeError for a packet that no empty ring could hold.
   */
  put(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    nanos: number,
    linkType: number,
  ): boolean {
    const captured = end - start;
    const units = unitsOf(captured);
    const skipped = this.skip(this.next, units);
    if (units > this.units >> 1) {
      throw new RangeError(`Cannot put ${captured} bytes: the ring has ${this.bytes.length}`);
    }
    const used = (this.next - Atomics.load(this.control, RELEASED)) | 0;
    if (used + skipped + units > this.units) return false;
    const at = (this.next + skipped) & (this.units - 1);
    // The reader learns from a length that nothing can have that the rest is skipped.
    if (skipped > 0) this.words[(this.next & (this.units - 1)) << 1] = SKIPPED;
    const word = at << 1;
    this.words[word] = captured;
    this.words[word + 1] = wireLength;
    this.words[word + 2] = nanos;
    this.words[word + 3] = linkType;
    const from = (word + HEAD_WORDS) << 2;
    // A call costs more than a short copy.
    if (captured > COPY_MAX) this.bytes.set(bytes.subarray(start, end), from);
    else for (let i = 0; i < captured; i++) this.bytes[from + i] = bytes[start + i];
    this.next = (this.next + skipped + units) | 0;
    return true;
  }

  /** Hands over what was put; before the records that belong to it are. */
  publish(): void {
    if (this.next === this.published) return;
    this.published = this.next;
    Atomics.store(this.control, WRITTEN, this.next);
  }

  /** Sleeps until the reader gave something back, or a little; all that was put must be published. */
  waitForRoom(): void {
    const seen = Atomics.load(this.control, RELEASED);
    if (seen === this.published) return;
    Atomics.store(this.control, PRODUCER_WAITS, 1);
    Atomics.wait(this.control, RELEASED, seen, WAIT_MS);
    Atomics.store(this.control, PRODUCER_WAITS, 0);
  }
}

const SKIPPED = 0xffffffff;
const COPY_MAX = 96;

/** The reading end; one per ring, on one thread. */
export class BytesConsumer extends End {
  /** The current entry, after `next()`: its bytes are bytes[start, end), good until `release()`. */
  start = 0;
  end = 0;
  wireLength = 0;
  /** 0 to 999, the part of the time below the record's microsecond. */
  nanos = 0;
  linkType = 0;
  private at = Atomics.load(this.control, RELEASED);

  /** Goes to the next record's entry; there is one for each record that was handed over. */
  next(): void {
    const { words, units } = this;
    let word = (this.at & (units - 1)) << 1;
    if (words[word] === SKIPPED) {
      this.at = (this.at + units - (this.at & (units - 1))) | 0;
      word = 0;
    }
    const captured = words[word];
    this.wireLength = words[word + 1];
    this.nanos = words[word + 2];
    this.linkType = words[word + 3];
    this.start = (word + HEAD_WORDS) << 2;
    this.end = this.start + captured;
    this.at = (this.at + unitsOf(captured)) | 0;
  }

  /** Gives back all entries up to the current one. */
  release(): void {
    Atomics.store(this.control, RELEASED, this.at);
    if (Atomics.load(this.control, PRODUCER_WAITS) === 1) Atomics.notify(this.control, RELEASED);
  }
}
