// The pcapng format: sections of blocks, packets among them (draft-ietf-opsawg-pcapng). Knows the
// blocks' frame and the three kinds of packet block; any other block is passed over unread.

import { CaptureFileError } from "./capture_file_error.ts";
import { CAPTURED_BYTES_MAX } from "./file_fields.ts";
import { type InputWindow, PIECE_BYTES_MAX } from "./input_window.ts";
import { INTERFACES_MAX, parseInterface, type PcapngInterface } from "./pcapng_interfaces.ts";
import { ZEROS } from "./pcap_records.ts";
import { type CaptureFormat, type CurrentPacket, Step } from "./step.ts";

/** Type of a section header block, the same in either byte order, and so the file's magic. */
export const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const OBSOLETE_PACKET = 2;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

const HEADER_BYTES = 8; // type and total length
const TRAILER_BYTES = 4; // the total length again
const BLOCK_BYTES_MIN = HEADER_BYTES + TRAILER_BYTES;
/** A section header up to its version: header, byte-order magic, two numbers. */
const SECTION_HEAD_BYTES = 16;
/** The whole of it without options: the section's length, which may be unknown, and the trailer. */
export const SECTION_BYTES_MIN = 28;
/** Bytes before the packet: header, interface, time, two lengths. */
const PACKET_HEAD_BYTES = 28;
const SIMPLE_PACKET_HEAD_BYTES = 12;

/** What stands for the time of a packet that has none. */
const NO_TIME = new DataView(new ArrayBuffer(8));

/** The blocks of one pcapng file. Allocates for an interface description, not for a packet. */
export class PcapngBlocks implements CaptureFormat {
  readonly #name: string;
  readonly #window: InputWindow;
  #little = true;
  #interfaces: PcapngInterface[] = [];
  /** Where the current block begins in the file, and its total length. */
  #blockOffset = 0;
  #blockBytes = 0;
  /** Bytes to pass over up to the current block's trailer; -1 when no block is being passed. */
  #toTrailer = -1;

  /** The window stands at a section header block. */
  constructor(name: string, window: InputWindow) {
    this.#name = name;
    this.#window = window;
  }

