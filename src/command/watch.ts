// `scandog watch`: the detector on live devices, until a signal. Knows what belongs to a detector's run, and what a
// reload changes; devices, signals and privileges are in `session.ts`.

import { identity } from "../system/identity.ts";
import { absolute, folderOf } from "../system/paths.ts";
import { kernelDirection } from "../capture/filters.ts";
import { COLOURS } from "../format/ink.ts";
import { paintedLine } from "../format/painted_line.ts";
import { interfaceFaults } from "../options/capture.ts";
import { defineCommand, type Program } from "../options/command.ts";
import { defaultConfigs } from "../options/config_file.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { fleetFaults } from "../options/fleet.ts";
import { stateFaults } from "../options/shared.ts";
import { sinkFaults } from "../options/sinks.ts";
import { foreignTunables, tunableFaults, tunableValues } from "../options/tunables.ts";
import { weighFaults } from "../options/weigh.ts";
import { WATCH_OPTIONS, type WatchValues } from "../options/watch.ts";
import type { WatchTotals } from "../pipeline.ts";
import type { FanOut } from "../sink/fan_out.ts";
import { VisitKeeper } from "../state/visit_keeper.ts";
import type { Needs } from "./confinement.ts";
import { type Diagnostics, diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { FleetOutput } from "./fleet/output.ts";
import { defaultFormat, makeFormat, wallClockUs } from "./formats.ts";
import { lineBytesMax, LogSinks, syslogPorts } from "./log_sinks.ts";
import { foldersOf, placesOf } from "./places.ts";
import { LiveSession } from "./session.ts";
import { statisticsLines } from "./statistics.ts";
import { isColoured } from "./terminal.ts";
import { InEffect } from "./watch/in_effect.ts";
import { LiveStatus } from "./watch/live_status.ts";
import { restartNeeded, sayKept, withoutSettled } from "./watch/restart.ts";

type WatchSettings = Settings<typeof WATCH_OPTIONS>;

export const WATCH = defineCommand({
  name: "watch",
  summary: "Runs the detector on live devices until SIGINT or SIGTERM.",
  notes:
    "SIGHUP reopens the log file and reads the configuration again. SIGUSR1 prints statistics. Exit status: " +
    "0 ended by a signal; 1 a device, a log or the privileges are not as needed; 2 bad usage.",
  examples: [
    ["scandog watch -i eth0", "lines on standard output, until Ctrl-C"],
    [
      "scandog watch -i eth0 --format json --log-file /var/log/scandog/scandog.json --syslog",
      "JSON to a file and to the syslog daemon",
    ],
    [
      "scandog watch -i mirror0 --promiscuous --home 192.0.2.0/24",
      "a mirror port, seen from one network",
    ],
  ],
  options: WATCH_OPTIONS,
  check,
  run,
});

function check({ values, origins }: WatchSettings): Fault[] {
  const found: Fault[] = [];
  found.push(...diagnosticsFaults(values));
  found.push(...sinkFaults({ values, origins }));
  found.push(...interfaceFaults(values.interface));
  if ((values.liveRingRecords & (values.liveRingRecords - 1)) !== 0) {
    found.push({ key: "liveRingRecords", reason: "must be a power of two" });
  }
  if (values.metricsFile !== undefined && values.chroot !== undefined) {
    found.push({
      key: "metricsFile",
      reason: "cannot be replaced behind --chroot: ask with scandog status --metrics",
    });
  }
  found.push(...fleetFaults({ values, origins }));
  found.push(...stateFaults(values.profile, origins.state));
  found.push(...foreignTunables(values.profile, origins));
  const numbers = tunableValues(values.profile, values);
  found.push(...tunableFaults(values.profile, numbers));
  found.push(...weighFaults(values.profile, values.weigh, origins.weigh, numbers.detector));
  return found;
}

async function run(
  { values }: WatchSettings,
  _operands: string[],
  program: Program<typeof WATCH_OPTIONS>,
): Promise<number> {
  const say = await openDiagnostics(values, "watch", () => {});
  const session = new LiveSession(values, say);
  const { seed, host, observer, user } = session;
  const logs = new LogSinks(values, say.error, session.stop);
  let out: FanOut | undefined;
  const { keeper, open: openState } = await VisitKeeper.prepare(
    values.profile === "scandog" ? values.state : undefined,
    say,
    () => Date.now() * 1000,
  );
  const fleet = await FleetOutput.prepare(values, {
    name: observer,
    say,
    ...filesOf(values),
    jsonFormat: (lineBytesMax) =>
      makeFormat("json", {
        tz: values.tz,
        observer,
        hostname: host,
        lineLength: 0,
        lineBytesMax,
        now: wallClockUs,
        seed,
        interfaceName: (index) => values.interface[index],
        knownScanners: values.knownScanners,
      }),
    isLive: true,
  });
  const live = new LiveStatus({
    observer,
    notice: say.notice,
    values,
    current: () => inEffect.current,
    sinks: () => [...out?.sinks ?? [], ...fleet?.sinks ?? []],
    publish: () => fleet?.status(),
  });
  // A terminal that is the only log, and so gets no line that another would have to read.
  const isPainted = (values.format ?? defaultFormat(values.profile)) === "text" &&
    lineBytesMax(values) === undefined && isColoured(Deno.stdout);
  const paint = (line: string) => isPainted ? paintedLine(line, COLOURS) : line;
  const inEffect: InEffect = new InEffect(values, {
    seed,
    host,
    keeper,
    keepInsight: live.wantsInsight ? live.keepInsight : undefined,
    takeOutcome: fleet?.takeOutcome,
    write: (line, event) => out?.write(paint(line), event),
  });
  const change = async () => {
    const { values: next } = await program.reload();
    for (const text of restartNeeded(values, next)) say.error(text);
    await inEffect.change(withoutSettled(values, next));
    say.notice("the configuration was read again");
  };
  return await session.run({
    doing: "watching",
    source: sourceOf(values),
    prepare: async () => {
      // What a wrong configuration needs on SIGHUP is loaded while files can be read.
      await import("../options/nearest.ts");
      await logs.connect(values.profile, observer);
      return await inEffect.detector();
    },
    needs: needsOf(values, fleet?.ports ?? []),
    openFiles: () => {
      out = logs.open();
      fleet?.openFiles();
      openState({ who: identity(), owners: [0, user?.uid ?? 0] });
    },
    onEvent: (untold) => {
      const { event, line } = inEffect.told(untold);
      if (line !== undefined) out?.write(paint(line), event);
      live.event(event, line);
      fleet?.event(event);
    },
    openSockets: () => live.open(user),
    socketFolders: values.control === undefined ? [] : [folderOf(absolute(values.control))],
    onReady: () => {
      // Who watches the terminal would wait there for what goes elsewhere.
      if (!values.stdout && lineBytesMax(values) !== undefined) {
        say.notice(`alerts go to ${out!.name}`);
      }
      fleet?.start();
      live.ready();
    },
    onAddresses: (addresses) => inEffect.setAddresses(addresses),
    onRunning: (totals) => live.running(totals),
    restMs: () => live.restMs(),
    onTurn: (totals) => {
      keeper.turn(performance.now());
      live.turn(totals);
    },
    change: () => inEffect.takeChange(),
    reload: async () => {
      out?.reopen();
      fleet?.reopen();
      await change().catch((error) => sayKept(say, error));
    },
    statistics: (totals) => sayStatistics(say, totals, out),
    settle: () => out?.flush(),
    close: async () => {
      await fleet?.close();
      live.close();
      keeper.close();
      await out?.close();
    },
  });
}

function sourceOf(values: WatchValues) {
  const { path } = tunableValues(values.profile, values);
  return {
    profile: values.profile,
    allPackets: values.logPackets === undefined ? undefined : kernelDirection(values.profile),
    snapshotBytes: values.snaplen,
    inside: values.inside ?? 0,
    path: { ...path, ringRecords: values.liveRingRecords },
  };
}

/** Files that it reads, and those that it writes by options of their own. */
function filesOf(values: WatchValues): { inputs: string[]; outputs: string[] } {
  const { config, knownScanners, publishCredentials, publishCa } = values;
  const { logFile, metricsFile, state, control } = values;
  const named = (paths: (string | undefined)[]) => paths.filter((path) => path !== undefined);
  return {
    inputs: named([config, knownScanners, publishCredentials, publishCa]),
    outputs: named([logFile, metricsFile, state, control]),
  };
}

/** What the process goes on needing once it is confined. `ports`: of TCP, besides those of logs. */
function needsOf(values: WatchValues, ports: readonly number[]): Needs {
  // To be read again on SIGHUP.
  const configs = values.config === undefined ? defaultConfigs() : [values.config];
  const lists = values.knownScanners === undefined ? [] : [values.knownScanners];
  const metrics = foldersOf(values.metricsFile);
  return {
    // A file that replaces another must be readable too, as the runtime has it.
    read: values.chroot === undefined
      ? [...[...configs, ...lists].flatMap(placesOf), ...metrics]
      : [],
    write: [...foldersOf(values.logFile), ...foldersOf(values.outcomes)],
    // Replaced by a new one each time.
    turn: metrics,
    ports: [...syslogPorts(values), ...ports],
  };
}

function sayStatistics(
  say: Diagnostics,
  totals: WatchTotals | undefined,
  out: FanOut | undefined,
): void {
  if (totals === undefined || out === undefined) return say.notice("nothing was captured yet");
  for (const line of statisticsLines(totals, out.sinks)) say.notice(line);
}
