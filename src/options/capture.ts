// Options of live capture: which devices, and how much of each packet.

import { LIVE } from "../params.ts";
import { FLAG, number } from "./kinds.ts";
import { LIBPCAP_OPTION } from "./libpcap.ts";
import { type Kind, Refusal, type Rows } from "./row.ts";
import type { Fault } from "./settings.ts";

const CAPTURE = "Capture";
const MEBIBYTE = 1 << 20;

/** Linux's own list, without a library or a right. Empty elsewhere. */
function devices(): string[] {
  try {
    return ["any", ...[...Deno.readDirSync("/sys/class/net")].map(({ name }) => name).sort()];
  } catch {
    return [];
  }
}

/** Names of devices, separated by commas. */
const DEVICES: Kind<string[]> = {
  metavar: "IFACE",
  suggest: devices,
  isList: true,
  parse(text) {
    const names = text.split(",");
    return names.includes("") ? new Refusal("must be names of interfaces") : names;
  },
  fromToml(value) {
    const names = typeof value === "string" ? value.split(",") : value;
    return Array.isArray(names) && names.length > 0 &&
        names.every((name) => typeof name === "string" && name !== "")
      ? names
      : new Refusal("must be a string or an array of strings");
  },
  toml: (names) => JSON.stringify(names),
};

const BUFFER_MIB = { min: 1, max: 1024 };
/** A tenth of what a scanner sends that fills a gigabit link, in bytes of the kernel's buffer a second. */
const TIMED_BYTES_PER_SECOND = 100_000 * 144;

/** MiB, or a time. Seconds become whole MiB, and are then known as those. */
const BUFFER: Kind<number> = {
  ...number("MIB", BUFFER_MIB),
  metavar: "MIB|TIME",
  parse(text) {
    const [, seconds] = /^([0-9]+(?:\.[0-9]+)?)s$/.exec(text) ?? [];
    if (seconds === undefined) {
      const mebibytes = number("MIB", BUFFER_MIB).parse(text);
      return typeof mebibytes === "number"
        ? mebibytes
        : new Refusal(`${mebibytes.reason}; or a time, such as 2s`);
    }
    const mebibytes = Math.ceil(Number(seconds) * TIMED_BYTES_PER_SECOND / MEBIBYTE);
    const { min, max } = BUFFER_MIB;
    return mebibytes >= min && mebibytes <= max ? mebibytes : new Refusal(
      `must be a time of ${min} to ${max} MiB, got ${text}, which is ${mebibytes} MiB`,
    );
  },
  fromToml: (value) =>
    typeof value === "string" ? BUFFER.parse(value) : number("MIB", BUFFER_MIB).fromToml(value),
};

export const CAPTURE_OPTIONS = {
  interface: {
    kind: DEVICES,
    help: "Device to capture on; may be given more than once. `scandog interfaces` lists them.",
    group: CAPTURE,
    short: "i",
    default: ["any"],
  },
  promiscuous: {
    kind: FLAG,
    help: "Also captures packets to other machines: for a mirror port or a bridge.",
    group: CAPTURE,
    default: false,
  },
  snaplen: {
    kind: number("BYTES", { min: 96, max: 262144 }),
    help:
      "Bytes that are kept of each packet. Of TCP and UDP only the headers are kept, if these come first. The " +
      "default holds whole Ethernet frames, and so all their headers. For jumbo frames set more.",
    group: CAPTURE,
    default: 2048,
  },
  bufferSize: {
    kind: BUFFER,
    help:
      "The kernel's buffer for each device: its size in MiB, or as a time (`2s`), for which it holds 100,000 " +
      "of the smallest packets a second. Packets that do not fit are lost and counted. At the first loss a " +
      "message says which size would do.",
    group: CAPTURE,
    default: 8,
  },
  liveRingRecords: {
    kind: number("N", LIVE.liveRingRecords),
    help: LIVE.liveRingRecords.reason,
    group: CAPTURE,
    default: LIVE.liveRingRecords.default,
  },
  libpcap: LIBPCAP_OPTION,
} satisfies Rows;

/** What is wrong with the devices together: a packet would come twice. */
export function interfaceFaults(names: readonly string[]): Fault[] {
  const found: Fault[] = [];
  if (names.length > 1 && names.includes("any")) {
    found.push({ key: "interface", reason: "any stands for all devices: name no other" });
  }
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    found.push({ key: "interface", reason: `names ${JSON.stringify(twice)} twice` });
  }
  return found;
}

/** MiB to bytes. */
export function kernelBytes(mebibytes: number): number {
  return mebibytes * MEBIBYTE;
}
