// `scandog correlate FILE...`: reads whole files, in the order of their time.

import { Exit } from "../../failure.ts";
import { plural } from "../../format/figures.ts";
import type { CorrelateValues } from "../../options/correlate.ts";
import { StdoutSink } from "../../sink/stdout.ts";
import { revokeAllBut } from "../../system/permissions.ts";
import { Findings } from "../../verdict/judge.ts";
import { inputFiles, REPLAY_SEED } from "../capture_files.ts";
import { openDiagnostics } from "../diagnostics.ts";
import { lineChunksOf } from "../lines.ts";
import { meets, readExpectations } from "../replay/verdict.ts";
import { whenStopped } from "../stop_signals.ts";
import { linesLost, outputFailure } from "../terminal.ts";
import { feed } from "./feed.ts";
import { lineMaker, makeCorrelator } from "./judging.ts";
import { mergeFiles } from "./merge.ts";

/** Gives the exit status; throws `CannotRun` and `BadUsage`. */
export async function correlateFiles(values: CorrelateValues, operands: string[]): Promise<number> {
  const expectations = values.expect === undefined ? undefined : readExpectations(values.expect);
  const files = inputFiles(operands);
  const say = await openDiagnostics(values, "correlate", () => {});
  const stopper = new AbortController();
  const isJudged = expectations !== undefined || values.failOnScan;
  const sink = new StdoutSink({ onGone: () => isJudged || stopper.abort() });
  const found = new Findings();
  let scans = 0, latestUs = -Infinity;
  const lineOf = lineMaker({ values, seed: REPLAY_SEED });
  const correlator = makeCorrelator(values, REPLAY_SEED, (untold) => {
    const { event, line } = lineOf(untold);
    if (event.action === "scan-start") scans++;
    if (isJudged) found.add(event);
    if (line !== undefined) sink.write(line);
  });
  // A file is all that it works on from here.
  revokeAllBut(["read"]);
  const forget = whenStopped(() => stopper.abort());
  const inputs = files.map((file) => ({
    name: file === "-" ? "standard input" : file,
    chunks: lineChunksOf(file, stopper.signal),
  }));
  const read = await mergeFiles(
    inputs,
    (message) => {
      // The files have no other time than what is in them.
      latestUs = Math.max(latestUs, message.timeUs);
      feed(correlator, message, latestUs);
    },
    () => sink.drained(),
    stopper.signal,
  );
  correlator.finish();
  const lost = await sink.finish(stopper.signal);
  forget();
  if (lost > 0) say.error(linesLost(lost));
  if (sink.failure !== undefined) throw outputFailure(sink.failure);
  const { sensors, taken } = correlator;
  say.notice(
    `${stopper.signal.aborted ? "stopped after " : ""}${plural(taken, "outcome")} of ` +
      `${plural(sensors.all.length, "sensor")}: ${
        plural(scans, "scan")
      } that no sensor alone could tell`,
  );
  if (read.unreadable > 0) {
    say.notice(`${plural(read.unreadable, "line")} passed over: written by no sensor's --outcomes`);
  }
  if (sensors.unheard > 0) {
    say.error(`--sensors-max: ${plural(sensors.unheard, "message")} of further sensors left out`);
  }
  let status: number = Exit.Done;
  if (isJudged && stopper.signal.aborted) read.faults.push("stopped: there is no verdict");
  if (values.failOnScan && scans > 0) {
    status = Exit.Unmet;
    say.error(`--fail-on-scan: ${plural(scans, "scan")} found`);
  }
  const isWhole = read.faults.length === 0;
  if (expectations !== undefined && !meets(expectations, found, values.expect!, isWhole, say)) {
    status = Exit.Unmet;
  }
  for (const fault of read.faults) say.error(fault);
  return isWhole ? status : Exit.CannotRun;
}
