// `scandog log`: the packet logger, over a device or a file. Knows options, streams and exit
// statuses; which packets are logged is `packetlog`'s.

import { textLine } from "../format/text.ts";
import type { MakeDetector } from "../detector.ts";
import { plural } from "../format/figures.ts";
import { suppressedJson, suppressedText } from "../format/packet_suppressed.ts";
import { PacketLog } from "../packetlog/packet_log.ts";
import { CAPTURE_OPTIONS } from "../options/capture.ts";
import { defaults, PATH } from "../params.ts";
import { runReplay, type WatchTotals } from "../pipeline.ts";
import type { FanOut } from "../sink/fan_out.ts";
import { StdoutTarget } from "../sink/line_targets.ts";
import { LiveStdoutSink } from "../sink/live_stdout.ts";
import { StdoutSink } from "../sink/stdout.ts";
import { listenForSignals } from "../system/signals.ts";
import { VERSION } from "../version.ts";
import { inputFiles, REPLAY_SEED } from "./capture_files.ts";
import { defineCommand } from "../options/command.ts";
import { type Diagnostics, openDiagnostics } from "./diagnostics.ts";
import { Exit } from "../failure.ts";
import { hostName, wallClockUs } from "./formats.ts";
import { LiveSession } from "./session.ts";
import { logFaults, type LogSettings, logValues, writesElsewhere } from "./log/values.ts";
import { formatMaker, logRules, makeOutputs, wantsBytes } from "./log/parts.ts";
import { LOG_OPTIONS, type LogValues } from "../options/log.ts";
import type { PacketOutputs } from "../packetlog/outputs.ts";
import { lineBytesMax, LogSinks, syslogPorts } from "./log_sinks.ts";
import { giveUp } from "./stop_signals.ts";
import { hasSummary, listed } from "./summary.ts";
import { linesLost, outputFailure } from "./terminal.ts";
import { zoneOf } from "./zones.ts";

/** The ring for the packets themselves; at least four times the largest packet. */
const PACKET_RING_BYTES = 1 << 23;
const SNAPLEN_LINES = CAPTURE_OPTIONS.snaplen.default;
const SNAPLEN_WHOLE = 262144;

export const LOG = defineCommand({
  name: "log",
  summary: "Logs packets by TCP flags and protocol, from a device or a capture file.",
  notes:
    "SIGHUP reopens files. Exit status: 0 done, or ended by a signal; 1 a device, a file or the privileges " +
    "are not as needed (if a file is damaged, what came before is logged); 2 bad usage.",
  examples: [
    ["scandog log -i eth0 -p tcp -f SF", "TCP packets with SYN or FIN, as lines"],
    [
      "scandog log -r capture.pcap --protocols icmp --format json",
      "ICMP packets of a file, as JSON",
    ],
    [
      "scandog log -i eth0 --dir /var/log/packets",
      "lines and savefiles by protocol, rotated by size",
    ],
  ],
  options: LOG_OPTIONS,
  check: logFaults,
  run,
});

/** What both ways of running share. */
interface Run {
  values: LogValues;
  say: Diagnostics;
  outputs: PacketOutputs;
  /** Name of this machine, asked for while the program may still know it. */
  hostname: string | undefined;
  /** The logger that is running, for its counters. */
  log?: PacketLog;
}

async function run(settings: LogSettings): Promise<number> {
  const { values, notices } = logValues(settings);
  const say = await openDiagnostics(values, "log", () => {});
  for (const notice of notices) say.notice(notice);
  if (values.summary) {
    const { summarize } = await import("./log/summary.ts");
    return summarize(values, say);
  }
  return values.read === undefined ? await watch(values, say) : await read(values, say);
}

async function read(values: LogValues, say: Diagnostics): Promise<number> {
  const files = inputFiles([values.read!]);
  const stopper = new AbortController();
  const stdout = new StdoutSink({ onGone: unread(values, say, () => stopper.abort()) });
  const { outputs, sinks } = await openOutputs(values, say, new StdoutTarget(stdout));
  const running: Run = { values, say, outputs, hostname: hostName() };
  const forget = listenForSignals({
    stop: () => stopper.abort(),
    stopAgain: giveUp,
    reload: () => outputs.reopen(),
  });
  try {
    const totals = await runReplay(
      {
        files,
        speed: 0,
        path: defaults(PATH),
        seed: REPLAY_SEED,
        packetBytes: wantsBytes(values) ? PACKET_RING_BYTES : undefined,
      },
      loggerOf(running, REPLAY_SEED, () => undefined),
      {
        onEvent: () => {},
        onNotice: (text) => say.notice(text),
        drained: () => stdout.drained(),
      },
      stopper.signal,
    );
    outputs.flush();
    const lost = await stdout.finish(stopper.signal);
    if (lost > 0) say.error(linesLost(lost));
    if (stdout.failure !== undefined) throw outputFailure(stdout.failure);
    if (hasSummary(totals)) {
      say.notice(
        `${totals.stopped ? "stopped after " : ""}${plural(totals.decoded.packets, "packet")}: ` +
          `${counts(running)}`,
      );
    }
    const kinds = listed({ ...totals.decoded.malformed });
    if (kinds !== "") say.notice(`malformed: ${kinds}`);
    for (const fault of totals.faults) say.error(fault);
    const isWhole = totals.faults.length === 0 && outputs.lost() === 0;
    return isWhole ? Exit.Done : Exit.CannotRun;
  } finally {
    outputs.close();
    await sinks?.close();
    forget();
  }
}

