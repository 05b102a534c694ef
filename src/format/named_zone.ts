// A time zone by its name, from the runtime's own time zone data. Knows no event.

import type { Zone } from "./zone.ts";

const SECONDS_PER_DAY = 86_400;

/** Making a formatter takes far longer than using it. Zones are few. */
const zones = new Map<string, Zone>();

/**
 * The zone of an IANA name (`Europe/Berlin`), to the second also where clocks once went by the sun,
 * the same as libc's localtime(3). Throws RangeError for a name unknown. The zone takes times from
 * -8.64e18 to 8.64e18 microseconds since 1970.
 */
export function namedZone(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: name,
    hourCycle: "h23",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const zone: Zone = (timeUs) => {
    const seconds = Math.floor(timeUs / 1e6);
    const read: Record<string, string> = {};
    for (const { type, value } of clock.formatToParts(seconds * 1000)) read[type] = value;
    const ofDay = Number(read.hour) * 3600 + Number(read.minute) * 60 + Number(read.second);
    // A zone is less than two days off, so the weekday tells the day in any month, year and era.
    const day = Math.floor(seconds / SECONDS_PER_DAY);
    const days = (WEEKDAYS.indexOf(read.weekday) - weekday(day) + 7) % 7;
    return (days > 3 ? days - 7 : days) * SECONDS_PER_DAY + ofDay -
      (seconds - day * SECONDS_PER_DAY);
  };
  zones.set(name, zone);
  return zone;
}

/** From Thursday, which 1 January 1970 was. */
const WEEKDAYS = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/** Index into `WEEKDAYS` of a day counted from 1970. */
function weekday(day: number): number {
  return (day % 7 + 7) % 7;
}
