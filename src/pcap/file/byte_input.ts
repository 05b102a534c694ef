// Bytes of a file one at a time, for the small parts of a format that have no fixed place. Knows
// no format and no file system.

/** A buffer of fixed size over a function that reads. Allocates at construction only. */
export class ByteInput {
  readonly bytes: Uint8Array;
  /** Index of the next byte in `bytes`. */
  at = 0;
  /** Index after the last byte that was read in. */
  limit = 0;
  readonly #readInput: (into: Uint8Array) => number;
  /** Bytes of the file before `bytes[0]`. */
  #passed = 0;

  /**
   * `readInput` puts the file's next bytes into its argument and returns how many, 0 at the end.
   * `head` are bytes that were read from the file before, at most `bufferBytes`.
   */
  constructor(
    bufferBytes: number,
    readInput: (into: Uint8Array) => number,
    head: Uint8Array,
  ) {
    if (head.length > bufferBytes) {
      throw new RangeError(
        `Cannot create ByteInput: head may have ${bufferBytes} bytes, got ${head.length}`,
      );
    }
    this.bytes = new Uint8Array(bufferBytes);
    this.bytes.set(head);
    this.limit = head.length;
    this.#readInput = readInput;
  }

  /** Offset of the next byte in the file. */
  offset(): number {
    return this.#passed + this.at;
  }

  /** Are there bytes in the buffer, after reading some in if there were none? */
  ready(): boolean {
    if (this.at < this.limit) return true;
    this.#passed += this.limit;
    this.at = 0;
    this.limit = this.#readInput(this.bytes);
    return this.limit > 0;
  }

  /** The next byte without taking it, -1 at the end. */
  peek(): number {
    return this.ready() ? this.bytes[this.at] : -1;
  }

  /** Takes the next byte, -1 at the end. */
  take(): number {
    return this.ready() ? this.bytes[this.at++] : -1;
  }
}
