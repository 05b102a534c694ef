// What was last told on a subject of alerts, and whether something is still to be told. Any number of correlators decide
// by the same records, so that of what all of them find one is told. Pure.
//
// A scan has a subject for its source: its start may follow nothing, or an end that is long over; an update and an end
// follow their own start. Who reads the stream from another place on finds a scan at another moment and begins it
// elsewhere: then it is the one that was told, under that name.

import type { ScanEvent } from "../event.ts";

/** Kept with each alert, so that the next correlator need not read the alert itself. */
export interface AlertRecord {
  action: string;
  /** What tells this from others of its subject: for a scan, its number. */
  name: number;
  /** For a scan: see `ScanEvent.namedUs`. */
  namedUs: number;
  endUs: number;
  /** For a scan: its probes so far. */
  attempts: number;
}

export const RECORD_HEADER = "Scandog-Alert";

export function recordText({ action, name, namedUs, endUs, attempts }: AlertRecord): string {
  return [action, name, namedUs, endUs, attempts].join(" ");
}

/** Undefined for what no correlator wrote. Never throws. */
export function readRecord(text: string): AlertRecord | undefined {
  const [action, ...rest] = text.split(" ");
  const numbers = rest.map(Number);
  if (numbers.length !== 4 || !numbers.every(Number.isSafeInteger)) return undefined;
  const [name, namedUs, endUs, attempts] = numbers;
  return { action, name, namedUs, endUs, attempts };
}

/** The record of a scan's event. */
export function recordOf(event: ScanEvent): AlertRecord {
  return {
    action: event.action,
    name: event.scan,
    namedUs: event.namedUs ?? event.startUs,
    endUs: event.endUs,
    attempts: event.attempts ?? 0,
  };
}

/** What is to be done with an event of a scan, after what was last told of its source. */
export type Standing =
  /** It is new. */
  | "tell"
  /** Somebody told it, or what comes after it. */
  | "told"
  /** Somebody told this scan: from now on it has that name. */
  | "adopt";

/** `rememberUs`: a scan that nobody ended, and that rests for longer, is over. */
export function standingOf(
  event: AlertRecord & { startUs: number },
  last: AlertRecord | undefined,
  rememberUs: number,
): Standing {
  if (event.action === "scan-start") {
    if (last === undefined) return "tell";
    const patienceUs = last.action === "scan-end" ? 0 : rememberUs;
    return event.startUs <= last.endUs + patienceUs ? "adopt" : "tell";
  }
  // Another scan of this source began meanwhile.
  if (last === undefined || last.name !== event.name || last.action === "scan-end") return "told";
  if (event.action === "scan-end") return "tell";
  return event.attempts > last.attempts ? "tell" : "told";
}
