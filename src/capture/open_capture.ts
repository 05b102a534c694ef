// One capture file while it is read: its bytes, its reader, its current packet, and counts of what was read. Knows no
// ring.

import { PacketRow } from "../decode/row.ts";
import { CaptureFileError } from "../pcap/file/capture_file_error.ts";
import { PIECE_BYTES_MAX } from "../pcap/file/input_window.ts";
import { CaptureReader } from "../pcap/file/reader.ts";
import { Step } from "../pcap/file/step.ts";
import { Sight } from "./blindness.ts";
import { reasonOf } from "../failure.ts";
import { type CaptureInput, FileInput, shownName } from "./file_input.ts";
import { LinkTypes } from "./link_types.ts";
import type { Progress } from "./progress.ts";

export interface OpenOptions {
  /** As in `CaptureReaderOptions`. */
  cutToSnapshot: boolean;
  /** As in `Sight`. */
  canLookInside: boolean;
  /** With the least memory. */
  isSmall: boolean;
  /** What is in the file from its beginning on, where that is known; undefined: it is read. */
  known?: (name: string) => CaptureInput | undefined;
}

/** One open file. Its fields are the replay's to change. */
export class OpenCapture {
  readonly links: LinkTypes;
  readonly sight: Sight;
  /** Frames given to the decoder. */
  frames = 0;
  /** The reader stands at a packet that was not decoded yet. */
  isHeld = false;
  /** Added to its interfaces' numbers: those of files that are read at once are not the same. */
  interfaces = 0;
  private counted = 0;
  private row: PacketRow | undefined;
  /** What is wrong with the file, in one sentence. */
  fault: string | undefined;

  /** As it is called in what is said of it. */
  readonly name: string;

  private constructor(
    path: string,
    /** Its place among the files asked for. */
    readonly index: number,
    readonly reader: CaptureReader,
    private readonly input: CaptureInput,
    canLookInside: boolean,
  ) {
    const name = this.name = shownName(path);
    this.links = new LinkTypes(name);
    this.sight = new Sight(name, canLookInside);
  }

  /** A sentence instead where it cannot be opened. */
  static open(
    name: string,
    index: number,
    { cutToSnapshot, canLookInside, isSmall, known }: OpenOptions,
  ): OpenCapture | string {
    const input = known?.(name) ?? FileInput.open(name);
    if (typeof input === "string") return input;
    const bufferBytes = isSmall ? PIECE_BYTES_MAX : undefined;
    const reader = new CaptureReader(shownName(name), { cutToSnapshot, bufferBytes });
    return new OpenCapture(name, index, reader, input, canLookInside);
  }

  /** Reads more of the file into the reader's buffer, and adds its bytes to the progress. */
  fill(progress: Progress | undefined): void {
    this.reader.filled(this.input.read(this.reader.space()));
    if (progress !== undefined) progress.bytes += this.input.bytesRead - this.counted;
    this.counted = this.input.bytesRead;
  }

  /** Reads on to the first packet, and holds it. False where there is none, or the file is at fault. */
  begin(progress: Progress | undefined): boolean {
    return this.guard(() => {
      let step = this.reader.next();
      while (step === Step.NeedBytes) {
        this.fill(progress);
        step = this.reader.next();
      }
      this.isHeld = step === Step.Packet;
      return this.isHeld;
    });
  }

  /** The packets in the reader's buffer as a row, where they are one; once the first was read. */
  rowAhead(): PacketRow | undefined {
    const { reader } = this;
    if (reader.plainBytesMax === 0) return undefined;
    // A plain file has one link type.
    this.row ??= new PacketRow(reader.bytes, reader.linkType, this.interfaces);
    this.row.at = reader.at;
    this.row.limit = reader.limit;
    this.row.bytesMax = reader.plainBytesMax;
    this.row.timeUs = reader.timeUs;
    return this.row;
  }

  /** Runs what reads the file; false, and `fault` is set, where the file is at fault. */
  guard(read: () => boolean): boolean {
    try {
      if (read()) return true;
      this.fault = this.links.fault() ?? this.input.warning();
    } catch (error) {
      // A mistake of ours is not the file's: it ends the program.
      if (error instanceof TypeError || error instanceof RangeError) throw error;
      this.fault = error instanceof CaptureFileError
        ? error.message
        : `${this.name}: cannot be read: ${reasonOf(error)}`;
    }
    return false;
  }

  close(): void {
    this.input.close();
  }
}
