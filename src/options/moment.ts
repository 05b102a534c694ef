// A point in time as people write it: a date, a time, `yesterday`, or an age. Its meaning depends on the current time
// and the zone, which the caller gives. Knows no particular option.

import type { Zone } from "../format/zone.ts";
import { type Kind, Refusal } from "./row.ts";

/** When it is, in microseconds since 1970, seen from now by the clocks of a zone. */
export interface Moment {
  text: string;
  at(nowUs: number, zone: Zone): number;
}

const DAY_US = 86_400e6;
const UNITS_US: Record<string, number> = { s: 1e6, min: 60e6, h: 3600e6, d: DAY_US, w: 7 * DAY_US };

const WORDS =
  "must be a time such as 2026-11-21, 2026-11-21 22:14, yesterday, today, now, or 24h, 7d";

export const MOMENT: Kind<Moment> = {
  metavar: "TIME",
  parse,
  fromToml: (value) => typeof value === "string" ? parse(value) : new Refusal(WORDS),
  toml: ({ text }) => JSON.stringify(text),
};

function parse(text: string): Moment | Refusal {
  const at = ago(text) ?? day(text) ?? wallClock(text) ?? absolute(text);
  return at === undefined ? new Refusal(`${WORDS}; got ${JSON.stringify(text)}`) : { text, at };
}

/** `now`, or an age before now: `90min`, `24h`, `7d`. */
function ago(text: string): Moment["at"] | undefined {
  if (text === "now") return (nowUs) => nowUs;
  const [, count, unit] = /^(\d{1,6})(s|min|h|d|w)$/.exec(text) ?? [];
  return count === undefined ? undefined : (nowUs) => nowUs - Number(count) * UNITS_US[unit];
}

/** The first moment of the day. */
function day(text: string): Moment["at"] | undefined {
  const back = { today: 0, yesterday: 1 }[text];
  if (back === undefined) return undefined;
  return (nowUs, zone) => {
    const wallUs = nowUs + zone(nowUs) * 1e6;
    return fromWall((Math.floor(wallUs / DAY_US) - back) * DAY_US, zone);
  };
}

/** A date, or a date and a time, by the zone's clocks. */
function wallClock(text: string): Moment["at"] | undefined {
  const [, date, time = "00:00:00"] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?))?$/.exec(text) ?? [];
  if (date === undefined) return undefined;
  const wallUs = isoUs(`${date}T${time.length === 5 ? `${time}:00` : time}Z`);
  return wallUs === undefined ? undefined : (_nowUs, zone) => fromWall(wallUs, zone);
}

/** RFC 3339, with its own zone. */
function absolute(text: string): Moment["at"] | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const us = isoUs(text);
  return us === undefined ? undefined : () => us;
}

function isoUs(text: string): number | undefined {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) return undefined;
  // 31 February is read as some day of March: no such day is meant.
  const date = text.slice(0, 10);
  if (new Date(`${date}T00:00:00Z`).toISOString().slice(0, 10) !== date) return undefined;
  return ms * 1000;
}

/** The zone's offset is that of the moment itself, which is looked for: twice is near enough. */
function fromWall(wallUs: number, zone: Zone): number {
  const first = wallUs - zone(wallUs) * 1e6;
  return wallUs - zone(first) * 1e6;
}
