// The options of `scandog correlate`.

import { CONFINEMENT_OPTIONS } from "./confinement.ts";
import { FILE, FLAG, number, text } from "./kinds.ts";
import { NATS_SERVERS } from "./fleet.ts";
import { PROFILES } from "./profiles.ts";
import { PARTITIONS } from "../fleet/partitions.ts";
import { type Kind, Refusal, type Row, type Rows, type ValuesOf } from "./row.ts";
import { formatsAmong, SHARED_OPTIONS } from "./shared.ts";
import { SINK_OPTIONS } from "./sinks.ts";
import { STATUS_OPTIONS } from "./status.ts";
import { TUNABLE_OPTIONS } from "./tunables.ts";

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

const PARTITIONS_MUST_BE = `numbers from 0 to ${PARTITIONS - 1}, and ranges of them, such as 0-7`;

/** `0-7`, `3`, `0-3,8-11`. */
const PARTITION_LIST: Kind<number[]> = {
  metavar: "N-M",
  isList: true,
  parse(text) {
    const found = new Set<number>();
    for (const part of text.split(",")) {
      const [, first, last = first] = /^([0-9]{1,2})(?:-([0-9]{1,2}))?$/.exec(part) ?? [];
      if (first === undefined || Number(last) >= PARTITIONS || Number(first) > Number(last)) {
        return new Refusal(`must be ${PARTITIONS_MUST_BE}`);
      }
      for (let i = Number(first); i <= Number(last); i++) found.add(i);
    }
    return [...found].sort((a, b) => a - b);
  },
  fromToml: (value) =>
    typeof value === "string"
      ? PARTITION_LIST.parse(value)
      : new Refusal(`must be a string: ${PARTITIONS_MUST_BE}`),
  toml: (numbers) => JSON.stringify(rangesOf(numbers)),
};

function rangesOf(numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[1] === number - 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([a, b]) => a === b ? `${a}` : `${a}-${b}`).join(",");
}

const ONE_RUN = "it belongs to one run";

export const CORRELATE_OPTIONS = {
  subscribe: {
    kind: NATS_SERVERS,
    help:
      "Reads from NATS JetStream what sensors publish (--publish), and stores there what it finds: each alert " +
      "once, however many correlators find it. nats://HOST:PORT or tls://HOST:PORT. Several servers of one " +
      "cluster are separated by commas.",
    group: FLEET,
  },
  subscribeCredentials: {
    kind: FILE,
    help:
      "For --subscribe: a file with an nkey seed (SU...), with the credentials that nsc makes, or with " +
      "USER:PASSWORD. It is read before root is given up.",
    group: FLEET,
  },
  subscribeCa: {
    kind: FILE,
    help:
      "For --subscribe tls://: certificates (PEM) that may have signed the server's, besides the well-known ones.",
    group: FLEET,
  },
  partitions: {
    kind: PARTITION_LIST,
    help:
      "For --subscribe: which of the 16 partitions of sources this correlator judges. The rest is for other " +
      "correlators.",
    group: FLEET,
    default: Array.from({ length: PARTITIONS }, (_, i) => i),
  },
  init: {
    kind: FLAG,
    help:
      "For --subscribe: makes the streams and exits. If there are streams, it says how they differ.",
    group: FLEET,
    default: false,
    commandLineOnly: ONE_RUN,
  },
  addSensor: {
    kind: text("NAME"),
    help:
      "Makes a key for the sensor of this name and exits. Writes NAME.credentials for the sensor's " +
      "--publish-credentials, and prints the user, with its rights, for the server's configuration.",
    group: FLEET,
    commandLineOnly: ONE_RUN,
  },
  streamAge: {
    kind: number("HOURS", { min: 1, max: 8760 }),
    help: "For --init: how long the stream keeps what sensors sent.",
    group: FLEET,
    default: 24,
  },
  streamSize: {
    kind: number("GIB", { min: 1, max: 65_536 }),
    help:
      "For --init: how much the stream keeps at most of what sensors sent. The oldest goes first.",
    group: FLEET,
    default: 16,
  },
  alertAge: {
    kind: number("DAYS", { min: 1, max: 3650 }),
    help: "For --init: how long alerts are kept. During this time none is told twice.",
    group: FLEET,
    default: 90,
  },
  streamReplicas: {
    kind: number("N", { min: 1, max: 5 }),
    help: "For --init: how many servers of the cluster keep each stream.",
    group: FLEET,
    default: 1,
  },
  follow: {
    kind: FLAG,
    help:
      "Goes on at the end of the files and reads what is added, also after a rotation, until a signal.",
    group: FLEET,
    short: "f",
    default: false,
  },
  reorder: {
    kind: number("SECONDS", { min: 0, max: 3600, fraction: true }),
    help:
      "An outcome that comes at most this late is put in its place in time. A later one counts from when it " +
      "comes.",
    group: FLEET,
    default: 10,
  },
  secondLook: {
    kind: number("SECONDS", { min: 0, max: 3600 }),
    help:
      "An attempt counts once this time has passed without another attempt at the same target, as monitors and " +
      "load balancers make them. Scans of more than 512 targets, and probes that no TCP sends, do not wait.",
    group: FLEET,
    default: 310,
  },
  sensorsMax: {
    kind: number("N", { min: 1, max: 65_535 }),
    help: "Listens to at most so many sensors. Messages of further ones are counted.",
    group: FLEET,
    default: 16_384,
  },
  sensorRate: {
    kind: number("N", { min: 1, max: 1_000_000 }),
    help:
      "Takes at most so many outcomes a second from one sensor, and thirty times as many at once. If more " +
      "come, that is told once in ten minutes.",
    group: FLEET,
    default: 2000,
  },
  silentAfter: {
    kind: number("SECONDS", { min: 10, max: 86_400 }),
    help: "A sensor without a sign of life for this time is told as silent.",
    group: FLEET,
    default: 300,
  },
  expect: {
    kind: FILE,
    help:
      "Compares what was found with the expectations in this file. A difference is printed on standard error " +
      "and ends with exit status 3.",
    group: FLEET,
    commandLineOnly: ONE_RUN,
  },
  failOnScan: {
    kind: FLAG,
    help: "Ends with exit status 3 if any scan is found.",
    group: FLEET,
    default: false,
  },
  sensitivity,
  home: {
    ...home,
    help:
      "The monitored addresses and networks, separated by commas. They decide which direction a scan has.",
    defaultText: "none: no directions are told",
  },
  ignore,
  weigh,
  knownScanners,
  format: {
    // A scanlogd line has no place for sensors.
    kind: formatsAmong(["text", "json", "cef"]),
    help: "How a line is written: text for people, json (ECS), or cef.",
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
