// The sinks of one run, made from its options. Knows every sink; nothing of what is written.

import type { Profile } from "../event.ts";
import { CannotRun } from "../failure.ts";
import { withoutDateTime } from "../format/zone.ts";
import type { ValuesOf } from "../options/row.ts";
import { LOCAL, type SINK_OPTIONS } from "../options/sinks.ts";
import type { SINK, Values } from "../params.ts";
import { FanOut } from "../sink/fan_out.ts";
import { journalAnswers, journald } from "../sink/journald.ts";
import { LiveStdoutSink } from "../sink/live_stdout.ts";
import { LogFile } from "../sink/log_file.ts";
import type { Notice, Sink } from "../sink/sink.ts";
import { localSyslog } from "../sink/syslog_local.ts";
import { type RemoteAddress, remoteSyslog } from "../sink/syslog_remote.ts";
import type { TlsMaterial } from "../sink/syslog_tls.ts";
import { reasonOf } from "../sink/trouble.ts";
import { readSmallText } from "../system/small_file.ts";
import { VERSION } from "../version.ts";
import { zoneOf } from "./zones.ts";

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
    const { syslog, journald: toJournal, syslogPriority: priorities, logFile, stdout } =
      this.values;
    const ident = this.values.syslogIdent ?? (profile === "scandog" ? "scandog" : "scanlogd");
    const common = { priorities, ident, trim: withoutDateTime, ...this.limits() };
    if (toJournal && !journalAnswers()) {
      throw new CannotRun("--journald: no systemd journal answers here; use --syslog");
    }
    if (toJournal) this.sinks.push(journald(common));
    if (syslog === LOCAL) this.sinks.push(localSyslog({ ...common, zone: zoneOf(undefined) }));
    else if (syslog !== undefined) {
      const head = {
        priorities,
        hostname: hostname ?? "",
        ident,
        processId: Deno.pid,
        version: VERSION,
      };
      const material = await tlsMaterial(syslog, this.values);
      this.sinks.push(await remoteSyslog({ address: syslog, head, material, ...common }));
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

/** What `tls://` needs of files. Throws `CannotRun` where one cannot be used. */
export async function tlsMaterial(
  { transport }: RemoteAddress,
  { syslogCa, syslogCert, syslogKey }: ValuesOf<typeof SINK_OPTIONS>,
): Promise<TlsMaterial | undefined> {
  if (transport !== "tls") return undefined;
  const read = (option: string, path: string | undefined) => {
    try {
      return path === undefined ? undefined : readSmallText(path);
    } catch (error) {
      throw new CannotRun(`${option} ${path}: cannot be read: ${reasonOf(error)}`);
    }
  };
  const material = {
    authorities: read("--syslog-ca", syslogCa),
    certificate: read("--syslog-cert", syslogCert),
    key: read("--syslog-key", syslogKey),
  };
  const { materialFaults } = await import("../sink/syslog_tls.ts");
  const [fault] = materialFaults(material);
  if (fault === undefined) return material;
  const named = {
    authorities: `--syslog-ca ${syslogCa}`,
    certificate: `--syslog-cert ${syslogCert}`,
    key: `--syslog-key ${syslogKey}`,
  };
  throw new CannotRun(`${named[fault.part]}: ${fault.reason}`);
}

/** Longest line that every log of a run takes; undefined where standard output is the only one. */
export function lineBytesMax(values: ValuesOf<typeof SINK_OPTIONS>): number | undefined {
  const { syslog, journald, logFile, sinkLineBytes }: typeof values & Values<typeof SINK> = values;
  const isBounded = syslog !== undefined || journald || logFile !== undefined;
  return isBounded ? sinkLineBytes : undefined;
}

/** Ports of syslog over TCP and TLS, for a sandbox that must still let it reconnect. */
export function syslogPorts({ syslog }: ValuesOf<typeof SINK_OPTIONS>): number[] {
  return syslog !== undefined && syslog !== LOCAL && syslog.transport !== "udp"
    ? [syslog.port]
    : [];
}
