// The options of `scandog replay`.

import { FLEET_OPTIONS } from "./fleet.ts";
import { FILE, FLAG, SPEED } from "./kinds.ts";
import { REPORT } from "./report.ts";
import type { Rows } from "./row.ts";
import { SHARED_OPTIONS } from "./shared.ts";

export const REPLAY_OPTIONS = {
  speed: {
    kind: SPEED,
    help: "Replays as fast as possible, or at so many times the capture's own pace.",
    group: "Replay",
    default: 0,
  },
  expect: {
    kind: FILE,
    help:
      "Compares what was found with the expectations in this file. A difference is printed on standard error " +
      "and ends with exit status 3.",
    group: "Replay",
  },
  report: {
    kind: REPORT,
    help:
      "Writes the verdict on every scan to a file for build servers, as junit, sarif or markdown; junit FILE, as two " +
      "words, is the same as junit:FILE. markdown appends to the file (the summary of a GitHub job). May be given " +
      "again. Without --expect, no scan is expected.",
    group: "Replay",
    commandLineOnly: "it belongs to one run",
  },
  writeExpect: {
    kind: FILE,
    help: "Writes what was found to this file, in the form that --expect reads.",
    group: "Replay",
    commandLineOnly: "it belongs to one run",
  },
  failOnScan: {
    kind: FLAG,
    help: "Ends with exit status 3 if any scan is found.",
    group: "Replay",
    default: false,
  },
  ...SHARED_OPTIONS,
  // A configuration file of watch's may have it; on the command line it is refused, with this.
  filter: {
    ...SHARED_OPTIONS.filter,
    help: "For watch only. With a file: tcpdump -r FILE -w - EXPR | scandog replay -",
  },
  ...FLEET_OPTIONS,
} satisfies Rows;
