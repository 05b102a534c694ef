// The home of a capture, as a replay infers it.

import type { Prefix } from "../../src/address.ts";
import { HomeInference } from "../../src/label/home_inference.ts";
import { runCapture } from "./run_capture.ts";

/** Of a capture file; no address where its packets do not show it. */
export function homeOf(file: string): Prefix[] {
  let home: Prefix[] = [];
  const inference = new HomeInference((found) => home = found, () => {});
  runCapture(file, inference.over(() => ({ process() {}, finish() {} })));
  return home;
}
