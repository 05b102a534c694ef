// Inflates a gzip file as it is read (RFC 1952), in bounded memory. Knows the members' frame;
// node:zlib knows the data in them. Knows nothing of captures.
//
// The frame is read here, rather than by node:zlib's own gunzip, for what that cannot say: where
// in the file the damage is, and that all members are good before bytes that are none. It also
// gives up the last piece of good data when the checksum after it is wrong.

import { constants, crc32, createInflateRaw, type InflateRaw } from "node:zlib";
import { ByteInput } from "./byte_input.ts";
import { CaptureFileError } from "./capture_file_error.ts";

const MAGIC_FIRST = 0x1f;
const MAGIC_SECOND = 0x8b;
const METHOD_DEFLATE = 8;
const HEADER_REST_BYTES = 6; // time, extra flags, system: all unused
const Flag = { HeaderCrc: 2, Extra: 4, Name: 8, Comment: 16, Reserved: 0xe0 } as const;

const INPUT_BYTES = 65536;
/** Measured: half as fast with 64 KiB, and slower again when the second-level cache is too small. */
const CHUNK_BYTES = 1 << 18;

/** Do these first bytes of a file say that it is gzip data? Two bytes are enough. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === MAGIC_FIRST && bytes[1] === MAGIC_SECOND;
}

/**
 * Pull reader over the inflated bytes of one gzip file with any number of members.
 *
 * Holds 64 KiB of compressed and at most 1 MiB of inflated bytes, whatever the file says: one that
 * inflates to a thousand times its size streams through.
 *
 * ```ts
 * import { CaptureReader, Gunzip, isGzip, Step } from "deno-pcap";
 *
 * async function countPackets(path: string): Promise<number> {
 *   using file = Deno.openSync(path);
 *   const reader = new CaptureReader(path);
 *   const head = new Uint8Array(2);
 *   if (file.readSync(head) !== 2 || !isGzip(head)) throw new TypeError("no gzip data");
 *   const gunzip = new Gunzip(path, (into) => file.readSync(into) ?? 0, head);
 *   let count = 0;
 *   for (let step = reader.next(); step !== Step.End; step = reader.next()) {
 *     if (step === Step.Packet) count++;
 *     else reader.filled(await gunzip.read(reader.space()));
 *   }
 *   return count;
 * }
 * for (const path of Deno.args) console.log(await countPackets(path));
 * ```
 */
export class Gunzip {
  /**
   * Offset in the file of bytes after the last member that are neither a member nor zeros, -1 if
   * there are none (yet). As with gzip(1) they are ignored, and worth a warning.
   */
  garbageOffset = -1;

  readonly #name: string;
  readonly #input: ByteInput;

  #inflate: InflateRaw | null = null;
  /** Compressed bytes given to `#inflate`, and where in the file they begin. */
  #given = 0;
  #bodyOffset = 0;
  #writing = false;
  #finished = false;
  #error: Error | null = null;
  #wake: () => void = () => {};

  /** Inflated bytes not yet taken. */
  #chunk: Uint8Array = new Uint8Array(0);
  #checksum = 0;
  #inflatedBytes = 0;
  #members = 0;
  #ended = false;

  /**
   * `readInput` puts the file's next bytes into its argument and returns how many, 0 at the end.
   * `head` are bytes that were read from the file before, at most 64 KiB.
   */
  constructor(
    name: string,
    readInput: (into: Uint8Array) => number,
    head: Uint8Array = new Uint8Array(0),
  ) {
    this.#name = name;
    this.#input = new ByteInput(INPUT_BYTES, readInput, head);
  }

