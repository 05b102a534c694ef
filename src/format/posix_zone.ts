// A time zone by its rules, as POSIX writes them in the variable TZ (IEEE Std 1003.1-2024, section 8.3,
// with the wider times of RFC 9636, section 3.3.2): `CET-1CEST,M3.5.0,M10.5.0/3`. Knows calendars only.

import type { Zone } from "./zone.ts";

const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 86_400;

/** Names, `<+0330>` or letters, are not needed: a zone is its offset. */
const NAME = "(?:[A-Za-z]{3,}|<[A-Za-z0-9+-]{3,}>)";
const TIME = "([+-]?\\d{1,3})(?::([0-5]?\\d))?(?::([0-5]?\\d))?";
const WHOLE = new RegExp(`^${NAME}${TIME}(?:${NAME}(?:${TIME})?(?:,([^,]+),([^,]+))?)?$`);
const RULE = new RegExp(
  `^(?:J(\\d{1,3})|(\\d{1,3})|M(\\d{1,2})\\.([1-5])\\.([0-6]))(?:/${TIME})?$`,
);

/** What glibc takes where a name for summer time comes without its dates: those of the USA. */
const DATES_DEFAULT = ["M3.2.0", "M11.1.0"];
/** When a change of clocks is, where the rule does not say. */
const TIME_DEFAULT = 2 * SECONDS_PER_HOUR;

const OFFSET_HOURS_MAX = 24;
const RULE_HOURS_MAX = 167;

/** Seconds from the begin of a year (as days are there) to a change, by the clocks before it. */
type Change = (year: number) => number;

/** Undefined for text that is no such rule. */
export function posixZone(text: string): Zone | undefined {
  const match = WHOLE.exec(text);
  if (match === null) return undefined;
  const [, stdHours, stdMinutes, stdSeconds, dstHours, dstMinutes, dstSeconds, from, to] = match;
  const west = secondsOf(stdHours, stdMinutes, stdSeconds, OFFSET_HOURS_MAX);
  if (west === undefined) return undefined;
  const standard = 0 - west;
  const hasSummer = new RegExp(`^${NAME}${TIME}${NAME}`).test(text);
  if (!hasSummer) return () => standard;
  const summerWest = dstHours === undefined
    ? west - SECONDS_PER_HOUR
    : secondsOf(dstHours, dstMinutes, dstSeconds, OFFSET_HOURS_MAX);
  const begin = changeOf(from ?? DATES_DEFAULT[0]);
  const end = changeOf(to ?? DATES_DEFAULT[1]);
  if (summerWest === undefined || begin === undefined || end === undefined) return undefined;
  return alternating(standard, 0 - summerWest, begin, end);
}

/** Clocks that change twice a year. */
function alternating(standard: number, summer: number, begin: Change, end: Change): Zone {
  return (timeUs) => {
    const seconds = Math.floor(timeUs / 1e6);
    const year = new Date(seconds * 1000).getUTCFullYear();
    let [latest, offset] = [-Infinity, standard];
    // A change can be some days outside of its year. Of two at one moment the begin of summer counts: where
    // it lasts all year, each begins as the last one ends.
    for (let of = year - 1; of <= year + 1; of++) {
      const stops = end(of) - summer, starts = begin(of) - standard;
      if (stops <= seconds && stops > latest) [latest, offset] = [stops, standard];
      if (starts <= seconds && starts >= latest) [latest, offset] = [starts, summer];
    }
    return offset;
  };
}

function changeOf(text: string): Change | undefined {
  const match = RULE.exec(text);
  if (match === null) return undefined;
  const [, julian, zeroBased, month, week, weekday, hours, minutes, seconds] = match;
  const time = hours === undefined
    ? TIME_DEFAULT
    : secondsOf(hours, minutes, seconds, RULE_HOURS_MAX);
  if (time === undefined) return undefined;
  if (julian !== undefined) {
    const day = Number(julian);
    if (day < 1 || day > 365) return undefined;
    // 29 February is never counted.
    return (year) =>
      yearBegin(year) + (day - 1 + (isLeap(year) && day >= 60 ? 1 : 0)) *
        SECONDS_PER_DAY +
      time;
  }
  if (zeroBased !== undefined) {
    const day = Number(zeroBased);
    return day > 365 ? undefined : (year) => yearBegin(year) + day * SECONDS_PER_DAY + time;
  }
  const ofYear = Number(month);
  if (ofYear < 1 || ofYear > 12) return undefined;
  return (year) => weekdayOf(year, ofYear - 1, Number(week), Number(weekday)) + time;
}

/** The first, second, ... such day of a month; the fifth is the last one. */
function weekdayOf(year: number, month: number, week: number, weekday: number): number {
  const first = dayBegin(year, month, 1);
  const days = (dayBegin(year, month + 1, 1) - first) / SECONDS_PER_DAY;
  let day = (weekday - new Date(first * 1000).getUTCDay() + 7) % 7 + (week - 1) * 7;
  if (day >= days) day -= 7;
  return first + day * SECONDS_PER_DAY;
}

function yearBegin(year: number): number {
  return dayBegin(year, 0, 1);
}

/** `Date.UTC` takes years below 100 for those after 1900. */
function dayBegin(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month, day) / 1000;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** `[+-]hh[:mm[:ss]]`; undefined beyond the bound. */
function secondsOf(
  hours: string,
  minutes = "0",
  seconds = "0",
  hoursMax: number,
): number | undefined {
  const whole = Math.abs(Number(hours)) * SECONDS_PER_HOUR + Number(minutes) * 60 +
    Number(seconds);
  if (whole > hoursMax * SECONDS_PER_HOUR) return undefined;
  return hours.startsWith("-") ? -whole : whole;
}
