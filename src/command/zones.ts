// Time zones for the formats: by name, or the system's.

import { namedZone } from "../format/named_zone.ts";
import type { Zone } from "../format/zone.ts";

/** The zone of a name that `ZONE` accepted or, without one, the system's. */
export function zoneOf(name: string | undefined): Zone {
  return name === undefined ? systemZone : namedZone(name);
}

/**
 * The system's zone through `Date`'s local clock: the first use of `Intl` would cost over 10 ms,
 * and most runs name no zone.
 */
function systemZone(timeUs: number): number {
  const ms = Math.floor(timeUs / 1e6) * 1000;
  const here = new Date(ms);
  const local = new Date(0);
  local.setUTCFullYear(here.getFullYear(), here.getMonth(), here.getDate());
  local.setUTCHours(here.getHours(), here.getMinutes(), here.getSeconds());
  return (local.getTime() - ms) / 1000;
}
