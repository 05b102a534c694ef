// Reads a whole capture out of memory, in pieces of any size, and keeps all that was said of it.

import { CaptureFileError } from "../../../src/pcap/file/capture_file_error.ts";
import { CaptureReader } from "../../../src/pcap/file/reader.ts";
import { Step } from "../../../src/pcap/file/step.ts";

/** A copy of what a reader said of one packet. */
export interface Packet {
  timeUs: number;
  nanos: number;
  wireLength: number;
  linkType: number;
  interface: number;
  bytes: Uint8Array;
}

/** What came of reading a file. */
export interface Outcome {
  packets: Packet[];
  /** The damage that was told, null when the file was read to its end. */
  error: CaptureFileError | null;
}

/** The name that errors about these files bear. */
export const NAME = "test.pcap";

/**
 * Reads `file` in pieces of at most `pieceBytes`. Anything but a `CaptureFileError` is passed on,
 * and so is a reader that asks for more after the end or gives bytes outside its buffer. `stale` is
 * in the buffer before the file is: what is said of the file must not depend on it.
 */
export function readAll(
  file: Uint8Array,
  pieceBytes = Infinity,
  bufferBytes?: number,
  stale = 0,
  cutToSnapshot = false,
): Outcome {
  const reader = new CaptureReader(NAME, { bufferBytes, cutToSnapshot });
  reader.bytes.fill(stale);
  const packets: Packet[] = [];
  let fed = 0;
  let ended = false;
  for (;;) {
    let step: number;
    try {
      step = reader.next();
    } catch (error) {
      if (!(error instanceof CaptureFileError)) throw error;
      return { packets, error };
    }
    if (step === Step.End) return { packets, error: null };
    if (step === Step.NeedBytes) {
      if (ended) throw new Error("asked for bytes after the end");
      const space = reader.space();
      if (space.length === 0) throw new Error("gave no space");
      const piece = file.subarray(fed, fed + Math.min(pieceBytes, space.length));
      space.set(piece);
      fed += piece.length;
      ended = piece.length === 0;
      reader.filled(piece.length);
      continue;
    }
    if (reader.start > reader.end || reader.end > reader.bytes.length) {
      throw new Error(`packet outside the buffer: ${reader.start} to ${reader.end}`);
    }
    packets.push({
      timeUs: reader.timeUs,
      nanos: reader.nanos,
      wireLength: reader.wireLength,
      linkType: reader.linkType,
      interface: reader.interface,
      bytes: reader.bytes.slice(reader.start, reader.end),
    });
  }
}
