// Time zones for the formats: by name or rule, or the system's.

import { namedZone } from "../format/named_zone.ts";
import { posixZone } from "../format/posix_zone.ts";
import type { Zone } from "../format/zone.ts";
import { variable } from "../options/environment.ts";

/** Where the C library looks for zones by name. */
const ZONE_FILES = "/usr/share/zoneinfo/";

/** The zone of a text that `ZONE` accepted or, without one, the system's. */
export function zoneOf(text: string | undefined): Zone {
  if (text === undefined) return systemZone().zone;
  return isNamed(text) ? namedZone(text) : posixZone(text) ?? namedZone(text);
}

/** Why printed times are not by the clocks that TZ means; undefined where they are. */
export function systemZoneFault(): string | undefined {
  return systemZone().fault;
}

let known: { zone: Zone; fault?: string } | undefined;

/** Asked once: later the program may neither read the variable nor look for files. */
function systemZone(): { zone: Zone; fault?: string } {
  return known ??= zoneOfVariable(variable("TZ"));
}

/**
 * `text`: of TZ. The runtime's own clock knows names and files, but takes a rule (`CET-1CEST,M3.5.0,M10.5.0/3`)
 * for UTC.
 */
function zoneOfVariable(text: string | undefined): { zone: Zone; fault?: string } {
  const name = text?.replace(/^:/, "") ?? "";
  if (name === "" || isFile(name)) return { zone: runtimeZone };
  // Some names are rules as well (EST5EDT); as a name such a zone has its past.
  if (isNamed(name)) return { zone: runtimeZone };
  const rule = posixZone(name);
  if (rule !== undefined) return { zone: rule };
  const fault = `TZ: no time zone is called ${JSON.stringify(name)}: clock times are in UTC; ` +
    "Europe/Berlin and CET-1CEST,M3.5.0,M10.5.0/3 are such as are understood";
  return { zone: runtimeZone, fault };
}

function isFile(name: string): boolean {
  try {
    return Deno.statSync(name.startsWith("/") ? name : ZONE_FILES + name).isFile;
  } catch {
    return false;
  }
}

/** Loads the time zone data: 10 ms that most runs do without. */
function isNamed(name: string): boolean {
  try {
    namedZone(name);
    return true;
  } catch {
    return false;
  }
}

/** Through `Date`'s local clock: it needs no time zone data where no name is given. */
function runtimeZone(timeUs: number): number {
  const ms = Math.floor(timeUs / 1e6) * 1000;
  const here = new Date(ms);
  const local = new Date(0);
  local.setUTCFullYear(here.getFullYear(), here.getMonth(), here.getDate());
  local.setUTCHours(here.getHours(), here.getMinutes(), here.getSeconds());
  return (local.getTime() - ms) / 1000;
}
