// Times as text. Knows calendars; which zone is an argument, and nothing here asks what time it is.

/** Seconds east of Greenwich at a time (microseconds since 1970). */
export type Zone = (timeUs: number) => number;

/** Coordinated Universal Time. */
export const UTC: Zone = () => 0;

// A capture file may claim any time (pcapng has 64 bits and any unit), but four digits of year are
// all that RFC 3339 and people have: what lies beyond is held at the first or the last of them.
const FIRST_US = Date.parse("0000-01-01T00:00:00Z") * 1000;
// The last whole second, because microseconds that far away are not exact.
const LAST_US = Date.parse("9999-12-31T23:59:59Z") * 1000;

/** `2026-11-21T22:14:52.123456Z` (RFC 3339, always UTC, always six digits). */
export function rfc3339(timeUs: number): string {
  const us = clamp(timeUs);
  const ms = Math.floor(us / 1000);
  return `${new Date(ms).toISOString().slice(0, -1)}${digits(us - ms * 1000, 3)}Z`;
}

/** `2026-11-21 22:14:52.123` by the zone's clocks. */
export function dateTime(timeUs: number, zone: Zone): string {
  const text = new Date(Math.floor(local(timeUs, zone) / 1000)).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, -1)}`;
}

/** A line without the `dateTime` at its beginning, for a log that has a time of its own; else the line. */
export function withoutDateTime(line: string): string {
  return line.replace(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,6} /, "");
}

/** `22:14:52` by the zone's clocks. */
export function timeOfDay(timeUs: number, zone: Zone): string {
  return new Date(Math.floor(local(timeUs, zone) / 1000)).toISOString().slice(11, 19);
}

function local(timeUs: number, zone: Zone): number {
  const us = clamp(timeUs);
  return clamp(us + zone(us) * 1e6);
}

function clamp(timeUs: number): number {
  if (!(timeUs >= FIRST_US)) return FIRST_US;
  return Math.min(Math.floor(timeUs), LAST_US);
}

function digits(value: number, width: number): string {
  return value.toString().padStart(width, "0");
}