async function watch(values: LogValues, say: Diagnostics): Promise<number> {
  const devices = values.interface!;
  const session = new LiveSession({ ...values, interface: devices }, say);
  const { seed, host: hostname } = session;
  const stdout = new LiveStdoutSink({
    queue: values.sinkQueue,
    notice: say.error,
    onGone: unread(values, say, session.stop),
    isTerminal: Deno.stdout.isTerminal(),
  });
  let logs: LogSinks | undefined;
  let running: Run | undefined;
  let sinks: FanOut | undefined;
  return await session.run({
    doing: "logging",
    source: {
      profile: "scandog",
      allPackets: values.outgoing ? "inout" : "in",
      snapshotBytes: values.snaplen ?? (wantsBytes(values) ? SNAPLEN_WHOLE : SNAPLEN_LINES),
      path: defaults(PATH),
      packetBytes: wantsBytes(values) ? PACKET_RING_BYTES : undefined,
    },
    prepare: async () => {
      logs = await connectSinks(values, say);
      return (...parts) => loggerOf(running!, seed, (index) => devices[index])(...parts);
    },
    needs: {
      read: foldersOf(values),
      write: [],
      turn: foldersOf(values),
      ports: syslogPorts(values),
    },
    openFiles: (opened) => {
      sinks = logs?.open();
      const target = new StdoutTarget(stdout);
      const outputs = makeOutputs(values, target, sinks?.sinks ?? [], say.error);
      outputs.openRaw(opened.devices.map(({ linkType }) => linkType));
      running = { values, say, outputs, hostname };
    },
    onEvent: (event) => {
      const zone = zoneOf(values.tz);
      say.notice(textLine(event, { zone, interfaceName: (index) => devices[index] }));
    },
    reload: () => {
      running?.outputs.reopen();
      sinks?.reopen();
    },
    statistics: (totals) => totals && running && sayTotals(running, totals),
    writing: () => stdout.counters.waiting > 0,
    settle: () => {
      running?.outputs.flush();
      return stdout.close();
    },
    close: async () => {
      running?.outputs.close();
      await stdout.close();
      await sinks?.close();
    },
  });
}

/** The logger as the pipeline wants it. */
function loggerOf(
  running: Run,
  seed: number,
  interfaceName: (index: number) => string | undefined,
): MakeDetector {
  const { values, outputs, hostname } = running;
  const zone = zoneOf(values.tz);
  const json = {
    observer: values.observer ?? hostname,
    hostname,
    version: VERSION,
    seed,
    now: values.read === undefined ? wallClockUs : undefined,
    bytesMax: lineBytesMax({ ...values, logFile: undefined }),
  };
  return (records, _emit, packets) => {
    const makeFormat = formatMaker(values, { zone, interfaceName, json }, records, packets);
    const taker = outputs.taker(records, packets, makeFormat, (what) =>
      outputs.line(
        values.format === "json"
          ? suppressedJson(what, { zone, ...json })
          : suppressedText(what, zone),
        what.endUs,
      ));
    return running.log = new PacketLog(records, logRules(values, seed), taker, packets);
  };
}

/** What to do when nobody reads standard output: where it is the only log, nothing is left to do. */
function unread(values: LogValues, say: Diagnostics, stop: () => void): () => void {
  return writesElsewhere(values) ? () => say.error("standard output: the reader has gone") : stop;
}

async function openOutputs(values: LogValues, say: Diagnostics, stdout: StdoutTarget) {
  const sinks = (await connectSinks(values, say))?.open();
  return { outputs: makeOutputs(values, stdout, sinks?.sinks ?? [], say.error), sinks };
}

/** Syslog and the journal, if they are chosen; files and standard output go their own, faster way. */
async function connectSinks(values: LogValues, say: Diagnostics): Promise<LogSinks | undefined> {
  if (values.syslog === undefined && !values.journald) return undefined;
  const logs = new LogSinks({ ...values, logFile: undefined, stdout: false }, say.error);
  await logs.connect("scandog", values.observer);
  return logs;
}

/** Folders of the files that are written, which are rotated later. */
function foldersOf({ raw, dir, logFile }: LogValues): string[] {
  const folder = (path: string) => path.replace(/[^/]*$/, "") || ".";
  const folders = [raw, logFile].filter((path) => path !== undefined).map(folder);
  return dir === undefined ? folders : [...folders, dir];
}

function counts({ log }: Run): string {
  const { selected, suppressed } = log?.counters ?? { selected: 0, suppressed: 0 };
  const tail = suppressed === 0 ? "" : `, ${plural(suppressed, "packet")} suppressed`;
  return `${plural(selected - suppressed, "packet")} logged${tail}`;
}

function sayTotals(running: Run, { decoded, kernel, interface: device, ring }: WatchTotals): void {
  running.say.notice(
    `${plural(decoded.packets, "packet")}: ${counts(running)}; lost: ${kernel} in the kernel, ` +
      `${device} on interfaces, ${ring} in the ring`,
  );
}
