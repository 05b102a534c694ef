// `scandog correlate`: the scans that no sensor alone can tell, from the outcomes of many. Knows options; where
// outcomes come from is a file of its own each.

import { type Command, defineCommand, type Operand } from "../options/command.ts";
import { CORRELATE_OPTIONS } from "../options/correlate.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { sinkFaults } from "../options/sinks.ts";
import { tunableFaults, tunableValues } from "../options/tunables.ts";
import { weighFaults } from "../options/weigh.ts";
import { inputFiles } from "./capture_files.ts";
import { correlateFiles } from "./correlate/from_files.ts";
import { GrowingFiles } from "./correlate/from_growing_files.ts";
import { fleetNumbers } from "./correlate/judging.ts";
import { correlateLive } from "./correlate/live.ts";
import { diagnosticsFaults } from "./diagnostics.ts";

type CorrelateSettings = Settings<typeof CORRELATE_OPTIONS>;

const FILES: Operand = {
  metavar: "FILE",
  help:
    "Files of --outcomes, of one sensor or of several, also gzipped, and their logs of --format json, so that what " +
    "a sensor told itself is not told again; - is standard input.",
  min: 1,
  max: Infinity,
  isFile: true,
};

export const CORRELATE: Command<typeof CORRELATE_OPTIONS> = defineCommand({
  name: "correlate",
  summary: "Tells the scans that no sensor alone can tell, from the outcomes of many.",
  notes:
    "What a sensor tells, or could tell by itself, is not told again: such scans are named in the line of " +
    "the one that they are part of. The same files give the same lines. Exit status: 0 done; 1 a file could not be " +
    "read to its end, or holds nothing of a sensor; 2 bad usage; 3 --expect or --fail-on-scan was not met.",
  examples: [
    ["scandog correlate web1.jsonl web2.jsonl db.jsonl.gz", "what three sensors saw together"],
  ],
  options: CORRELATE_OPTIONS,
  operand: FILES,
  check,
  derived: ({ values }) => fleetNumbers(values),
  run,
});

function run({ values }: CorrelateSettings, operands: string[]): Promise<number> {
  if (!values.follow) return correlateFiles(values, operands);
  return correlateLive(values, (say) => new GrowingFiles(inputFiles(operands), say));
}

/** What only a correlator that runs on has. */
const LIVE_ONLY = [
  "logFile",
  "syslog",
  "journald",
  "control",
  "metricsFile",
  "user",
  "chroot",
] as const;
/** What only one has that ends. */
const ENDING_ONLY = ["expect", "failOnScan"] as const;

function check({ values, origins }: CorrelateSettings): Fault[] {
  const numbers = tunableValues("scandog", values);
  const isGiven = (key: keyof typeof origins) => origins[key].from === "command line";
  const foreign = values.follow
    ? ENDING_ONLY.filter(isGiven).map((key) => ({ key, reason: "is for files that end" }))
    : LIVE_ONLY.filter(isGiven).map((key) => ({ key, reason: "is for --follow" }));
  return [
    ...foreign,
    ...diagnosticsFaults(values),
    ...sinkFaults({ values, origins }),
    ...tunableFaults("scandog", numbers),
    ...weighFaults("scandog", values.weigh, origins.weigh, numbers.detector),
  ];
}
