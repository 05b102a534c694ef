// Replays one capture file into the ring, in the worker. Knows files, decoder and ring; no detector.

import { Counter } from "../decode/counters.ts";
import type { Decoder } from "../decode/decoder.ts";
import { CaptureFileError } from "../pcap/file/capture_file_error.ts";
import { CaptureReader } from "../pcap/file/reader.ts";
import { Step } from "../pcap/file/step.ts";
import { RECORD_BYTES } from "../record.ts";
import { reasonOf } from "../failure.ts";
import { Sight } from "./blindness.ts";
import { FileInput } from "./file_input.ts";
import { handOver, putBytes, type Rings } from "./hand_over.ts";
import { LinkTypes } from "./link_types.ts";
import type { Pace } from "./pace.ts";
import type { Progress } from "./progress.ts";

/**
 * Records handed over at once. Few enough that the batch is still in the cache when the other
 * thread reads it, many enough that the atomics do not count.
 */
const BATCH = 512;

/** What a replay works with. */
export interface ReplayParts extends Rings {
  decoder: Decoder;
  progress: Progress;
  /** Absent: as fast as possible. */
  pace: Pace | undefined;
  /** As in `CaptureReaderOptions`. */
  cutToSnapshot: boolean;
  /** One sentence on a file, while it is read or after. */
  notice: (text: string) => void;
}

/** What became of one file. */
export interface Replayed {
  /** What is wrong with it, in one sentence, after all that came before the damage was handed over. */
  fault?: string;
  /** Of its frames none could be decoded: one sentence. */
  blind?: string;
}

/** Replays one file, to its end, to where it is damaged, or until a stop is asked for. */
export function replayFile(name: string, parts: ReplayParts): Replayed {
  const { decoder } = parts;
  const sight = new Sight(name, decoder.counters[Counter.Packets]);
  decoder.unread = sight.unread;
  const fault = readFile(name, parts, sight);
  const blind = sight.end(decoder.counters[Counter.Packets], parts.notice);
  return { fault, blind };
}

function readFile(name: string, parts: ReplayParts, sight: Sight): string | undefined {
  const input = FileInput.open(name);
  if (typeof input === "string") return input;
  const before = parts.progress.bytes;
  try {
    const reader = new CaptureReader(name, { cutToSnapshot: parts.cutToSnapshot });
    const links = new LinkTypes(name);
    while (!parts.progress.stopped() && decodeBuffered(reader, links, parts)) {
      sight.look(parts.decoder.counters[Counter.Packets], parts.notice);
      const count = input.read(reader.space());
      parts.progress.bytes = before + input.bytesRead;
      reader.filled(count);
    }
    return links.fault() ?? input.warning();
  } catch (error) {
    if (error instanceof CaptureFileError) return error.message;
    // A mistake of ours is not the file's: it ends the program.
    if (error instanceof TypeError || error instanceof RangeError) throw error;
    return `${name}: cannot be read: ${reasonOf(error)}`;
  } finally {
    input.close();
  }
}

/** Decodes what is in the reader's buffer. True when the reader needs more bytes. */
function decodeBuffered(reader: CaptureReader, links: LinkTypes, parts: ReplayParts): boolean {
  const { decoder, producer, packets } = parts;
  let room = 0, used = 0, base = 0;
  try {
    for (;;) {
      const step = reader.next();
      if (step !== Step.Packet) return step === Step.NeedBytes;
      if (reader.linkType !== links.current && !links.admit(reader.linkType)) continue;
      if (parts.pace !== undefined) {
        handOver(parts, used);
        used = room = 0;
        waitUntilDue(parts.pace, reader.timeUs, parts.progress);
        if (parts.progress.stopped()) return false;
      }
      if (used === room) {
        handOver(parts, used);
        if (parts.progress.stopped()) return used = room = 0, false;
        room = Math.min(BATCH, producer.waitForRoom());
        used = 0;
        base = producer.base();
      }
      const reason = decoder.decode(
        reader.bytes,
        reader.start,
        reader.end,
        reader.wireLength,
        reader.timeUs,
        reader.linkType,
        reader.interface,
        base + used * RECORD_BYTES,
      );
      if (reason !== 0) continue;
      if (packets !== undefined) {
        while (!putBytes(packets, reader)) {
          // The reader gives room back only for records that it has: those before this one.
          handOver(parts, used);
          base += used * RECORD_BYTES;
          room -= used;
          used = 0;
          packets.waitForRoom();
        }
      }
      used++;
    }
  } finally {
    handOver(parts, used);
  }
}

function waitUntilDue(pace: Pace, timeUs: number, progress: Progress): void {
  for (let ms = pace.wait(timeUs); ms > 0 && !progress.stopped(); ms = pace.wait(timeUs)) {
    progress.pause(ms);
  }
}