  /**
   * Puts inflated bytes at the front of `into` (not empty) and returns how many, 0 at the end.
   *
   * Throws `CaptureFileError` where the file is cut or damaged, after all that was inflated before
   * it; where the compressed data itself makes no sense, up to 256 KiB before that place is missing.
   * Not to be called again before it settled, or after it threw.
   */
  async read(into: Uint8Array): Promise<number> {
    while (this.#chunk.length === 0) {
      if (this.#inflate === null) {
        if (this.#ended || !this.#openMember()) return 0;
      }
      const chunk = await this.#nextChunk();
      if (chunk === null) {
        this.#closeMember();
      } else {
        this.#checksum = crc32(chunk, this.#checksum);
        this.#inflatedBytes += chunk.length;
        this.#chunk = chunk;
      }
    }
    const count = Math.min(into.length, this.#chunk.length);
    into.set(this.#chunk.subarray(0, count));
    this.#chunk = this.#chunk.subarray(count);
    return count;
  }

  /** Takes a member's header; false when the file has no further member. */
  #openMember(): boolean {
    const offset = this.#input.offset();
    const first = this.#input.take();
    if (first !== MAGIC_FIRST || this.#input.peek() !== MAGIC_SECOND) {
      if (this.#members === 0) this.#fail("no gzip data", offset);
      // Tapes and some file systems pad with zeros.
      if (first > 0) this.garbageOffset = offset;
      this.#ended = true;
      return false;
    }
    this.#needByte();
    const method = this.#needByte();
    if (method !== METHOD_DEFLATE) this.#fail(`gzip method ${method} is not known (8 is)`, offset);
    const flags = this.#needByte();
    if (flags & Flag.Reserved) this.#fail("gzip header with reserved flags set", offset);
    for (let i = 0; i < HEADER_REST_BYTES; i++) this.#needByte();
    if (flags & Flag.Extra) {
      const length = this.#needByte() | this.#needByte() << 8;
      for (let i = 0; i < length; i++) this.#needByte();
    }
    if (flags & Flag.Name) { while (this.#needByte() !== 0); }
    if (flags & Flag.Comment) { while (this.#needByte() !== 0); }
    if (flags & Flag.HeaderCrc) { for (let i = 0; i < 2; i++) this.#needByte(); }
    this.#members++;
    this.#openBody();
    return true;
  }

  #openBody(): void {
    this.#bodyOffset = this.#input.offset();
    this.#given = 0;
    this.#writing = false;
    this.#finished = false;
    this.#checksum = 0;
    this.#inflatedBytes = 0;
    // A file cut here ends the stream quietly, with all that could be inflated; the missing
    // trailer then tells.
    const inflate = createInflateRaw({
      chunkSize: CHUNK_BYTES,
      finishFlush: constants.Z_SYNC_FLUSH,
    });
    inflate.on("readable", () => this.#wake());
    inflate.on("end", () => {
      this.#finished = true;
      this.#wake();
    });
    inflate.on("error", (error: Error) => {
      this.#error = error;
      this.#wake();
    });
    this.#inflate = inflate;
  }

  /** The next inflated bytes of the member, null at its end. */
  async #nextChunk(): Promise<Uint8Array | null> {
    const inflate = this.#inflate!;
    for (;;) {
      const chunk: Uint8Array | null = inflate.read();
      if (chunk !== null) return chunk;
      if (this.#error !== null) {
        const at = this.#bodyOffset + inflate.bytesWritten;
        this.#fail(`gzip data is damaged (${this.#error.message})`, at);
      }
      if (this.#finished) return null;
      const woken = new Promise<void>((resolve) => this.#wake = resolve);
      // One piece at a time, so that what is not inflated is at the end of that piece. A piece
      // that was left in part is the member's last: its end is about to be told.
      if (!this.#writing && inflate.bytesWritten === this.#given) this.#giveInput(inflate);
      await woken;
    }
  }

  #giveInput(inflate: InflateRaw): void {
    this.#writing = true;
    const input = this.#input;
    if (!input.ready()) {
      inflate.end();
      return;
    }
    const piece = input.bytes.subarray(input.at, input.limit);
    input.at = input.limit;
    this.#given += piece.length;
    inflate.write(piece, () => {
      // A member that ended in this piece may have been closed already.
      if (this.#inflate !== inflate) return;
      this.#writing = false;
      this.#wake();
    });
  }

  /** Goes back to the first byte that was not inflated, and checks the trailer there. */
  #closeMember(): void {
    const inflate = this.#inflate!;
    this.#input.at = this.#input.limit - (this.#given - inflate.bytesWritten);
    this.#inflate = null;
    inflate.destroy();
    const offset = this.#input.offset();
    if (this.#needWord() !== this.#checksum) this.#fail("gzip checksum does not match", offset);
    if (this.#needWord() !== this.#inflatedBytes % 2 ** 32) {
      this.#fail("gzip length does not match", offset);
    }
  }

  #needByte(): number {
    const byte = this.#input.take();
    if (byte < 0) this.#fail("gzip file cut, copy it again", this.#input.offset());
    return byte;
  }

  /** Four bytes, least significant first. */
  #needWord(): number {
    const low = this.#needByte() | this.#needByte() << 8;
    return (low | this.#needByte() << 16 | this.#needByte() << 24) >>> 0;
  }

  #fail(reason: string, offset: number): never {
    throw new CaptureFileError(this.#name, reason, offset);
  }
}
