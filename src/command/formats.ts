// The formats that `--format` can name, each made ready for one run.

import type { DetectorEvent, Profile } from "../event.ts";
import { cefLine } from "../format/cef.ts";
import { jsonLine } from "../format/json.ts";
import { formatScanlogd } from "../format/scanlogd.ts";
import { textLine } from "../format/text.ts";
import { VERSION } from "../version.ts";
import { readKnownScanners } from "../label/known_scanners.ts";
import type { FORMATS } from "../options/shared.ts";
import { zoneOf } from "./zones.ts";

export type FormatName = typeof FORMATS[number];

/** An event to its line; undefined when the format has no words for it. */
export type Format = (event: DetectorEvent) => string | undefined;

export interface FormatSettings {
  /** Zone of printed times by name; undefined: the system's. */
  tz: string | undefined;
  /** Name of this sensor; undefined: the host's name, if we may know it. */
  observer: string | undefined;
  /** Name of this machine, where it was asked before; else it is asked if we may. */
  hostname?: string;
  /** Longest scanlogd line. */
  lineLength: number;
  /** Longest line that every log takes: lists are shortened for it. Absent: none is too long. */
  lineBytesMax?: number;
  /** Microseconds since 1970, when a line is made; absent in a replay. */
  now?: () => number;
  /** Seed of event names. */
  seed: number;
  interfaceName: (index: number) => string | undefined;
  /** A list of sources to be named; undefined: none. */
  knownScanners: string | undefined;
}

/** The format to use when none was asked for. */
export function defaultFormat(profile: Profile): FormatName {
  return profile === "scandog" ? "text" : "scanlogd";
}

/** Throws `CannotRun` when the list of known scanners cannot be read. */
export function makeFormat(name: FormatName, settings: FormatSettings): Format {
  const line = makeLine(name, settings);
  if (settings.knownScanners === undefined) return line;
  const known = readKnownScanners(settings.knownScanners);
  return (event) => line(known.tag(event));
}

function makeLine(name: FormatName, settings: FormatSettings): Format {
  const { tz, seed, interfaceName, lineBytesMax, now } = settings;
  const zone = zoneOf(tz);
  if (name === "scanlogd") {
    const lineLength = Math.min(settings.lineLength, lineBytesMax ?? Infinity);
    return (event) => formatScanlogd(event, { zone, lineLength });
  }
  const context = { zone, interfaceName };
  if (name === "text") return (event) => textLine(event, context, lineBytesMax);
  const hostname = settings.hostname ?? hostName();
  const observer = settings.observer ?? hostname;
  const json = { ...context, observer, hostname, version: VERSION, seed, now };
  const make = name === "cef" ? cefLine : jsonLine;
  return (event) => make(event, json, lineBytesMax);
}

/** Microseconds since 1970, for lines that say when they were made. */
export function wallClockUs(): number {
  return Date.now() * 1000;
}

/** Asked first, so that Deno does not ask the user. */
export function hostName(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : undefined;
}
