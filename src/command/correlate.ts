// `scandog correlate`: finds the scans that no sensor alone can see, from the outcomes of many sensors. Knows
// options; each source of outcomes has a file of its own.

import { type Command, defineCommand, type Operand } from "../options/command.ts";
import { isSensorName } from "../fleet/sensor_name.ts";
import { CORRELATE_OPTIONS } from "../options/correlate.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { sinkFaults } from "../options/sinks.ts";
import { tunableFaults, tunableValues } from "../options/tunables.ts";
import { weighFaults } from "../options/weigh.ts";
import { BadUsage } from "../failure.ts";
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
  min: 0,
  max: Infinity,
  isFile: true,
};

export const CORRELATE: Command<typeof CORRELATE_OPTIONS> = defineCommand({
  name: "correlate",
  summary: "Finds the scans that no sensor alone can see, from the outcomes of many sensors.",
  notes:
    "Scans that a sensor told, or could have told by itself, are not told again. A line names the sensors' " +
    "scans that are part of it. The same files give the same lines. Exit status: 0 done; 1 a file could not " +
    "be read to its end, or holds nothing of a sensor; 2 bad usage; 3 --expect or --fail-on-scan was not met.",
  examples: [
    ["scandog correlate web1.jsonl web2.jsonl db.jsonl.gz", "what three sensors saw together"],
    ["scandog correlate --subscribe nats://192.0.2.1 --init", "makes the streams, once"],
    ["scandog correlate --add-sensor web1", "makes a key for a sensor"],
    [
      "scandog correlate --subscribe nats://192.0.2.1",
      "what all sensors that publish there see together",
    ],
  ],
  options: CORRELATE_OPTIONS,
  operand: FILES,
  check,
  derived: ({ values }) => fleetNumbers(values),
  run,
});

async function run({ values }: CorrelateSettings, operands: string[]): Promise<number> {
  const { subscribe, init, follow, addSensor } = values;
  if (addSensor !== undefined) {
    if (operands.length > 0) {
      throw new BadUsage([`${operands[0]}: files are not read with --add-sensor`]);
    }
    return (await import("./correlate/add_sensor.ts")).addSensor(addSensor);
  }
  if (subscribe !== undefined && operands.length > 0) {
    throw new BadUsage([`${operands[0]}: files are not read with --subscribe`]);
  }
  if (subscribe !== undefined && init) {
    const { initStreams } = await import("./correlate/init.ts");
    return await initStreams(values);
  }
  if (subscribe !== undefined) {
    const { StreamSource } = await import("./correlate/from_stream.ts");
    return await correlateLive(values, (say) => StreamSource.prepare(values, say));
  }
  if (operands.length === 0) throw new BadUsage(["no FILE is given, nor --subscribe URL"]);
  if (!follow) return await correlateFiles(values, operands);
  return await correlateLive(values, (say) => new GrowingFiles(inputFiles(operands), say));
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
/** What only a stream has, and what only it is made with. */
const STREAM_ONLY = ["subscribeCredentials", "subscribeCa", "partitions", "init"] as const;
const INIT_ONLY = ["streamAge", "streamSize", "alertAge", "streamReplicas"] as const;
/** What only one has that ends. */
const ENDING_ONLY = ["expect", "failOnScan"] as const;

function check({ values, origins }: CorrelateSettings): Fault[] {
  const numbers = tunableValues("scandog", values);
  const isGiven = (key: keyof typeof origins) => origins[key].from === "command line";
  const isStream = values.subscribe !== undefined;
  const isLive = isStream || values.follow;
  const of = (keys: readonly (keyof typeof origins)[], reason: string) =>
    keys.filter(isGiven).map((key) => ({ key, reason }));
  const foreign = [
    ...(isLive
      ? of(ENDING_ONLY, "is for files that end")
      : of(LIVE_ONLY, "is for --follow and --subscribe")),
    ...(isStream ? of(["follow"], "is for files") : of(STREAM_ONLY, "is for --subscribe")),
    ...(values.init ? [] : of(INIT_ONLY, "is for --init")),
    ...(values.addSensor === undefined || isSensorName(values.addSensor)
      ? []
      : [{ key: "addSensor", reason: "must be one line of at most 253 bytes" }]),
  ];
  const kept = values.streamAge * 3600,
    read = numbers.detector.remember + values.secondLook + values.reorder;
  if (values.init && kept < read) {
    foreign.push({
      key: "streamAge",
      reason: `must be more than --remember: ${read} s are read again`,
    });
  }
  return [
    ...foreign,
    ...diagnosticsFaults(values),
    ...sinkFaults({ values, origins }),
    ...tunableFaults("scandog", numbers),
    ...weighFaults("scandog", values.weigh, origins.weigh, numbers.detector),
  ];
}
