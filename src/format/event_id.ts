// Names of events that are the same wherever and whenever a capture is replayed. Knows no format.

import type { DetectorEvent, FloodEvent, MisuseEvent, ScanEvent, VisitEvent } from "../event.ts";
import { fnv1a, FNV_START } from "../text_hash.ts";

/** Crockford's base 32, as in ULIDs. */
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_DIGITS = 10; // 48 bits of milliseconds and two zero bits above
const WORD_DIGITS = 6; // 30 of a word's 32 bits
const TAIL_DIGITS = 16;

/** Different starts give independent words from one text. */
const STARTS = [FNV_START, 0x9e3779b9, 0x85ebca6b];

/**
 * A ULID (26 characters that sort by time) in which the part that is random elsewhere is made from
 * `what` and `seed`. The same arguments always give the same name. `seed` is fixed in replay and
 * random for each live run, so that two runs do not name different events alike.
 */
export function eventId(timeUs: number, what: string, seed: number): string {
  let id = "";
  let rest = Math.min(Math.max(Math.floor(timeUs / 1000), 0), 2 ** 48 - 1);
  for (let i = 0; i < TIME_DIGITS; i++) {
    id = ALPHABET[rest % 32] + id;
    rest = Math.floor(rest / 32);
  }
  for (const start of STARTS) {
    let word = hash(what, (start ^ seed) >>> 0);
    for (let i = 0; i < WORD_DIGITS; i++, word >>>= 5) id += ALPHABET[word & 31];
  }
  return id.slice(0, TIME_DIGITS + TAIL_DIGITS);
}

/** The name of one event: no two of a run have the same. */
export function eventName(event: DetectorEvent, seed: number): string {
  return eventId(event.timeUs, `${event.profile}/${event.action}/${ownPart(event)}`, seed);
}

/** What tells an event from others of its action at the same moment. */
function ownPart(event: DetectorEvent): string {
  switch (event.action) {
    case "alerts-suppressed":
      return event.of;
    case "capture-loss":
      return `${event.startUs}`;
    case "address-misused":
      return `${event.story}/${event.packets}/${event.addresses}`;
    case "sensor-silent":
    case "sensor-back":
    case "sensor-refused":
      return event.sensor;
    case "flood":
      return `${event.story}/${event.phase}`;
    case "scan-visit":
      return `${event.source}/${event.destination}/${event.destinationPort}`;
    default:
      return `${event.scan}/${event.attempts}`;
  }
}

/** The name of a scan, the same in all its events. `seed`: see `eventId`. */
export function scanId({ namedUs, startUs, profile, scan }: ScanEvent, seed: number): string {
  return eventId(namedUs ?? startUs, `${profile}/${scan}`, seed);
}

/** The name of a flood, the same when it begins and when it is over. */
export function floodId({ namedUs, profile, story }: FloodEvent, seed: number): string {
  return eventId(namedUs, `${profile}/flood/${story}`, seed);
}

/** The name of a story of misuse, the same in all its events. */
export function storyId({ startUs, profile, story }: MisuseEvent, seed: number): string {
  return eventId(startUs, `${profile}/misuse/${story}`, seed);
}

/** The name of the scan that came before a visit, also where an earlier run told it. */
export function visitedScanId({ profile, scanned }: VisitEvent): string {
  return eventId(scanned.startUs, `${profile}/${scanned.number}`, scanned.seed);
}

/** FNV-1a, then murmur3's finalizer so that every bit depends on every unit. */
function hash(text: string, start: number): number {
  let word = fnv1a(text, start);
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
