// The options of `scandog correlate`.

import { CONFINEMENT_OPTIONS } from "./confinement.ts";
import { FILE, FLAG, number } from "./kinds.ts";
import { PROFILES } from "./profiles.ts";
import type { Row, Rows, ValuesOf } from "./row.ts";
import { FORMATS, SHARED_OPTIONS } from "./shared.ts";
import { SINK_OPTIONS } from "./sinks.ts";
import { STATUS_OPTIONS } from "./status.ts";
import { TUNABLE_OPTIONS } from "./tunables.ts";
import { choice } from "./kinds.ts";

const FLEET = "Fleet";
const { sensitivity, home, ignore, weigh, knownScanners, tz, observer } = SHARED_OPTIONS;
const { quiet, verbose, config, printConfig } = SHARED_OPTIONS;

/** What has no part here: what is seen of packets, and what only one sensor's floods do. */
const NOT_HERE = new Set(["answerWait", "floodRate", "traceTtl"]);

/**
 * Numbers that are others for many sensors: hundreds of them hear hundreds of sources that fail once, any second, and
 * what each is remembered for must not be pushed out by that before its time.
 */
export const FLEET_DEFAULTS = { floodSources: 32_768, memory: 512 };

const NUMBERS = Object.fromEntries(
  Object.keys(PROFILES.scandog.tunables).filter((key) => !NOT_HERE.has(key))
    .map((key) => [key, fleetRow(key)]),
);

/** With the default that it has here. */
function fleetRow(key: string): Row<number> {
  const row = TUNABLE_OPTIONS[key];
  if (!Object.hasOwn(FLEET_DEFAULTS, key)) return row;
  const value = FLEET_DEFAULTS[key as keyof typeof FLEET_DEFAULTS];
  return { ...row, defaultText: row.defaultText?.replace(/^\d+/, `${value}`) };
}

export const CORRELATE_OPTIONS = {
  follow: {
    kind: FLAG,
    help: "Goes on reading when the files end, as they grow and are rotated, until a signal.",
    group: FLEET,
    short: "f",
    default: false,
  },
  reorder: {
    kind: number("SECONDS", { min: 0, max: 3600, fraction: true }),
    help:
      "An outcome may be so late and still be taken in its place; later ones count as of when they come.",
    group: FLEET,
    default: 10,
  },
  secondLook: {
    kind: number("SECONDS", { min: 0, max: 3600 }),
    help:
      "A scan spread over sensors is told when so many of its attempts did not come again for so long: checks do, " +
      "of monitors and load balancers. One of more than 512 targets, or of probes that no TCP sends, is told at once.",
    group: FLEET,
    default: 310,
  },
  sensorsMax: {
    kind: number("N", { min: 1, max: 65_535 }),
    help: "Sensors that are listened to; further ones are counted.",
    group: FLEET,
    default: 16_384,
  },
  sensorRate: {
    kind: number("N", { min: 1, max: 1_000_000 }),
    help:
      "Outcomes a second that one sensor may say, and thirty times as many at once; further ones are not taken, and " +
      "said once in ten minutes.",
    group: FLEET,
    default: 1000,
  },
  silentAfter: {
    kind: number("SECONDS", { min: 10, max: 86_400 }),
    help: "A sensor that gives signs of life, and gives none for so long, is told as silent.",
    group: FLEET,
    default: 300,
  },
  expect: {
    kind: FILE,
    help: "Compares what was found with the expectations in this file; exit status 3 and a " +
      "difference on standard error when they are not met.",
    group: FLEET,
    commandLineOnly: "it belongs to one run",
  },
  failOnScan: {
    kind: FLAG,
    help: "Exit status 3 when any scan is found.",
    group: FLEET,
    default: false,
    commandLineOnly: "it belongs to one run",
  },
  sensitivity,
  home,
  ignore,
  weigh,
  knownScanners,
  format: {
    // A scanlogd line has no place for sensors.
    kind: choice("FORMAT", FORMATS.filter((name) => name !== "scanlogd")),
    help: "A line for people, a line of JSON (ECS) or of CEF.",
    group: "Output",
    default: "text",
  },
  tz,
  observer,
  quiet,
  verbose,
  config,
  printConfig,
  ...SINK_OPTIONS,
  ...CONFINEMENT_OPTIONS,
  ...STATUS_OPTIONS,
  // Typed as nothing: their values are read by key, through `tunableValues`.
  ...(NUMBERS as Record<never, Row<number>>),
} satisfies Rows;

export type CorrelateValues = ValuesOf<typeof CORRELATE_OPTIONS>;
