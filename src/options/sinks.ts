// Where lines go, as options. Used by every command that runs on.

import { SINK } from "../params.ts";
import {
  FACILITY_NAMES,
  LEVEL_NAMES,
  parsePriority,
  type Priority,
  PRIORITY_DEFAULT,
} from "../sink/syslog_priority.ts";
import { parseRemote, type RemoteAddress } from "../sink/syslog_remote.ts";
import { FILE, FLAG, number, text } from "./kinds.ts";
import { type Kind, Refusal, type Row, type Rows } from "./row.ts";

const OUTPUT = "Output";

/** The daemon of this machine. */
export const LOCAL = "local";

type SyslogTarget = typeof LOCAL | RemoteAddress;

const TARGET: Kind<SyslogTarget> = {
  metavar: "TARGET",
  parse(text) {
    if (text === LOCAL) return LOCAL;
    const remote = parseRemote(text);
    return remote ?? new Refusal(
      `must be local, udp://HOST:PORT or tcp://HOST:PORT, got ${JSON.stringify(text)}`,
    );
  },
  fromToml: (value) =>
    typeof value === "string" ? TARGET.parse(value) : new Refusal("must be a string"),
  toml: (target) =>
    JSON.stringify(
      target === LOCAL
        ? LOCAL
        : `${target.transport}://${hostText(target.hostname)}:${target.port}`,
    ),
};

function hostText(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

const PRIORITY: Kind<Priority> = {
  metavar: "FACILITY.LEVEL",
  parse: (text) =>
    parsePriority(text) ?? new Refusal(
      `must be one of ${FACILITY_NAMES.join(", ")}, a dot, and one of ${LEVEL_NAMES.join(", ")}; ` +
        `got ${JSON.stringify(text)}`,
    ),
  fromToml: (value) =>
    typeof value === "string" ? PRIORITY.parse(value) : new Refusal("must be a string"),
  toml: ({ facility, level }) => {
    const name = FACILITY_NAMES.find((name) => parsePriority(name)?.facility === facility);
    return JSON.stringify(`${name}.${LEVEL_NAMES[level]}`);
  },
};

/** The numbers of `SINK` as options. */
const NUMBERS = Object.fromEntries(
  Object.entries(SINK).map(([key, { min, max, default: value, reason }]) => [
    key,
    { kind: number("N", { min, max }), help: reason, group: OUTPUT, default: value },
  ]),
) as unknown as Record<keyof typeof SINK, Row<number> & { default: number }>;

export const SINK_OPTIONS = {
  logFile: {
    kind: FILE,
    help: "Appends lines to this file; SIGHUP opens it anew, after logrotate moved it.",
    group: OUTPUT,
  },
  syslog: {
    kind: TARGET,
    help:
      "Sends lines to a syslog daemon: the local one (no value needed), or udp://HOST:PORT or " +
      "tcp://HOST:PORT (RFC 5424).",
    group: OUTPUT,
    bare: LOCAL,
  },
  syslogPriority: {
    kind: PRIORITY,
    help: "Facility and level of syslog and journal lines.",
    group: OUTPUT,
    default: PRIORITY_DEFAULT,
    defaultText: "daemon.alert",
  },
  syslogIdent: {
    kind: text("NAME"),
    help: "Who speaks in syslog and the journal.",
    group: OUTPUT,
    defaultText: "scandog; scanlogd for a scanlogd profile",
  },
  journald: {
    kind: FLAG,
    help: "Sends lines to the systemd journal with their fields.",
    group: OUTPUT,
    default: false,
  },
  stdout: {
    kind: FLAG,
    help: "Standard output too, where another log is chosen. Without one it is the only log.",
    group: OUTPUT,
    default: false,
  },
  ...NUMBERS,
} satisfies Rows;
