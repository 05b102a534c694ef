// Inflates a gzip file as it is read (RFC 1952), in bounded memory. Knows the members' frame; what
// is in them is inflate.ts's. Knows nothing of captures.
//
// Says what a library's gunzip does not: where in the file the damage is, and that all members are
// good before bytes that are none. Gives all data that can be had before either.

import { ByteInput } from "./byte_input.ts";
import { CaptureFileError } from "./capture_file_error.ts";
import { crc32 } from "./crc32.ts";
import { Cut, Inflate, InflateError } from "./inflate.ts";

const MAGIC_FIRST = 0x1f;
const MAGIC_SECOND = 0x8b;
const METHOD_DEFLATE = 8;
const HEADER_REST_BYTES = 6; // time, extra flags, system: all unused
const Flag = { HeaderCrc: 2, Extra: 4, Name: 8, Comment: 16, Reserved: 0xe0 } as const;

const INPUT_BYTES = 65536;

/** Do these first bytes of a file say that it is gzip data? Two bytes are enough. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === MAGIC_FIRST && bytes[1] === MAGIC_SECOND;
}

/**
 * Pull reader over the inflated bytes of one gzip file with any number of members.
 *
 * Holds 64 KiB of compressed and 160 KiB of inflated bytes, whatever the file says: one that
 * inflates to a thousand times its size streams through.
 *
 * ```ts
 * import { CaptureReader, Gunzip, isGzip, Step } from "deno-pcap";
 *
 * function countPackets(path: string): number {
 *   using file = Deno.openSync(path);
 *   const reader = new CaptureReader(path);
 *   const head = new Uint8Array(2);
 *   if (file.readSync(head) !== 2 || !isGzip(head)) throw new TypeError("no gzip data");
 *   const gunzip = new Gunzip(path, (into) => file.readSync(into) ?? 0, head);
 *   let count = 0;
 *   for (let step = reader.next(); step !== Step.End; step = reader.next()) {
 *     if (step === Step.Packet) count++;
 *     else reader.filled(gunzip.read(reader.space()));
 *   }
 *   return count;
 * }
 * for (const path of Deno.args) console.log(countPackets(path));
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

  readonly #inflate: Inflate;
  /** In a member's data: the header before it was taken. */
  #inMember = false;

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
    this.#inflate = new Inflate(this.#input);
  }

  /**
   * Puts inflated bytes at the front of `into` (not empty) and returns how many, 0 at the end.
   *
   * Throws `CaptureFileError` where the file is cut or damaged, after all that could be inflated
   * before it. Not to be called again after it threw.
   */
  read(into: Uint8Array): number {
    while (this.#chunk.length === 0) {
      if (!this.#inMember && (this.#ended || !this.#openMember())) return 0;
      const chunk = this.#nextChunk();
      if (chunk === null) {
        this.#inMember = false;
        this.#checkTrailer();
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
    this.#checksum = 0;
    this.#inflatedBytes = 0;
    this.#inflate.restart();
    this.#inMember = true;
    return true;
  }

  /** The next inflated bytes of the member, null at its end. */
  #nextChunk(): Uint8Array | null {
    try {
      return this.#inflate.next();
    } catch (error) {
      if (!(error instanceof InflateError)) throw error;
      if (error instanceof Cut) this.#failCut();
      this.#fail(`gzip data is damaged (${error.message})`, this.#input.offset());
    }
  }

  #checkTrailer(): void {
    const offset = this.#input.offset();
    if (this.#needWord() !== this.#checksum) this.#fail("gzip checksum does not match", offset);
    if (this.#needWord() !== this.#inflatedBytes % 2 ** 32) {
      this.#fail("gzip length does not match", offset);
    }
  }

  #needByte(): number {
    const byte = this.#input.take();
    if (byte < 0) this.#failCut();
    return byte;
  }

  /** Four bytes, least significant first. */
  #needWord(): number {
    const low = this.#needByte() | this.#needByte() << 8;
    return (low | this.#needByte() << 16 | this.#needByte() << 24) >>> 0;
  }

  #failCut(): never {
    this.#fail("gzip file cut, copy it again", this.#input.offset());
  }

  #fail(reason: string, offset: number): never {
    throw new CaptureFileError(this.#name, reason, offset);
  }
}
