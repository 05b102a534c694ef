// Syslog facilities and severities by name (RFC 5424 section 6.2.1, the names of syslog.conf(5)).

import type { SinkEvent } from "./sink.ts";

/** By number. 12 to 15 have no name that all daemons share. */
const FACILITIES: Record<string, number> = {
  kern: 0,
  user: 1,
  mail: 2,
  daemon: 3,
  auth: 4,
  syslog: 5,
  lpr: 6,
  news: 7,
  uucp: 8,
  cron: 9,
  authpriv: 10,
  ftp: 11,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
};

/** By number, from the most severe. */
const LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/** What stands before every syslog message. */
export interface Priority {
  facility: number;
  level: number;
}

/** scanlogd's: daemon.alert. */
export const PRIORITY_DEFAULT: Priority = { facility: 3, level: 1 };

/** Kinds of lines; the compiler says where one is missing. */
const KINDS: Readonly<Record<SinkEvent["action"], true>> = {
  "scan-start": true,
  "scan-update": true,
  "scan-end": true,
  "scan-visit": true,
  "address-misused": true,
  flood: true,
  "alerts-suppressed": true,
  "capture-loss": true,
  "sensor-silent": true,
  "sensor-back": true,
  "sensor-refused": true,
  packet: true,
};

export const KIND_NAMES: readonly string[] = Object.keys(KINDS);

/** Priorities of lines by what they tell of. */
export interface Priorities {
  /** The priority of kinds that are not named. */
  rest: Priority;
  of: Readonly<Partial<Record<string, Priority>>>;
}

export const PRIORITIES_DEFAULT: Priorities = { rest: PRIORITY_DEFAULT, of: {} };

export function priorityOf({ rest, of }: Priorities, { action }: SinkEvent): Priority {
  return of[action] ?? rest;
}

/**
 * Priorities separated by commas: one for all, and `scan-end=daemon.notice` for a kind. The later one
 * wins. Undefined when a name is not known.
 */
export function parsePriorities(text: string): Priorities | undefined {
  let rest = PRIORITY_DEFAULT;
  const of: Record<string, Priority> = {};
  for (const part of text.split(",")) {
    const [first, second, ...more] = part.split("=");
    const priority = parsePriority(second ?? first);
    if (priority === undefined || more.length > 0) return undefined;
    if (second === undefined) rest = priority;
    else if (Object.hasOwn(KINDS, first)) of[first] = priority;
    else return undefined;
  }
  return { rest, of };
}

/** As `parsePriorities` reads it. */
export function prioritiesText({ rest, of }: Priorities): string {
  const kinds = Object.entries(of).map(([kind, priority]) => `${kind}=${priorityText(priority!)}`);
  return [priorityText(rest), ...kinds].join(",");
}

function priorityText({ facility, level }: Priority): string {
  const name = FACILITY_NAMES.find((name) => FACILITIES[name] === facility);
  return `${name}.${LEVELS[level]}`;
}

/** `daemon.alert`, or a facility alone (then at level alert). Undefined when a name is not known. */
export function parsePriority(text: string): Priority | undefined {
  const [facilityName, levelName, ...rest] = text.split(".");
  const facility = Object.hasOwn(FACILITIES, facilityName) ? FACILITIES[facilityName] : undefined;
  const level = levelName === undefined ? PRIORITY_DEFAULT.level : LEVELS.indexOf(levelName);
  return facility === undefined || level < 0 || rest.length > 0 ? undefined : { facility, level };
}

/** The names `parsePriority` knows, for help and for errors. */
export const FACILITY_NAMES: readonly string[] = Object.keys(FACILITIES);
export const LEVEL_NAMES: readonly string[] = LEVELS;

/** The number between `<` and `>`. */
export function priorityNumber({ facility, level }: Priority): number {
  return facility * 8 + level;
}
