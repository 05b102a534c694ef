// Zstandard (RFC 8878) as a stream that is pulled, around a library that is pushed. Knows no capture.

import { Decompress } from "fzstd";
import { CaptureFileError } from "../pcap/file/capture_file_error.ts";

/**
 * Bytes given to the library at once. Every four bytes may be a block of 128 KiB of one byte, so that this
 * bounds what a bomb makes of one push to 8 MiB.
 */
const PUSH_BYTES = 256;
const PIECE_BYTES = 64 * 1024;

/** One compressed input. */
export class Unzstd {
  private readonly decompress: Decompress;
  private readonly piece = new Uint8Array(PIECE_BYTES);
  private at = 0;
  private limit: number;
  private made: Uint8Array[] = [];
  /** Bytes of the first of `made` that were given. */
  private given = 0;
  private ended = false;
  private passed = 0;

  /** `take` puts the next compressed bytes at the front of its argument, 0 at the end; `head` came before. */
  constructor(
    private readonly name: string,
    private readonly take: (into: Uint8Array) => number,
    head: Uint8Array,
  ) {
    this.decompress = new Decompress((chunk) => {
      if (chunk.length > 0) this.made.push(chunk);
    });
    this.piece.set(head.subarray(0, PIECE_BYTES));
    this.limit = head.length;
  }

  /** Puts some bytes at the front of `into`; 0 at the end. Throws `CaptureFileError` where it is damaged. */
  read(into: Uint8Array): number {
    while (this.made.length === 0) {
      if (this.ended) return 0;
      this.push();
    }
    const [first] = this.made;
    const count = Math.min(into.length, first.length - this.given);
    into.set(first.subarray(this.given, this.given + count));
    this.given += count;
    if (this.given === first.length) {
      this.made.shift();
      this.given = 0;
    }
    return count;
  }

  private push(): void {
    if (this.at === this.limit) {
      this.passed += this.limit;
      this.at = 0;
      this.limit = this.take(this.piece);
    }
    const end = Math.min(this.at + PUSH_BYTES, this.limit);
    this.ended = this.limit === 0;
    try {
      // The library keeps what it is given, so it must be its own.
      this.decompress.push(this.piece.slice(this.at, end), this.ended);
    } catch (error) {
      const reason = this.ended ? "cut short" : (error as Error).message;
      throw new CaptureFileError(this.name, `zstd data: ${reason}`, this.passed + this.at);
    }
    this.at = end;
  }
}
