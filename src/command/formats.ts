// The formats that `--format` chooses from, each made ready for one run.

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
  /** Longest scanlogd line. */
  lineLength: number;
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
  const { tz, lineLength, seed, interfaceName } = settings;
  const zone = zoneOf(tz);
  if (name === "scanlogd") return (event) => formatScanlogd(event, { zone, lineLength });
  const context = { zone, interfaceName };
  if (name === "text") return (event) => textLine(event, context);
  const observer = settings.observer ?? hostName();
  const json = { ...context, observer, version: VERSION, seed };
  const make = name === "cef" ? cefLine : jsonLine;
  return (event) => make(event, json);
}

/** Asked first, so that Deno does not ask the user. */
export function hostName(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "sys", kind: "hostname" });
  return state === "granted" ? Deno.hostname() : undefined;
}
