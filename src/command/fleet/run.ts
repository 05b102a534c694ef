// What the fleet output needs of a run, besides its options: types only.

import type { Diagnostics } from "../diagnostics.ts";
import type { Format } from "../formats.ts";

/** What a run is, besides its options. */
export interface FleetRun {
  /** The name of this sensor; undefined where it is not known. */
  name: string | undefined;
  say: Diagnostics;
  /** Files that are read, and those that others write: none of them may be written by this. */
  inputs: readonly string[];
  outputs: readonly string[];
  /** An event in the form of `--format json`, of at most `bytesMax` bytes. */
  jsonFormat(bytesMax: number): Format;
  isLive: boolean;
}
