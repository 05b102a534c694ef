// How often memory had to be collected on the whole path in one thread: reader, decoder, detector.
// The two threads of the program run the same code. Run with `--v8-flags=--trace-gc`, which prints
// a line for each collection; with the path of a capture.

import { Decoder } from "../../src/decode/decoder.ts";
import { ClassicDetector } from "../../src/detect/classic/detector.ts";
import { SCANLOGD_2_RULES } from "../../src/detect/classic/rules.ts";
import { defaults, PATH, SCANLOGD_2 } from "../../src/params.ts";
import { CaptureReader, Step } from "deno-pcap";
import { RECORD_BYTES, Records } from "../../src/record.ts";

const BATCH = 512;
/** Packets before the measurement, in which the code is compiled. */
const WARM_UP = 1_000_000;

/** Printed when the warm-up ends. */
export const MEASURED_FROM = "measured from here";

/** Replays the file; says `MEASURED_FROM` after the warm-up. Returns the packets after it. */
function replay(path: string): number {
  const records = Records.allocate(BATCH);
  const decoder = new Decoder(records, { ...defaults(PATH), seed: 1 });
  const options = { rules: SCANLOGD_2_RULES, values: defaults(SCANLOGD_2) };
  const detector = new ClassicDetector(records, options, () => {});
  const reader = new CaptureReader(path);
  using file = Deno.openSync(path);
  let packets = 0, used = 0;
  for (let step = reader.next(); step !== Step.End; step = reader.next()) {
    if (step === Step.NeedBytes) {
      reader.filled(file.readSync(reader.space()) ?? 0);
      continue;
    }
    const at = used * RECORD_BYTES;
    const { bytes, start, end, wireLength, timeUs, linkType } = reader;
    if (decoder.decode(bytes, start, end, wireLength, timeUs, linkType, 0, at) === 0) used++;
    if (used === BATCH) {
      detector.process(0, used);
      used = 0;
    }
    if (++packets === WARM_UP) console.log(MEASURED_FROM);
  }
  return packets - WARM_UP;
}

if (import.meta.main) console.log(`${replay(Deno.args[0])} packets`);
