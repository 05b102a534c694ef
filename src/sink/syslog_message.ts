// A line as a syslog message: the form of the local daemon's socket, and RFC 5424. Pure.

import type { SinkEvent } from "./sink.ts";
import { escapeLine, escapeParameter, headerField } from "./escape.ts";
import { type Priorities, type Priority, priorityNumber, priorityOf } from "./syslog_priority.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

/** Seconds east of Greenwich at a time (microseconds since 1970). */
export type Zone = (timeUs: number) => number;

/** Years that RFC 3339 can write; a capture file may claim any time at all. */
const TIME_US_MIN = 0;
const TIME_US_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999) * 1000;

function isPrintableTime(timeUs: number): boolean {
  return timeUs >= TIME_US_MIN && timeUs <= TIME_US_MAX;
}

/**
 * What syslog(3) writes to /dev/log: `<25>Nov  2 10:03:07 scandog: line`. Local time, no host, no
 * process id (scanlogd has none either). An impossible time becomes the epoch; daemons use their own
 * by default. The line is escaped and cut to `lineBytesMax`.
 */
export function localMessage(
  priority: Priority,
  ident: string,
  timeUs: number,
  line: string,
  lineBytesMax: number,
  zone: Zone,
): Uint8Array<ArrayBuffer> {
  const time = isPrintableTime(timeUs) ? timeUs : 0;
  const date = new Date(time / 1000 + zone(time) * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = String(date.getUTCDate()).padStart(2, " ");
  const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two)
    .join(":");
  return new TextEncoder().encode(
    `<${priorityNumber(priority)}>${MONTHS[date.getUTCMonth()]} ${day} ${clock} ` +
      `${headerField(ident, 48)}: ${escapeLine(line, lineBytesMax)}`,
  );
}

/** What every RFC 5424 message of this process has in common. */
export interface MessageHead {
  priorities: Priorities;
  /** This machine's name; empty for unknown. */
  hostname: string;
  ident: string;
  processId: number;
  version: string;
}

/** The largest `sequenceId` (RFC 5424 section 7.3.1); after it comes 1 again. */
export const SEQUENCE_MAX = 2147483647;

/**
 * RFC 5424: `<25>1 2026-11-21T22:14:52.123456Z host scandog 123 scan-start [...] line`.
 *
 * The time is the event's, so a line that had to wait still says when. `sequenceId` counts all lines,
 * also those lost on the way here, so the collector sees what it did not get. The text is ASCII, so it
 * needs no byte order mark.
 */
export function rfc5424Message(
  head: MessageHead,
  sequence: number,
  event: SinkEvent,
  line: string,
  lineBytesMax: number,
): Uint8Array<ArrayBuffer> {
  const header = [
    `<${priorityNumber(priorityOf(head.priorities, event))}>1`,
    isPrintableTime(event.timeUs) ? timestamp(event.timeUs) : "-",
    headerField(head.hostname, 255),
    headerField(head.ident, 48),
    headerField(String(head.processId), 128),
    headerField(event.action, 32),
    `[origin software="${escapeParameter(head.ident, 48)}" ` +
    `swVersion="${escapeParameter(head.version, 32)}"][meta sequenceId="${sequence}"]`,
  ];
  return new TextEncoder().encode(`${header.join(" ")} ${escapeLine(line, lineBytesMax)}`);
}

/** RFC 3339 in UTC with microseconds. */
function timestamp(timeUs: number): string {
  const micros = Math.floor(timeUs) % 1_000_000;
  const seconds = new Date(Math.floor(timeUs / 1_000_000) * 1000).toISOString().slice(0, 19);
  return `${seconds}.${String(micros).padStart(6, "0")}Z`;
}
