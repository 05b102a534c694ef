// Runs a detector over one capture in this thread: reader, decoder, detector, without worker or
// ring. What it finds is what a replay finds; a test only waits less for it.

import { gunzipSync } from "node:zlib";
import { CaptureFileError } from "../../src/pcap/file/capture_file_error.ts";
import { CaptureReader } from "../../src/pcap/file/reader.ts";
import { Step } from "../../src/pcap/file/step.ts";
import { type DecodeOptions, Decoder } from "../../src/decode/decoder.ts";
import { Reason } from "../../src/decode/reason.ts";
import type { DetectorEvent, Emit } from "../../src/event.ts";
import { defaults, PATH } from "../../src/params.ts";
import { RECORD_BYTES, Records } from "../../src/record.ts";

/** Makes the detector that is to be run. */
export type MakeDetector = (records: Records, emit: Emit) => {
  process(base: number, count: number): void;
  finish(): void;
};

export interface CaptureRun {
  events: DetectorEvent[];
  /** The decoder's, at `Counter`'s places. */
  counters: Float64Array;
  /** Where the file was damaged: what came before was run. */
  fault?: CaptureFileError;
}

/** Records decoded before the detector sees them: no divisor of anything. */
const BATCH = 61;

/**
 * Runs a detector over a capture: a path or the bytes of a file, gzip or not. Packets of unknown
 * link types are counted and skipped. `options` change the decoder's defaults; `batch`: records decoded before
 * the detector sees them.
 */
export function runCapture(
  capture: string | Uint8Array,
  makeDetector: MakeDetector,
  options: Partial<DecodeOptions> = {},
  batch = BATCH,
): CaptureRun {
  const name = typeof capture === "string" ? capture : "capture";
  const file = captureBytes(capture);

  const events: DetectorEvent[] = [];
  const records = Records.allocate(batch);
  const detector = makeDetector(records, (event) => events.push(event));
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1, ...options });
  let waiting = 0;
  const flush = () => {
    detector.process(0, waiting);
    waiting = 0;
  };
  const fault = forEachPacket(name, file, (reader) => {
    const { bytes, start, end, wireLength, timeUs, linkType } = reader;
    const base = waiting * RECORD_BYTES;
    const reason = decoder.decode(
      bytes,
      start,
      end,
      wireLength,
      timeUs,
      linkType,
      reader.interface,
      base,
    );
    if (reason === Reason.None && ++waiting === batch) flush();
  });
  flush();
  detector.finish();
  return { events, counters: decoder.counters, fault };
}

/** A capture's bytes, unpacked when they are gzip. */
export function captureBytes(capture: string | Uint8Array): Uint8Array {
  const stored = typeof capture === "string" ? Deno.readFileSync(capture) : capture;
  return stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
}

/** Calls `visit` for every packet of a file in memory. Returns what stopped it before the end. */
export function forEachPacket(
  name: string,
  file: Uint8Array,
  visit: (reader: CaptureReader) => void,
): CaptureFileError | undefined {
  const reader = new CaptureReader(name);
  let at = 0;
  try {
    for (let step = reader.next(); step !== Step.End; step = reader.next()) {
      if (step === Step.Packet) {
        visit(reader);
        continue;
      }
      const space = reader.space();
      const piece = file.subarray(at, at + space.length);
      space.set(piece);
      at += piece.length;
      reader.filled(piece.length);
    }
  } catch (error) {
    if (error instanceof CaptureFileError) return error;
    throw error;
  }
  return undefined;
}
