// A correlator that runs until a signal: its logs, its confinement, its status. Knows the order of these; not where
// outcomes come from.

import type { Correlator } from "../../correlate/correlator.ts";
import type { DetectorEvent } from "../../event.ts";
import { Exit } from "../../failure.ts";
import { grouped, plural } from "../../format/figures.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import type { FanOut } from "../../sink/fan_out.ts";
import type { FleetStatus } from "../../status/status.ts";
import { absolute, folderOf } from "../../system/paths.ts";
import { listenForSignals } from "../../system/signals.ts";
import { confine, type Needs, openSockets, userToBecome } from "../confinement.ts";
import { type Diagnostics, openDiagnostics } from "../diagnostics.ts";
import { hostName, wallClockUs } from "../formats.ts";
import { lineBytesMax, LogSinks, syslogPorts } from "../log_sinks.ts";
import { foldersOf, placesOf } from "../places.ts";
import { giveUp } from "../stop_signals.ts";
import { LiveFleet } from "./live_fleet.ts";
import { lineMaker, makeCorrelator } from "./judging.ts";

/** How an event is told. */
export interface Telling {
  /** In the logs of this program. */
  tell(event: DetectorEvent): void;
  /** As a line of JSON, for others. */
  json(event: DetectorEvent): string;
}

/** Where outcomes come from. */
export interface LiveSource {
  /** In words. */
  readonly name: string;
  /** What it goes on needing: files and folders to read, TCP ports to connect to. */
  readonly needs: { read: string[]; ports: number[] };
  /** Nobody goes on when this ends: then all scans end. */
  readonly isWhole: boolean;
  /** Hands over what comes, until the signal, to a correlator that is made once the seed is known. */
  run(begin: (seed: number) => Correlator, signal: AbortSignal): Promise<void>;
  /** Decides whether an event is told, and when. Absent: each is told at once. */
  offer?(event: DetectorEvent, telling: Telling): void;
  /** What it knows of itself. */
  status(): Partial<FleetStatus> & { from: string };
}

/** Longest line of JSON for others. */
const JSON_BYTES_MAX = 60_000;

/** Gives the exit status; throws `CannotRun`. */
export async function correlateLive(
  values: CorrelateValues,
  make: (say: Diagnostics) => LiveSource | Promise<LiveSource>,
): Promise<number> {
  const say = await openDiagnostics(values, "correlate", () => {});
  const source = await make(say);
  const user = userToBecome(values);
  const host = hostName();
  const stopper = new AbortController();
  const logs = new LogSinks(values, say.error, () => stopper.abort());
  await logs.connect("scandog", values.observer ?? host);
  // What is wrong with a list of scanners is said before anything is given up.
  const parts = { values, hostname: host, now: wallClockUs };
  lineMaker({ ...parts, seed: 0 });
  let out: FanOut | undefined, correlator: Correlator | undefined;
  const live = new LiveFleet({
    values,
    observer: values.observer ?? host,
    notice: say.notice,
    sinks: () => out?.sinks ?? [],
    source: () => source.status(),
    correlator: () => correlator,
  });
  const begin = (seed: number) => {
    const lineOf = lineMaker({ ...parts, seed, lineBytesMax: lineBytesMax(values) });
    const jsonOf = lineMaker({ ...parts, seed, lineBytesMax: JSON_BYTES_MAX }, "json");
    const telling: Telling = {
      tell(untold) {
        const { event, line } = lineOf(untold);
        live.event(event, line);
        if (line !== undefined) out?.write(line, event);
      },
      json: (event) => jsonOf(event).line ?? "",
    };
    correlator = makeCorrelator(values, seed, (event) => {
      if (source.offer === undefined) telling.tell(event);
      else source.offer(event, telling);
    });
    return correlator;
  };
  const folders = values.control === undefined ? [] : [folderOf(absolute(values.control))];
  await openSockets(user, folders, () => live.open(user));
  const statistics = () => {
    for (const line of statisticsLines(correlator, out)) say.notice(line);
  };
  for (const text of confine(values, user, () => out = logs.open(), needsOf(values, source))) {
    say.detail(text);
  }
  const forget = listenForSignals({
    stop: () => stopper.abort(),
    stopAgain: giveUp,
    reload: () => out?.reopen(),
    statistics,
  });
  say.notice(`correlating ${source.name}`);
  live.ready();
  try {
    await source.run(begin, stopper.signal);
    if (source.isWhole) correlator?.finish();
    await out?.flush();
    statistics();
    return Exit.Done;
  } finally {
    live.close();
    await out?.close();
    forget();
  }
}

function needsOf(values: CorrelateValues, { needs }: LiveSource): Needs {
  const metrics = foldersOf(values.metricsFile);
  const lists = values.knownScanners === undefined ? [] : placesOf(values.knownScanners);
  return {
    read: [...needs.read, ...lists, ...metrics],
    write: foldersOf(values.logFile),
    turn: metrics,
    ports: [...needs.ports, ...syslogPorts(values)],
  };
}

function statisticsLines(correlator: Correlator | undefined, out: FanOut | undefined): string[] {
  if (correlator === undefined) return ["nothing was read yet"];
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
