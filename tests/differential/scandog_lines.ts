// What scandog's classic profiles say of a capture, with their defaults.

import { ClassicDetector } from "../../src/detect/classic/detector.ts";
import { type Rules, SCANLOGD_1_RULES, SCANLOGD_2_RULES } from "../../src/detect/classic/rules.ts";
import { namedZone } from "../../src/format/named_zone.ts";
import { formatScanlogd } from "../../src/format/scanlogd.ts";
import { defaults } from "../../src/params.ts";
import { runCapture } from "../support/run_capture.ts";
import type { Version } from "./oracle.ts";

const RULES: Record<Version, Rules> = { "1.0": SCANLOGD_1_RULES, "2.2.8": SCANLOGD_2_RULES };
export const VERSIONS = Object.keys(RULES) as Version[];

export function scandogLines(
  capture: string | Uint8Array,
  version: Version,
  timeZone: string,
): string[] {
  const rules = RULES[version];
  const values = defaults(rules.tunables);
  const { events } = runCapture(
    capture,
    (records, emit) => new ClassicDetector(records, { rules, values }, emit),
  );
  const options = { zone: namedZone(timeZone), lineLength: values.lineLength };
  return events.map((event) => formatScanlogd(event, options)!);
}
