// A capture file as a stream of bytes: plain, gzip or zstd, by path or from standard input. Knows no
// packet.

import { Unzstd } from "./zstd.ts";
import { reasonOf } from "../failure.ts";
import { Gunzip, isGzip } from "../pcap/file/gunzip.ts";

/**
 * Bytes asked for at once. Measured: pieces that stay in the second-level cache until they are
 * decoded are read a third faster than larger ones.
 */
const PIECE_BYTES = 256 * 1024;

/** Enough to tell gzip and zstd by; and as many as the unpackers take over at most. */
const MAGIC_BYTES = 4;
const HEAD_BYTES = 64 * 1024;

/** The first bytes of a zstd frame (RFC 8878 section 3.1.1). */
const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];

function isZstd(head: Uint8Array): boolean {
  return ZSTD_MAGIC.every((byte, i) => head[i] === byte);
}

interface ByteSource {
  readSync(into: Uint8Array): number | null;
}

/** How an input is called in what is said of it. */
export function shownName(name: string): string {
  return name === "-" ? "standard input" : name;
}

/** What unpacks an input as it is read. */
interface Unpacker {
  read(into: Uint8Array): number;
}

/**
 * Devices and files of the kernel's are behind a refusal of the runtime's that no permission for a path lifts;
 * any other refusal names the path that is missing.
 */
function whyNotOpened(error: unknown): string {
  const isSpecial = error instanceof Deno.errors.NotCapable &&
    error.message.includes("--allow-all");
  return isSpecial
    ? "is a device or a file of the kernel's: copy it, or pipe it in"
    : reasonOf(error);
}

/** The bytes of a capture, one piece after another. */
export interface CaptureInput {
  /** Bytes taken from the file so far, as they lie there. */
  readonly bytesRead: number;
  /** Puts some bytes at the front of `into` and says how many; 0 at the end. Throws what is wrong with them. */
  read(into: Uint8Array): number;
  /** What is to be said of the input after its end, though it was read wholly. */
  warning(): string | undefined;
  close(): void;
}

/** One open input. */
export class FileInput implements CaptureInput {
  /** Bytes taken from the file so far, as they lie there. */
  bytesRead = 0;
  /** The first bytes, until they are given. */
  private head: Uint8Array = new Uint8Array(0);
  private gunzip: Gunzip | undefined;
  private unpacker: Unpacker | undefined;

  private constructor(
    private readonly name: string,
    private readonly source: ByteSource,
    readonly close: () => void,
  ) {}

  /**
   * Opens a path, or standard input for `-`, and looks whether it is compressed. A sentence instead when it
   * cannot be opened.
   */
  static open(name: string): FileInput | string {
    let input: FileInput | undefined;
    try {
      if (name === "-") input = new FileInput(shownName(name), Deno.stdin, () => {});
      else {
        const file = Deno.openSync(name);
        input = new FileInput(name, file, () => file.close());
      }
      input.begin();
      return input;
    } catch (error) {
      if (input === undefined) return `${name}: cannot be opened: ${whyNotOpened(error)}`;
      input.close();
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      if (error instanceof Deno.errors.IsADirectory) {
        return `${name}: is a folder without capture files: pcap, pcapng, .gz or .zst of these`;
      }
      return `${shownName(name)}: cannot be read: ${reasonOf(error)}`;
    }
  }

  private begin(): void {
    const head = new Uint8Array(HEAD_BYTES);
    let count = 0;
    // A pipe may give its first bytes one by one.
    for (let more = -1; count < MAGIC_BYTES && more !== 0; count += more) {
      more = this.take(head.subarray(count));
    }
    this.head = head.subarray(0, count);
    const take = (piece: Uint8Array) => this.take(piece);
    if (isGzip(this.head)) this.unpacker = this.gunzip = new Gunzip(this.name, take, this.head);
    else if (isZstd(this.head)) {
      this.unpacker = new Unzstd(this.name, take, this.head);
    }
  }

  /**
   * Puts some bytes at the front of `into` and says how many; 0 at the end. Throws what the file
   * system says, and `CaptureFileError` for damaged gzip or zstd.
   */
  read(into: Uint8Array): number {
    if (this.unpacker !== undefined) return this.unpacker.read(into);
    if (this.head.length === 0) return this.take(into.subarray(0, PIECE_BYTES));
    const count = Math.min(this.head.length, into.length);
    into.set(this.head.subarray(0, count));
    this.head = this.head.subarray(count);
    return count;
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