  next(packet: CurrentPacket): number {
    const window = this.#window;
    const { view, limit } = window;
    if (this.#toTrailer < 0 && this.#readEnhanced(packet)) return Step.Packet;
    // Each turn takes at least four bytes from the window.
    for (;;) {
      if (this.#toTrailer >= 0 && !this.#passBlock()) return this.#needBytes();
      const at = window.at;
      this.#blockOffset = window.offsetOf(at);
      this.#blockBytes = HEADER_BYTES;
      if (limit - at < HEADER_BYTES) return this.#needBytes();
      const type = view.getUint32(at, this.#little);
      if (type === SECTION_HEADER) {
        if (!this.#openSection(at)) return this.#needBytes();
        continue;
      }
      const bytes = this.#takeLength(at, BLOCK_BYTES_MIN);
      if (
        type !== ENHANCED_PACKET && type !== SIMPLE_PACKET && type !== OBSOLETE_PACKET &&
        type !== INTERFACE_DESCRIPTION
      ) {
        window.at = at + HEADER_BYTES;
        this.#toTrailer = bytes - BLOCK_BYTES_MIN;
        continue;
      }
      if (bytes > PIECE_BYTES_MAX) {
        this.#fail(`block of ${bytes} bytes claimed, at most ${PIECE_BYTES_MAX} allowed`);
      }
      if (bytes > limit - at) return this.#needBytes();
      this.#checkTrailer(at + bytes - TRAILER_BYTES);
      window.at = at + bytes;
      if (type === INTERFACE_DESCRIPTION) {
        this.#addInterface(at, bytes);
      } else {
        this.#readPacket(type, at, at + bytes - TRAILER_BYTES, packet);
        return Step.Packet;
      }
    }
  }

  /**
   * The frequent case in one go: a sound enhanced packet block that is all in the window. False,
   * with nothing taken, for any other, which `next()` then reads or says what is wrong with.
   */
  #readEnhanced(packet: CurrentPacket): boolean {
    const window = this.#window;
    const { view, at } = window;
    const little = this.#little;
    const rest = window.limit - at;
    if (rest < PACKET_HEAD_BYTES || view.getUint32(at, little) !== ENHANCED_PACKET) return false;
    const bytes = view.getUint32(at + 4, little);
    const index = view.getUint32(at + 8, little);
    const captured = view.getUint32(at + 20, little);
    if (
      bytes > rest || bytes > PIECE_BYTES_MAX || bytes % 4 !== 0 ||
      captured > bytes - PACKET_HEAD_BYTES - TRAILER_BYTES || captured > CAPTURED_BYTES_MAX ||
      index >= this.#interfaces.length ||
      view.getUint32(at + bytes - TRAILER_BYTES, little) !== bytes
    ) return false;
    const from = this.#interfaces[index];
    from.clock.read(view, at + 12, little, packet);
    packet.linkType = from.linkType;
    packet.interface = index;
    packet.wireLength = view.getUint32(at + 24, little);
    packet.start = at + PACKET_HEAD_BYTES;
    packet.end = packet.start + captured;
    window.at = at + bytes;
    return true;
  }

  /** Takes a section header; false while its first bytes are not all there. */
  #openSection(at: number): boolean {
    const window = this.#window;
    const view = window.view;
    this.#blockBytes = SECTION_HEAD_BYTES;
    if (window.limit - at < SECTION_HEAD_BYTES) return false;
    this.#little = view.getUint32(at + HEADER_BYTES, true) === BYTE_ORDER_MAGIC;
    if (!this.#little && view.getUint32(at + HEADER_BYTES, false) !== BYTE_ORDER_MAGIC) {
      this.#fail("section header without a byte-order magic");
    }
    const bytes = this.#takeLength(at, SECTION_BYTES_MIN);
    const major = view.getUint16(at + 12, this.#little);
    const minor = view.getUint16(at + 14, this.#little);
    // 1.2 is written by some programs and is the same as 1.0.
    if (major !== 1 || (minor !== 0 && minor !== 2)) {
      this.#fail(`pcapng version ${major}.${minor} is not known (1.0 and 1.2 are)`);
    }
    this.#interfaces = [];
    window.at = at + SECTION_HEAD_BYTES;
    this.#toTrailer = bytes - SECTION_HEAD_BYTES - TRAILER_BYTES;
    return true;
  }

  #addInterface(at: number, bytes: number): void {
    if (this.#interfaces.length === INTERFACES_MAX) {
      this.#fail(`more than ${INTERFACES_MAX} interfaces in one section`);
    }
    const end = at + bytes - TRAILER_BYTES;
    const found = parseInterface(this.#window.view, at + HEADER_BYTES, end, this.#little);
    if (typeof found === "string") this.#fail(found);
    this.#interfaces.push(found);
  }

  /** Reads the packet block whose type is at `at` and whose trailer is at `end`. */
  #readPacket(type: number, at: number, end: number, packet: CurrentPacket): void {
    const view = this.#window.view;
    const little = this.#little;
    const head = type === SIMPLE_PACKET ? SIMPLE_PACKET_HEAD_BYTES : PACKET_HEAD_BYTES;
    if (at + head > end) this.#fail(`packet block of ${this.#blockBytes} bytes is too short`);
    const index = type === ENHANCED_PACKET
      ? view.getUint32(at + 8, little)
      : type === OBSOLETE_PACKET
      ? view.getUint16(at + 8, little)
      : 0;
    if (index >= this.#interfaces.length) {
      this.#fail(`packet of interface ${index}, of which there is no description before it`);
    }
    const from = this.#interfaces[index];
    const wire = view.getUint32(at + head - 4, little);
    // A simple packet block has no captured length and no time: libpcap gives it the time 0.
    const simple = type === SIMPLE_PACKET;
    const captured = simple
      ? Math.min(wire, from.snapshotBytes)
      : view.getUint32(at + head - 8, little);
    if (captured > CAPTURED_BYTES_MAX) {
      this.#fail(`packet of ${captured} bytes claimed, at most ${CAPTURED_BYTES_MAX} allowed`);
    }
    if (captured > end - at - head) {
      this.#fail(`packet of ${captured} bytes claimed in a block of ${this.#blockBytes}`);
    }
    if (simple) from.clock.read(NO_TIME, 0, little, packet);
    else from.clock.read(view, at + 12, little, packet);
    packet.linkType = from.linkType;
    packet.interface = index;
    packet.wireLength = wire;
    packet.start = at + head;
    packet.end = at + head + captured;
  }

  /** Passes over what there is of the current block; false while it goes on. */
  #passBlock(): boolean {
    const window = this.#window;
    const count = Math.min(this.#toTrailer, window.limit - window.at);
    window.at += count;
    this.#toTrailer -= count;
    if (this.#toTrailer > 0 || window.limit - window.at < TRAILER_BYTES) return false;
    this.#checkTrailer(window.at);
    window.at += TRAILER_BYTES;
    this.#toTrailer = -1;
    return true;
  }

  /** Reads and checks the total length of the block at `at`. */
  #takeLength(at: number, least: number): number {
    const bytes = this.#window.view.getUint32(at + 4, this.#little);
    if (bytes === 0 && this.#window.bytes.subarray(at, at + 4).every((byte) => byte === 0)) {
      this.#fail(ZEROS);
    }
    if (bytes < least || bytes % 4 !== 0) {
      this.#fail(`block of ${bytes} bytes claimed, a multiple of 4 from ${least} on is needed`);
    }
    this.#blockBytes = bytes;
    return bytes;
  }

  #checkTrailer(at: number): void {
    const bytes = this.#window.view.getUint32(at, this.#little);
    if (bytes !== this.#blockBytes) {
      this.#fail(`block of ${this.#blockBytes} bytes says at its end that it has ${bytes}`);
    }
  }

  /** Not enough is in the window: more is asked for, the file is done, or it is cut. */
  #needBytes(): number {
    const window = this.#window;
    if (!window.ended) return Step.NeedBytes;
    const have = window.offsetOf(window.limit) - this.#blockOffset;
    if (have === 0) return Step.End;
    return this.#fail(
      `file cut in a block, ${have} of ${this.#blockBytes} bytes there, copy it again`,
    );
  }

  #fail(reason: string): never {
    throw new CaptureFileError(this.#name, reason, this.#blockOffset);
  }
}
