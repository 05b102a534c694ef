// A correlator that runs until a signal: its logs, its confinement, its status. Knows the order of these; not where
// outcomes come from.

import { dirname, resolve } from "node:path/posix";
import type { Correlator } from "../../correlate/correlator.ts";
import { Exit } from "../../failure.ts";
import { grouped, plural } from "../../format/figures.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import type { FanOut } from "../../sink/fan_out.ts";
import type { FleetStatus } from "../../status/status.ts";
import { listenForSignals } from "../../system/signals.ts";
import { confine, openSockets, userToBecome } from "../confinement.ts";
import { type Diagnostics, openDiagnostics } from "../diagnostics.ts";
import { hostName, wallClockUs } from "../formats.ts";
import { lineBytesMax, LogSinks, syslogPorts } from "../log_sinks.ts";
import { foldersOf } from "../places.ts";
import { giveUp } from "../stop_signals.ts";
import { LiveFleet } from "./live_fleet.ts";
import { makeCorrelator } from "./judging.ts";

/** Where outcomes come from. */
export interface LiveSource {
  /** In words. */
  readonly name: string;
  /** What it goes on needing: files and folders to read, TCP ports to connect to. */
  readonly needs: { read: string[]; ports: number[] };
  /** While everything can be reached; gives the seed. Throws `CannotRun`. */
  open(): Promise<number>;
  /** Hands over what comes, until the signal. */
  run(correlator: Correlator, signal: AbortSignal): Promise<void>;
  /** What it knows of itself. */
  status(): Partial<FleetStatus> & { from: string };
}

/** Gives the exit status; throws `CannotRun`. */
export async function correlateLive(
  values: CorrelateValues,
  make: (say: Diagnostics) => LiveSource,
): Promise<number> {
  const say = await openDiagnostics(values, "correlate", () => {});
  const source = make(say);
  const user = userToBecome(values);
  const host = hostName();
  const stopper = new AbortController();
  const logs = new LogSinks(values, say.error, () => stopper.abort());
  await logs.connect("scandog", values.observer ?? host);
  const seed = await source.open();
  let out: FanOut | undefined;
  const live = new LiveFleet({
    values,
    observer: values.observer ?? host,
    notice: say.notice,
    sinks: () => out?.sinks ?? [],
    source: () => source.status(),
  });
  const correlator = makeCorrelator({
    values,
    seed,
    hostname: host,
    lineBytesMax: lineBytesMax(values),
    now: wallClockUs,
    tell(event, line) {
      live.event(event, line);
      if (line !== undefined) out?.write(line, event);
    },
  });
  live.watch(correlator);
  const folders = values.control === undefined ? [] : [dirname(resolve(values.control))];
  await openSockets(user, folders, () => live.open(user));
  const statistics = () => {
    for (const line of statisticsLines(correlator, out)) say.notice(line);
  };
  const metrics = foldersOf(values.metricsFile);
  const needs = {
    read: [...source.needs.read, ...metrics],
    write: foldersOf(values.logFile),
    turn: metrics,
    ports: [...source.needs.ports, ...syslogPorts(values)],
  };
  for (const text of confine(values, user, () => out = logs.open(), needs)) say.detail(text);
  const forget = listenForSignals({
    stop: () => stopper.abort(),
    stopAgain: giveUp,
    reload: () => out?.reopen(),
    statistics,
  });
  say.notice(`correlating ${source.name}`);
  live.ready();
  try {
    await source.run(correlator, stopper.signal);
    correlator.finish();
    await out?.flush();
    statistics();
    return Exit.Done;
  } finally {
    live.close();
    await out?.close();
    forget();
  }
}

function statisticsLines(correlator: Correlator, out: FanOut | undefined): string[] {
  const { sensors, taken, late } = correlator;
  const silent = sensors.all.filter(({ isSilent }) => isSilent).length;
  return [
    `${plural(taken, "outcome")} of ${plural(sensors.all.length, "sensor")}, ${
      grouped(silent)
    } silent; ` +
    `${grouped(late)} came too late for their place`,
    ...(out?.sinks ?? []).map(({ name, counters: { written, dropped, failures } }) =>
      `${name}: ${grouped(written)} lines written, ${grouped(dropped)} dropped, ` +
      `${grouped(failures)} failures`
    ),
  ];
}
