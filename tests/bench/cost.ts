// What packets cost the scandog profile in one thread: reading, decoding and detecting, by the thread's own
// processor time. Linux only.

import { CaptureReader, Step } from "deno-pcap";
import { REPLAY_SEED } from "../../src/command/capture_files.ts";
import { Decoder } from "../../src/decode/decoder.ts";
import { ScandogDetector } from "../../src/detect/scandog/detector.ts";
import { defaults, PATH, SCANDOG } from "../../src/params.ts";
import { RECORD_BYTES, Records } from "../../src/record.ts";
import { type Recipe, RecipeFile } from "./recipe.ts";

const BATCH = 1024;

/** Nanoseconds that this thread has run. */
function threadNs(): number {
  return Number(Deno.readTextFileSync("/proc/thread-self/schedstat").split(" ")[0]);
}

/** Nanoseconds a packet of a recipe, for so many of them that come after the first `before`. */
export function costOf(recipe: Recipe, packets: number, before: number): number {
  return costOfCapture(new RecipeFile(recipe, before + packets).bytes, packets, before);
}

/**
 * Nanoseconds a packet of a capture file in memory, for so many that come after the first `before`: what a long flood
 * costs, not how it begins. The tables are made before the clock starts.
 */
export function costOfCapture(file: Uint8Array, packets: number, before: number): number {
  const records = Records.allocate(BATCH);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: REPLAY_SEED });
  const options = {
    ...defaults(SCANDOG),
    seed: REPLAY_SEED,
    home: [],
    ignore: [],
    weigh: [],
  };
  const detector = new ScandogDetector(records, options, () => {});
  const reader = new CaptureReader("recipe");
  let given = 0, used = 0, count = 0, started = threadNs();
  for (let step = reader.next(); step !== Step.End; step = reader.next()) {
    if (step === Step.NeedBytes) {
      const piece = file.subarray(given, given + reader.space().length);
      reader.space().set(piece);
      reader.filled(piece.length);
      given += piece.length;
      continue;
    }
    if (count++ === before) started = threadNs();
    const { bytes, start, end, wireLength, timeUs, linkType } = reader;
    const at = used * RECORD_BYTES;
    if (decoder.decode(bytes, start, end, wireLength, timeUs, linkType, 0, at) === 0) used++;
    if (used === BATCH) {
      detector.process(0, used);
      used = 0;
    }
  }
  detector.process(0, used);
  const ns = threadNs() - started;
  detector.finish();
  return ns / packets;
}
