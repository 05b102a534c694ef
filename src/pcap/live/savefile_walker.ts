// Goes through the packets of one batch: savefile records as libpcap's pcap_dump() wrote them a
// moment ago, in this machine's byte order, whole, and without a file header. The same fields as
// `CaptureReader`, without its copying and its distrust.

import type { CurrentPacket } from "../file/step.ts";

/** Seconds, fraction of a second, captured length, length on the wire. */
const RECORD_HEADER_BYTES = 16;

/** Walks `bytes[0, length)` after `begin(length)`. Allocates nothing after construction. */
export class SavefileWalker implements CurrentPacket {
  /** The captured bytes of the current packet are `bytes[start, end)`. */
  readonly bytes: Uint8Array;
  readonly linkType: number;
  readonly interface: number;
  start = 0;
  end = 0;
  wireLength = 0;
  timeUs = 0;
  nanos = 0;
  readonly #view: DataView;
  readonly #nanoseconds: boolean;
  #length = 0;

  /** `linkType` and `nanoseconds` as the handle says; `index` becomes `interface`. */
  constructor(bytes: Uint8Array, linkType: number, nanoseconds: boolean, index = 0) {
    this.bytes = bytes;
    this.linkType = linkType;
    this.interface = index;
    this.#nanoseconds = nanoseconds;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** A new batch of `length` bytes is there. */
  begin(length: number): void {
    this.end = 0;
    this.#length = length;
  }

  /** True where times are of microseconds: then the records may also be read in place, `bytes[end, length)`. */
  get isPlain(): boolean {
    return !this.#nanoseconds;
  }

  /** Bytes of the batch. */
  get length(): number {
    return this.#length;
  }

  /** The whole records before `at` were read in place. */
  passed(at: number): void {
    this.end = at;
  }

  /** Goes to the next packet; false when the batch is through. A cut record ends it too. */
  next(): boolean {
    const view = this.#view;
    const start = this.end + RECORD_HEADER_BYTES;
    if (start > this.#length) return false;
    const captured = view.getUint32(start - 8, true);
    if (captured > this.#length - start) return false;
    const fraction = view.getUint32(start - 12, true);
    const micros = this.#nanoseconds ? Math.floor(fraction / 1000) : fraction;
    this.nanos = this.#nanoseconds ? fraction - micros * 1000 : 0;
    this.timeUs = view.getUint32(start - 16, true) * 1e6 + micros;
    this.wireLength = view.getUint32(start - 4, true);
    this.start = start;
    this.end = start + captured;
    return true;
  }
}
