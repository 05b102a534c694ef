// The pcap format: a file header and records of a fixed header and a packet. Facts as in libpcap's
// savefile documentation (pcap-savefile(5)) and as libpcap itself reads what the page leaves out.

import { CaptureFileError } from "./capture_file_error.ts";
import { CAPTURED_BYTES_MAX, linkTypeOf, snapshotBytesOf } from "./file_fields.ts";
import type { InputWindow } from "./input_window.ts";
import { type CaptureFormat, type CurrentPacket, Step } from "./step.ts";

/** Bytes before the first record. */
export const FILE_HEADER_BYTES = 24;
/** Bytes before each packet: seconds, fraction, captured length, length on the wire. */
export const RECORD_HEADER_BYTES = 16;
/** Kuznetzov's has the interface index, the protocol and the packet type after those. */
const KUZNETZOV_RECORD_HEADER_BYTES = 24;

export const MAGIC_MICROSECONDS = 0xa1b2c3d4;
export const MAGIC_NANOSECONDS = 0xa1b23c4d;
const MAGIC_KUZNETZOV = 0xa1b2cd34;

/** This many zeros are the end of a file, whatever may come after them. */
const ZEROS_BYTES = 65536;
/** What is said of a file that ends in zeros. */
export const ZEROS =
  "zeros from here on: the file was not written to its end, what is missing is lost";

const LINKTYPE_ETHERNET = 1;
const COOKED_HEADER_BYTES = 14;

/** Whether the two length fields of a record stand in the order of today's format. */
const Lengths = { InOrder: 0, Swapped: 1, Unclear: 2 } as const;

/** Is `magic`, read in one of the two byte orders, the first word of a pcap file in that order? */
export function isPcapMagic(magic: number): boolean {
  return magic === MAGIC_MICROSECONDS || magic === MAGIC_NANOSECONDS || magic === MAGIC_KUZNETZOV;
}

/** The records of one pcap file of any variant. */
export class PcapRecords implements CaptureFormat {
  /** How much of a packet is read if `CaptureReader`'s short path can read this file, else 0. */
  readonly plainBytesMax: number;
  readonly #name: string;
  readonly #window: InputWindow;
  readonly #little: boolean;
  readonly #nanoseconds: boolean;
  readonly #headerBytes: number;
  readonly #lengths: number;
  /** Bytes of a packet that are read: all, or up to the snapshot length. */
  readonly #bytesMax: number;
  readonly #linkType: number;
  /** Offset in the file of a byte that is not zero, after the last zeros that were looked at. */
  #zerosEnd = 0;

  /** Takes the file header, whole and with a good magic, from the front of the window. */
  constructor(name: string, window: InputWindow, little: boolean, cutToSnapshot: boolean) {
    const { view, at } = window;
    const magic = view.getUint32(at, little);
    const major = view.getUint16(at + 4, little);
    const minor = view.getUint16(at + 6, little);
    // 543.0 is DG/UX's tcpdump.
    if (!(major === 2 && minor <= 4) && !(major === 543 && minor === 0)) {
      throw new CaptureFileError(
        name,
        `pcap version ${major}.${minor} is not known (2.0 to 2.4 are)`,
        window.offsetOf(at + 4),
      );
    }
    this.#name = name;
    this.#window = window;
    this.#little = little;
    this.#nanoseconds = magic === MAGIC_NANOSECONDS;
    const kuznetzov = magic === MAGIC_KUZNETZOV;
    this.#headerBytes = kuznetzov ? KUZNETZOV_RECORD_HEADER_BYTES : RECORD_HEADER_BYTES;
    this.#linkType = linkTypeOf(view.getUint32(at + 20, little));
    // The captured length was the second of the two before 2.3, and in some files that say 2.3.
    this.#lengths = major === 543 || minor < 3
      ? Lengths.Swapped
      : minor === 3
      ? Lengths.Unclear
      : Lengths.InOrder;
    // A cooked capture of the modified libpcap has an Ethernet header added to its snapshot length.
    const added = kuznetzov && this.#linkType === LINKTYPE_ETHERNET ? COOKED_HEADER_BYTES : 0;
    this.#bytesMax = cutToSnapshot
      ? snapshotBytesOf(view.getUint32(at + 16, little), added)
      : CAPTURED_BYTES_MAX;
    const plain = little && !this.#nanoseconds && !kuznetzov && this.#lengths === Lengths.InOrder;
    this.plainBytesMax = plain ? this.#bytesMax : 0;
    window.at = at + FILE_HEADER_BYTES;
  }

  next(packet: CurrentPacket): number {
    packet.linkType = this.#linkType;
    const window = this.#window;
    const { view, at, limit } = window;
    const start = at + this.#headerBytes;
    if (start > limit) return this.#needBytes("record header", limit - at, this.#headerBytes);
    const little = this.#little;
    let captured = view.getUint32(at + 8, little);
    let wire = view.getUint32(at + 12, little);
    if (
      this.#lengths === Lengths.Swapped || (this.#lengths === Lengths.Unclear && captured > wire)
    ) {
      const first = captured;
      captured = wire;
      wire = first;
    }
    if (captured === 0) {
      const zeros = this.#endsInZeros(at);
      if (zeros === undefined) return Step.NeedBytes;
      if (zeros) throw new CaptureFileError(this.#name, ZEROS, window.offsetOf(at));
    }
    if (captured > CAPTURED_BYTES_MAX) {
      throw new CaptureFileError(
        this.#name,
        `record of ${captured} bytes claimed, at most ${CAPTURED_BYTES_MAX} allowed`,
        window.offsetOf(at),
      );
    }
    const end = start + captured;
    if (end > limit) return this.#needBytes("packet", limit - start, captured);
    const fraction = view.getUint32(at + 4, little);
    const micros = this.#nanoseconds ? Math.floor(fraction / 1000) : fraction;
    packet.nanos = this.#nanoseconds ? fraction % 1000 : 0;
    // Seconds are unsigned, to 2106. A fraction of a second or more is carried, not refused.
    packet.timeUs = view.getUint32(at, little) * 1e6 + micros;
    packet.wireLength = wire;
    packet.start = start;
    packet.end = start + Math.min(captured, this.#bytesMax);
    window.at = end;
    return Step.Packet;
  }

  /**
   * Is there nothing but zeros from `at` on? That is what a file system shows of a file that was not
   * written to its end; one record of zeros alone may be a packet of no bytes. Undefined: more bytes are
   * needed to tell. Every byte is looked at once, however many records are made of it.
   */
  #endsInZeros(at: number): boolean | undefined {
    const window = this.#window;
    const { bytes, limit } = window;
    if (window.offsetOf(at) < this.#zerosEnd) return false;
    let end = at;
    while (end < limit && bytes[end] === 0) end++;
    if (end < limit) {
      this.#zerosEnd = window.offsetOf(end);
      return false;
    }
    if (window.ended) return end - at >= 2 * this.#headerBytes;
    return end - at >= ZEROS_BYTES ? true : undefined;
  }

  #needBytes(what: string, have: number, need: number): number {
    const window = this.#window;
    if (!window.ended) return Step.NeedBytes;
    if (window.at === window.limit) return Step.End;
    throw new CaptureFileError(
      this.#name,
      `file cut in a ${what}, ${have} of ${need} bytes there, copy it again`,
      window.offsetOf(window.at),
    );
  }
}
