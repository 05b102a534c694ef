// A capture file as a stream of bytes: plain or gzip, by path or from standard input. Knows no
// packet.

import { reasonOf } from "../failure.ts";
import { Gunzip, isGzip } from "../pcap/file/gunzip.ts";

/**
 * Bytes asked for at once. Measured: pieces that stay in the second-level cache until they are
 * decoded are read a third faster than larger ones.
 */
const PIECE_BYTES = 256 * 1024;

/** Enough to tell gzip by; and as many as the inflater takes over at most. */
const MAGIC_BYTES = 2;
const HEAD_BYTES = 64 * 1024;

interface ByteSource {
  readSync(into: Uint8Array): number | null;
}

/** One open input. */
export class FileInput {
  /** Bytes taken from the file so far, as they lie there. */
  bytesRead = 0;
  private begun = false;
  private gunzip: Gunzip | undefined;

  private constructor(
    private readonly name: string,
    private readonly source: ByteSource,
    readonly close: () => void,
  ) {}

  /** Opens a path, or standard input for `-`. A sentence instead when it cannot be opened. */
  static open(name: string): FileInput | string {
    if (name === "-") return new FileInput("standard input", Deno.stdin, () => {});
    try {
      const file = Deno.openSync(name);
      return new FileInput(name, file, () => file.close());
    } catch (error) {
      return `${name}: cannot be opened: ${reasonOf(error)}`;
    }
  }

  /**
   * Puts some bytes at the front of `into` and says how many; 0 at the end. Throws what the file
   * system says, and `CaptureFileError` for damaged gzip.
   */
  read(into: Uint8Array): number {
    if (this.gunzip !== undefined) return this.gunzip.read(into);
    if (this.begun) return this.take(into.subarray(0, PIECE_BYTES));
    this.begun = true;
    const head = into.subarray(0, HEAD_BYTES);
    let count = 0;
    // A pipe may give its first bytes one by one.
    for (let more = -1; count < MAGIC_BYTES && more !== 0; count += more) {
      more = this.take(head.subarray(count));
    }
    if (!isGzip(head.subarray(0, count))) return count;
    const take = (piece: Uint8Array) => this.take(piece);
    this.gunzip = new Gunzip(this.name, take, head.slice(0, count));
    return this.gunzip.read(into);
  }

  /** What is to be said of the input after its end, though it was read wholly. */
  warning(): string | undefined {
    const offset = this.gunzip?.garbageOffset ?? -1;
    if (offset < 0) return undefined;
    return `${this.name}: bytes after the gzip data are ignored, at byte ${offset}`;
  }

  private take(into: Uint8Array): number {
    const count = this.source.readSync(into) ?? 0;
    this.bytesRead += count;
    return count;
  }
}
