// Writes a capture file in the pcap format (pcap-savefile(5), version 2.4, little-endian). Knows
// memory only: the caller takes the bytes where it will.

import {
  FILE_HEADER_BYTES,
  MAGIC_MICROSECONDS,
  MAGIC_NANOSECONDS,
  RECORD_HEADER_BYTES,
} from "./pcap_records.ts";

const VERSION_MAJOR = 2;
const VERSION_MINOR = 4;
/** The last microsecond that 32 bits of seconds can say, in 2106. */
const TIME_US_WRITTEN_MAX = 2 ** 32 * 1e6 - 1;

/**
 * Fills a buffer with the bytes of a capture file. Keeps no packet and never grows.
 *
 * ```ts
 * import { SavefileWriter } from "deno-pcap";
 *
 * const writer = new SavefileWriter(new Uint8Array(65536), { linkType: 1, snapshotBytes: 1500 });
 * const packet = new Uint8Array(60);
 * writer.record(1700000000000000, 0, packet.length, packet, 0, packet.length);
 * console.assert(writer.written().length === 24 + 16 + 60);
 * ```
 */
export class SavefileWriter {
  readonly #buffer: Uint8Array;
  readonly #view: DataView;
  readonly #snapshotBytes: number;
  readonly #nanoseconds: boolean;
  #length = 0;

  /** Bytes of the record of a packet with so many captured bytes. */
  static recordBytes(captured: number): number {
    return RECORD_HEADER_BYTES + captured;
  }

  /**
   * Starts with the file header in `buffer`, which stays the caller's and must hold it and one
   * packet of `snapshotBytes`. `linkType` is a LINKTYPE_ value. With `nanoseconds` timestamps are
   * written in these, else in microseconds.
   */
  constructor(
    buffer: Uint8Array,
    options: { linkType: number; snapshotBytes: number; nanoseconds?: boolean },
  ) {
    const { linkType, snapshotBytes, nanoseconds = false } = options;
    if (buffer.length < FILE_HEADER_BYTES + RECORD_HEADER_BYTES + snapshotBytes) {
      throw new RangeError(
        `Cannot create SavefileWriter: ${buffer.length} bytes do not hold a packet of ${snapshotBytes}`,
      );
    }
    this.#buffer = buffer;
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    this.#snapshotBytes = snapshotBytes;
    this.#nanoseconds = nanoseconds;
    this.#view.setUint32(0, nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS, true);
    this.#view.setUint16(4, VERSION_MAJOR, true);
    this.#view.setUint16(6, VERSION_MINOR, true);
    this.#view.setUint32(8, 0, true); // time zone: always UTC
    this.#view.setUint32(12, 0, true); // accuracy: always 0
    this.#view.setUint32(16, snapshotBytes, true);
    this.#view.setUint32(20, linkType, true);
    this.#length = FILE_HEADER_BYTES;
  }

  /**
   * Adds the packet `bytes[start, end)`, cut to the snapshot length. Returns false, and adds
   * nothing, when the buffer has no room for it: take what is `written()`, `clear()`, try again.
   *
   * `timeUs` is whole microseconds since 1970, `nanos` the 0..999 below them. The format ends in
   * 2106: a later time is written as the last it can say, an earlier one than 1970 as 0.
   */
  record(
    timeUs: number,
    nanos: number,
    wireLength: number,
    bytes: Uint8Array,
    start: number,
    end: number,
  ): boolean {
    const captured = Math.min(end - start, this.#snapshotBytes);
    const at = this.#length;
    const body = at + RECORD_HEADER_BYTES;
    if (body + captured > this.#buffer.length) return false;
    const time = Math.min(Math.max(timeUs, 0), TIME_US_WRITTEN_MAX);
    const seconds = Math.floor(time / 1e6);
    const micros = time - seconds * 1e6;
    const view = this.#view;
    view.setUint32(at, seconds, true);
    view.setUint32(at + 4, this.#nanoseconds ? micros * 1000 + nanos : micros, true);
    view.setUint32(at + 8, captured, true);
    view.setUint32(at + 12, wireLength, true);
    this.#buffer.set(bytes.subarray(start, start + captured), body);
    this.#length = body + captured;
    return true;
  }

  /** Bytes written since the last `clear()`. */
  get length(): number {
    return this.#length;
  }

  /** What was written since the last `clear()`: a view of the buffer, good until the next record. */
  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Makes the buffer empty; the file goes on, so no header is written again. */
  clear(): void {
    this.#length = 0;
  }
}
