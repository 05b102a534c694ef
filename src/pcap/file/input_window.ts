// The part of a capture file that is in memory: one buffer, taken once and refilled in place.
// Knows no format; the formats read `bytes[at, limit)` and move `at`.

/**
 * The largest piece a format may ask to have whole in the buffer (a record or block with its
 * header): libpcap's largest packet, 262144 bytes, and as much again for pcapng's options.
 */
export const PIECE_BYTES_MAX = 524288;

/**
 * So much is read at once at most: it is decoded while it is still in the cache of the processor that read it.
 * Much less costs more in calls than it gains.
 */
const READ_BYTES_MAX = 1 << 18;

/** One refillable buffer over a stream of bytes. Allocates at construction only. */
export class InputWindow {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  /** Index of the first unread byte. */
  at = 0;
  /** Index after the last byte that was read in. */
  limit = 0;
  /** The input has no more bytes than those in the buffer. */
  ended = false;
  /** Bytes of the file that came before `bytes[0]`. Exact up to 2^53. */
  #passed = 0;

  /** Takes `bufferBytes` of memory, at least `PIECE_BYTES_MAX`, so that any piece fits. */
  constructor(bufferBytes: number) {
    if (!Number.isInteger(bufferBytes) || bufferBytes < PIECE_BYTES_MAX) {
      throw new RangeError(
        `Cannot create InputWindow: buffer must be at least ${PIECE_BYTES_MAX} bytes, got ${bufferBytes}`,
      );
    }
    this.bytes = new Uint8Array(bufferBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Offset in the file of the buffer's index `index`. */
  offsetOf(index: number): number {
    return this.#passed + index;
  }

  /**
   * A free part of the buffer, for the next bytes of the file. Unread bytes are moved to the
   * front when less than half of the buffer is free: after a large read that is the one record
   * that was cut, and many small reads do not move the same bytes again and again.
   */
  space(): Uint8Array<ArrayBuffer> {
    const { bytes, at, limit } = this;
    if (at > 0 && (at === limit || bytes.length - limit < bytes.length >>> 1)) {
      bytes.copyWithin(0, at, limit);
      this.#passed += at;
      this.at = 0;
      this.limit = limit - at;
    }
    if (this.limit === bytes.length) {
      throw new RangeError("Cannot give space: the buffer is full, call next() until NeedBytes");
    }
    return bytes.subarray(this.limit, this.limit + READ_BYTES_MAX);
  }

  /** `count` bytes were put at the front of the last `space()`; 0 is the end of the input. */
  filled(count: number): void {
    if (!Number.isInteger(count) || count < 0 || count > this.bytes.length - this.limit) {
      throw new RangeError(`Cannot take ${count} bytes: more than the space that was given`);
    }
    if (count === 0) this.ended = true;
    this.limit += count;
  }
}
