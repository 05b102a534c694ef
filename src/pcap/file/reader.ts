// Reads a capture file, pcap or pcapng, told by its first bytes. Knows no file system: bytes are
// put in by the caller, in pieces of any size. Knows nothing of what is in a packet.

import { CaptureFileError } from "./capture_file_error.ts";
import { InputWindow } from "./input_window.ts";
import { openFormat } from "./open_format.ts";
import { PcapRecords, RECORD_HEADER_BYTES } from "./pcap_records.ts";
import { type CaptureFormat, type CurrentPacket, Step } from "./step.ts";

/** Measured: from 512 KiB to 8 MiB reading a file takes the same time. */
const BUFFER_BYTES = 1 << 20;

/** How a file is to be read. */
export interface CaptureReaderOptions {
  /**
   * Some writers keep more of a packet than the file's own snapshot length says. libpcap cuts it to that;
   * otherwise it is read whole, as Wireshark does. Of pcap only.
   */
  cutToSnapshot?: boolean;
  /** Bytes of the buffer, at least `PIECE_BYTES_MAX`. */
  bufferBytes?: number;
}

/**
 * Pull reader over one capture file.
 *
 * After `next()` gave `Step.Packet` the packet's fields hold until the next call of anything. One
 * buffer is allocated at construction and nothing per packet; no length in the file is trusted.
 *
 * ```ts
 * import { CaptureReader, Step } from "deno-pcap";
 *
 * function countPackets(path: string): number {
 *   using file = Deno.openSync(path);
 *   const reader = new CaptureReader(path);
 *   let count = 0;
 *   for (let step = reader.next(); step !== Step.End; step = reader.next()) {
 *     if (step === Step.Packet) count++;
 *     else reader.filled(file.readSync(reader.space()) ?? 0);
 *   }
 *   return count;
 * }
 * for (const path of Deno.args) console.log(countPackets(path));
 * ```
 */
export class CaptureReader implements CurrentPacket {
  /** The buffer. The captured bytes of the current packet are `bytes[start, end)`. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  start = 0;
  end = 0;
  wireLength = 0;
  timeUs = 0;
  nanos = 0;
  linkType = 0;
  interface = 0;

  readonly #name: string;
  readonly #cutToSnapshot: boolean;
  readonly #window: InputWindow;
  readonly #view: DataView<ArrayBuffer>;
  #format: CaptureFormat | null = null;
  /**
   * The largest captured length that the short path of `next()` may pass in plain pcap (little-endian,
   * microseconds), 0 in every other format. A packet of no bytes is not for the short path: see
   * `PcapRecords`.
   */
  #plainBytesMax = 0;
  #failure: CaptureFileError | null = null;

  /** `name` is used in errors only. */
  constructor(name: string, options: CaptureReaderOptions = {}) {
    this.#name = name;
    this.#cutToSnapshot = options.cutToSnapshot ?? false;
    this.#window = new InputWindow(options.bufferBytes ?? BUFFER_BYTES);
    this.#view = this.#window.view;
    this.bytes = this.#window.bytes;
  }

  /** Where to put the next bytes of the file. Never empty after `Step.NeedBytes`. */
  space(): Uint8Array<ArrayBuffer> {
    return this.#window.space();
  }

  /** `count` bytes were put at the front of `space()`; 0 says that the input has ended. */
  filled(count: number): void {
    this.#window.filled(count);
  }

  /**
   * Goes to the next packet and returns a `Step`.
   *
   * Throws `CaptureFileError` where the file is damaged or cut, after every packet before that
   * place was given; and again each time it is called after that.
   */
  next(): number {
    // Plain pcap, by far the most frequent and the fastest, is read here without a further call.
    const window = this.#window;
    const start = window.at + RECORD_HEADER_BYTES;
    if (start <= window.limit) {
      const view = this.#view;
      const captured = view.getUint32(start - 8, true);
      const end = start + captured;
      if ((captured - 1) >>> 0 < this.#plainBytesMax && end <= window.limit) {
        this.timeUs = view.getUint32(start - 16, true) * 1e6 + view.getUint32(start - 12, true);
        this.wireLength = view.getUint32(start - 4, true);
        this.start = start;
        this.end = end;
        window.at = end;
        return Step.Packet;
      }
    }
    return this.#nextOther();
  }

  /**
   * How much of a packet is read, in plain pcap (little-endian, microseconds): there the unread records may
   * also be read in place, `bytes[at, limit)`. 0 in every other format, and before the first `next()`.
   */
  get plainBytesMax(): number {
    return this.#plainBytesMax;
  }

  /** Index of the first byte in the buffer that was not read. */
  get at(): number {
    return this.#window.at;
  }

  /** Index after the last byte that is in the buffer. */
  get limit(): number {
    return this.#window.limit;
  }

  /** The whole records before `at`, of which the last is of the time `timeUs`, were read in place. */
  passed(at: number, timeUs: number): void {
    this.#window.at = at;
    this.timeUs = timeUs;
  }

  #nextOther(): number {
    if (this.#failure !== null) throw this.#failure;
    try {
      if (this.#format === null) {
        this.#format = openFormat(this.#name, this.#window, this.#cutToSnapshot);
        if (this.#format === null) return Step.NeedBytes;
        if (this.#format instanceof PcapRecords) this.#plainBytesMax = this.#format.plainBytesMax;
      }
      return this.#format.next(this);
    } catch (error) {
      if (error instanceof CaptureFileError) {
        this.#failure = error;
        this.#plainBytesMax = 0;
      }
      throw error;
    }
  }
}
