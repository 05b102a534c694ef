// Where lines go, as options. Used by every command that runs on.

import { SINK } from "../params.ts";
import {
  FACILITY_NAMES,
  KIND_NAMES,
  LEVEL_NAMES,
  parsePriorities,
  type Priorities,
  PRIORITIES_DEFAULT,
  prioritiesText,
} from "../sink/syslog_priority.ts";
import { parseRemote, type RemoteAddress } from "../sink/syslog_remote.ts";
import { FILE, FLAG, number, text } from "./kinds.ts";
import { type Kind, Refusal, type Row, type Rows } from "./row.ts";
import type { Fault, Settings } from "./settings.ts";

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
      `must be local, udp://HOST:PORT, tcp://HOST:PORT or tls://HOST:PORT, got ${
        JSON.stringify(text)
      }`,
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

const PRIORITY: Kind<Priorities> = {
  metavar: "PRIORITY",
  isList: true,
  parse: (text) =>
    parsePriorities(text) ?? new Refusal(
      `must be one of ${FACILITY_NAMES.join(", ")}, a dot, and one of ${LEVEL_NAMES.join(", ")}, ` +
        `for a kind of event after ${KIND_NAMES.join(", ")} and an equals sign; got ` +
        JSON.stringify(text),
    ),
  fromToml(value) {
    const texts = Array.isArray(value) ? value : [value];
    return texts.length > 0 && texts.every((text) => typeof text === "string")
      ? PRIORITY.parse(texts.join(","))
      : new Refusal("must be a string or an array of strings");
  },
  toml: (priorities) => JSON.stringify(prioritiesText(priorities)),
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
    help: "Appends lines to this file. SIGHUP reopens it, after logrotate moved it.",
    group: OUTPUT,
  },
  syslog: {
    kind: TARGET,
    help: "Sends lines to a syslog daemon: the local one (no value needed), or udp://HOST:PORT, " +
      "tcp://HOST:PORT or tls://HOST:PORT (RFC 5424, RFC 5425).",
    group: OUTPUT,
    bare: LOCAL,
  },
  syslogPriority: {
    kind: PRIORITY,
    help:
      "Facility and level of syslog and journal lines: one for all, or one for each kind of event: " +
      "daemon.notice,scan-start=daemon.alert,scan-end=daemon.info.",
    group: OUTPUT,
    default: PRIORITIES_DEFAULT,
    defaultText: "daemon.alert",
  },
  syslogCa: {
    kind: FILE,
    help:
      "For tls://: certificates (PEM) of the authorities that may have signed the collector's certificate. No " +
      "others are trusted.",
    group: OUTPUT,
    defaultText: "well-known authorities",
  },
  syslogCert: {
    kind: FILE,
    help: "For tls://: our own certificate (PEM), if the collector asks for one.",
    group: OUTPUT,
  },
  syslogKey: {
    kind: FILE,
    help:
      "For tls://: the key of --syslog-cert (PEM, without a passphrase). It is read before root is given up.",
    group: OUTPUT,
  },
  syslogIdent: {
    kind: text("NAME"),
    help: "The program name in syslog and journal lines.",
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
    help:
      "Writes to standard output too, if another log is chosen. Without another log it is the only one.",
    group: OUTPUT,
    default: false,
  },
  ...NUMBERS,
} satisfies Rows;

type SinkSettings = Pick<Settings<typeof SINK_OPTIONS>, "values" | "origins">;

/** What is wrong with the values together. */
export function sinkFaults({ values, origins }: SinkSettings): Fault[] {
  const { syslog, syslogCert, syslogKey } = values;
  const found: Fault[] = [];
  if (syslogCert !== undefined && syslogKey === undefined) {
    found.push({ key: "syslogCert", reason: "is of no use without --syslog-key" });
  }
  if (syslogKey !== undefined && syslogCert === undefined) {
    found.push({ key: "syslogKey", reason: "is of no use without --syslog-cert" });
  }
  const isTls = syslog !== undefined && syslog !== LOCAL && syslog.transport === "tls";
  for (const key of ["syslogCa", "syslogCert", "syslogKey"] as const) {
    if (!isTls && values[key] !== undefined && origins[key].from === "command line") {
      found.push({ key, reason: "is for --syslog tls://HOST:PORT" });
    }
  }
  return found;
}
