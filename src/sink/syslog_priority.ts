// Syslog facilities and severities by name (RFC 5424 section 6.2.1, the names of syslog.conf(5)).

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
