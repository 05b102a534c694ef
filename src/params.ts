// Every number a user may tune: unit, default, range, reason. A leaf: options, configuration file,
// documentation and checks are all made from these rows, so a number is written once.

/** One tunable number. Its option is the key in kebab case: `scanWeight` is `--scan-weight`. */
export interface Tunable {
  unit: string;
  default: number;
  min: number;
  max: number;
  /** What it does and why the default is what it is; one sentence or two, shown in the help. */
  reason: string;
}

export type Tunables = Record<string, Tunable>;

/** The values of a set of rows. */
export type Values<T extends Tunables> = { [K in keyof T]: number };

/** The default values of a set of rows. */
export function defaults<T extends Tunables>(rows: T): Values<T> {
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, row.default])) as Values<
    T
  >;
}

/**
 * What is wrong with these values: one sentence for each value outside its row's range. Relations
 * between values are checked beside the detector that needs them.
 */
export function faults<T extends Tunables>(rows: T, values: Values<T>): string[] {
  return Object.entries(rows).flatMap(([key, row]) => {
    const value = values[key];
    if (Number.isFinite(value) && value >= row.min && value <= row.max) return [];
    return [`${optionName(key)} must be from ${row.min} to ${row.max} ${row.unit}, got ${value}`];
  });
}

/** `scanWeight` to `--scan-weight`. */
export function optionName(key: string): string {
  return "--" + key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
}

/** scanlogd 2.2.8's compile-time parameters (params.h), now options of `--profile scanlogd-2`. */
export const SCANLOGD_2 = {
  privilegedWeight: {
    unit: "weight",
    default: 3,
    min: 1,
    max: 255,
    reason:
      "Weight of a port below 1024. More than other ports, because passive FTP opens many high ports in a short time.",
  },
  portWeight: {
    unit: "weight",
    default: 1,
    min: 1,
    max: 255,
    reason: "Weight of any other port.",
  },
  scanWeight: {
    unit: "weight",
    default: 21,
    min: 2,
    max: 65535,
    reason: "Sum of weights that makes a scan: 7 privileged ports or 21 others.",
  },
  scanDelay: {
    unit: "seconds",
    default: 3,
    min: 1,
    max: 86400,
    reason: "Longest time between two new ports of one scan.",
  },
  floodCount: {
    unit: "lines",
    default: 5,
    min: 1,
    max: 65535,
    reason: "Scans logged in a row before the flood line and silence.",
  },
  floodDelay: {
    unit: "seconds",
    default: 20,
    min: 1,
    max: 86400,
    reason: "A pause this long between scans ends the silence.",
  },
  lineLength: {
    unit: "characters",
    default: 120,
    min: 20,
    max: 1024,
    reason: "Ports are left off the end until the line fits; 0 ports never.",
  },
  tableSources: {
    unit: "sources",
    default: 256,
    min: 1,
    max: 65536,
    reason: "Sources remembered at once; the oldest entry is taken over when full.",
  },
  hashBits: {
    unit: "bits",
    default: 9,
    min: 1,
    max: 20,
    reason: "The hash table has 2 to the power of this many buckets.",
  },
  hashChain: {
    unit: "sources",
    default: 16,
    min: 2,
    max: 256,
    reason: "Sources in one bucket, so that chosen collisions cost bounded time.",
  },
} satisfies Tunables;

/** scanlogd 1.0's compile-time parameters: every port weighs 1, and a line has no length limit. */
export const SCANLOGD_1 = {
  ...SCANLOGD_2,
  privilegedWeight: { ...SCANLOGD_2.privilegedWeight, default: 1 },
  scanWeight: {
    ...SCANLOGD_2.scanWeight,
    default: 10,
    reason: "Distinct ports that make a scan (weights of 1 each).",
  },
  scanDelay: { ...SCANLOGD_2.scanDelay, default: 5 },
  lineLength: {
    ...SCANLOGD_2.lineLength,
    default: 65535,
    max: 65535,
    reason: "scanlogd 1.0 has no limit.",
  },
  tableSources: { ...SCANLOGD_2.tableSources, default: 1024 },
  hashBits: { ...SCANLOGD_2.hashBits, default: 11 },
} satisfies Tunables;

/** The path from capture to detector. */
export const PATH = {
  ringRecords: {
    unit: "records",
    default: 16384,
    min: 1024,
    max: 4194304,
    reason:
      "Records (128 bytes each) between capture and detector; a power of two. A larger ring rides out longer pauses of the detector in live capture.",
  },
  fragmentDatagrams: {
    unit: "datagrams",
    default: 1024,
    min: 64,
    max: 65536,
    reason: "Fragmented datagrams followed at once; about 1.3 KiB each.",
  },
  vlanTags: {
    unit: "tags",
    default: 8,
    min: 0,
    max: 32,
    reason: "VLAN tags skipped before a frame is given up as malformed.",
  },
  extensionHeaders: {
    unit: "headers",
    default: 16,
    min: 1,
    max: 64,
    reason: "IPv6 extension headers followed in one packet.",
  },
} satisfies Tunables;
