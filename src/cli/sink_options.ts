// Where lines go, as options: and the sinks made from them. Used by every command that runs on.

import type { Profile } from "../event.ts";
import { SINK, type Values } from "../params.ts";
import { FanOut } from "../sink/fan_out.ts";
import { journalAnswers, journald } from "../sink/journald.ts";
import { LiveStdoutSink } from "../sink/live_stdout.ts";
import { LogFile } from "../sink/log_file.ts";
import type { Notice, Sink } from "../sink/sink.ts";
import { localSyslog } from "../sink/syslog_local.ts";
import {
  FACILITY_NAMES,
  LEVEL_NAMES,
  parsePriority,
  type Priority,
  PRIORITY_DEFAULT,
} from "../sink/syslog_priority.ts";
import { parseRemote, type RemoteAddress, remoteSyslog } from "../sink/syslog_remote.ts";
import { VERSION } from "../version.ts";
import { CannotRun } from "./failure.ts";
import { FILE, FLAG, number, text } from "./kinds.ts";
import { type Kind, Refusal, type Row, type Rows, type ValuesOf } from "./row.ts";

const OUTPUT = "Output";

/** The daemon of this machine. */
const LOCAL = "local";

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

/** The sinks of one run, in two steps: sockets while everything can be reached, files as the user. */
export class LogSinks {
  private readonly sinks: Sink[] = [];

  /** `unread` is called when nobody reads standard output any more, and there is no other log. */
  constructor(
    private readonly values: ValuesOf<typeof SINK_OPTIONS>,
    private readonly notice: Notice,
    private readonly unread: () => void = () => {},
  ) {}

  /** Before a chroot and before privileges are dropped: daemons are looked for. */
  async connect(profile: Profile, hostname: string | undefined): Promise<void> {
    const { syslog, journald: toJournal, syslogPriority: priority, logFile, stdout } = this.values;
    const ident = this.values.syslogIdent ?? (profile === "scandog" ? "scandog" : "scanlogd");
    const common = { priority, ident, ...this.limits() };
    if (toJournal && !journalAnswers()) {
      throw new CannotRun("--journald: no systemd journal answers here; use --syslog");
    }
    if (toJournal) this.sinks.push(journald(common));
    if (syslog === LOCAL) this.sinks.push(localSyslog(common));
    else if (syslog !== undefined) {
      const head = {
        priority,
        hostname: hostname ?? "",
        ident,
        processId: Deno.pid,
        version: VERSION,
      };
      this.sinks.push(await remoteSyslog({ address: syslog, head, ...this.limits() }));
    }
    const only = this.sinks.length === 0 && logFile === undefined;
    if (stdout || only) {
      const said = () => this.notice("standard output: the reader has gone");
      this.sinks.push(
        new LiveStdoutSink({
          ...this.limits(),
          onGone: only ? this.unread : said,
          isTerminal: Deno.stdout.isTerminal(),
        }),
      );
    }
  }

  /** As the user who writes from now on: the log file is opened. Gives all sinks as one. */
  open(): FanOut {
    const { logFile } = this.values;
    if (logFile !== undefined) this.sinks.push(new LogFile({ path: logFile, ...this.limits() }));
    return new FanOut(this.sinks, this.notice);
  }

  private limits() {
    const { sinkQueue: queue, sinkLineBytes: lineBytes }: Values<typeof SINK> = this.values;
    return { queue, lineBytes, notice: this.notice };
  }
}

/** Ports of TCP syslog, for a sandbox that must still let it reconnect. */
export function syslogPorts({ syslog }: ValuesOf<typeof SINK_OPTIONS>): number[] {
  return syslog !== undefined && syslog !== LOCAL && syslog.transport === "tcp"
    ? [syslog.port]
    : [];
}
