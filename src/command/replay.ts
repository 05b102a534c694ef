// `scandog replay`: the detector over capture files. Knows options, streams and exit statuses; how
// packets are read and judged is the pipeline's.

import { identity } from "../system/identity.ts";
import type { Prefix } from "../address.ts";
import type { DetectorEvent } from "../event.ts";
import { plural } from "../format/figures.ts";
import { SCANLOGD_2 } from "../params.ts";
import { type ReplayTotals, runReplay } from "../pipeline.ts";
import { StdoutSink } from "../sink/stdout.ts";
import { revokeAllBut } from "../system/permissions.ts";
import { askToRead, CAPTURE_FILES, REPLAY_SEED, totalBytes } from "./capture_files.ts";
import { defineCommand } from "../options/command.ts";
import { Directions } from "../label/direction.ts";
import { type Diagnostics, diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { differenceLines, FoundScans, isMet, judge } from "../verdict/judge.ts";
import { type Expectation, parseExpectations } from "../verdict/expectation.ts";
import { BadUsage, CannotRun, Exit } from "../failure.ts";
import { defaultFormat, makeFormat } from "./formats.ts";
import { homeText } from "../label/home_guess.ts";
import { HomeInference } from "../label/home_inference.ts";
import { PROFILES } from "../options/profiles.ts";
import { ProgressLine } from "./progress_line.ts";
import { REPLAY_OPTIONS } from "../options/replay.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { whenStopped } from "./stop_signals.ts";
import { summaryLines } from "./summary.ts";
import { linesLost, outputFailure, writeError } from "./terminal.ts";
import { VerdictFiles } from "./verdict_files.ts";
import { foreignTunables, tunableFaults, tunableValues } from "../options/tunables.ts";
import { VisitKeeper } from "../state/visit_keeper.ts";
import { stateFaults } from "../options/shared.ts";

type ReplaySettings = Settings<typeof REPLAY_OPTIONS>;

export const REPLAY = defineCommand({
  name: "replay",
  summary: "Runs the detector over capture files: pcap or pcapng, also gzipped.",
  notes: "Exit status: 0 done; 1 a file could not be read to its end (what came before is " +
    "reported first, and the other files are still read); 2 bad usage; 3 --expect or " +
    "--fail-on-scan was not met.",
  options: REPLAY_OPTIONS,
  operand: CAPTURE_FILES,
  check,
  derived,
  run,
});

function check({ values, origins }: ReplaySettings): Fault[] {
  const found: Fault[] = [];
  found.push(...diagnosticsFaults(values));
  if (origins.filter.from === "command line") {
    found.push({
      key: "filter",
      reason: "is for live capture; here: tcpdump -r FILE -w - EXPR | scandog replay -",
    });
  }
  found.push(...stateFaults(values.profile, origins.state));
  found.push(...foreignTunables(values.profile, origins));
  found.push(...tunableFaults(values.profile, tunableValues(values.profile, values)));
  return found;
}

function derived({ values }: ReplaySettings): Record<string, unknown> {
  const { detector, path } = tunableValues(values.profile, values);
  return { format: values.format ?? defaultFormat(values.profile), ...detector, ...path };
}

async function run({ values, origins }: ReplaySettings, files: string[]): Promise<number> {
  const expectations = values.expect === undefined ? undefined : readExpectations(values.expect);
  askToRead(files);
  const inputs = [...files, values.expect, values.knownScanners].filter((path) =>
    path !== undefined
  );
  const verdictFiles = VerdictFiles.open(values.report ?? [], values.writeExpect, inputs);
  const { detector, path } = tunableValues(values.profile, values);
  const stopper = new AbortController();
  const bytes = totalBytes(files);
  const progress = values.quiet || !Deno.stderr.isTerminal() ? undefined : new ProgressLine(
    writeError,
    bytes,
    () => Deno.consoleSize().columns,
  );
  const clear = () => progress?.clear();
  const say = await openDiagnostics(values, "replay", clear);

  const judged = expectations !== undefined || values.failOnScan || verdictFiles.count > 0;
  const sink = new StdoutSink({
    beforeWrite: clear,
    // Without a reader there is nothing left to do but to judge.
    onGone: () => judged || stopper.abort(),
  });
  const formatName = values.format ?? defaultFormat(values.profile);
  const format = makeFormat(formatName, {
    tz: values.tz,
    observer: values.observer,
    lineLength: detector.lineLength ?? SCANLOGD_2.lineLength.default,
    seed: REPLAY_SEED,
    interfaceName: () => undefined,
    knownScanners: values.knownScanners,
  });
  // The configuration file's is the running daemon's.
  const state = origins.state.from === "command line" ? values.state : undefined;
  const { keeper, open } = await VisitKeeper.prepare(state, say);
  open({ who: identity(), owners: [0] });
  // A file is all that it works on from here: nothing in a capture shall reach a network.
  revokeAllBut(["read"]);
  const found = new FoundScans();
  let scans = 0, visits = 0;
  let directions = new Directions(values.home ?? [], values.home !== undefined);
  const onEvent = (untagged: DetectorEvent) => {
    const event = directions.tag(untagged);
    if (event.action === "scan-start") scans++;
    if (event.action === "scan-visit") visits++;
    if (expectations !== undefined || verdictFiles.count > 0) found.add(event);
    const line = format(event);
    if (line !== undefined) sink.write(line);
  };
  // scanlogd's line has no place for a direction; and what comes at its own pace is not held back.
  const isInferred = values.home === undefined && formatName !== "scanlogd" &&
    values.speed === 0 && bytes !== undefined;
  const inference = isInferred
    ? new HomeInference((home) => {
      sayHome(home, say);
      directions = new Directions(home, false);
    }, onEvent)
    : undefined;

  const forget = whenStopped(() => stopper.abort());
  say.detail(`profile ${values.profile}: ${JSON.stringify(detector)}`);
  const making = PROFILES[values.profile].make(detector, {
    home: values.home ?? [],
    ignore: values.ignore ?? [],
    seed: REPLAY_SEED,
    keepVisits: keeper.attach,
  });
  const totals = await runReplay(
    { files, speed: values.speed, path, seed: REPLAY_SEED },
    inference === undefined ? making : making.then((make) => inference.over(make)),
    {
      onEvent: inference === undefined ? onEvent : (event) => inference.event(event),
      onTurn: (turn) => {
        progress?.update(turn);
        keeper.turn(performance.now());
      },
      drained: () => sink.drained(),
    },
    stopper.signal,
  ).catch((error) => {
    forget();
    throw error;
  });
  const isKept = keeper.close();
  const lost = await sink.finish(stopper.signal);
  forget();
  clear();
  if (lost > 0) say.error(linesLost(lost));
  if (sink.failure !== undefined) throw outputFailure(sink.failure);
  // A verdict on half a capture is none.
  if (judged && totals.stopped) {
    totals.faults.push(
      `stopped after ${plural(totals.decoded.packets, "packet")}: there is no verdict`,
    );
  }
  if (verdictFiles.count > 0) {
    const verdict = judge(expectations ?? [], found.all());
    verdictFiles.write({
      files,
      expect: values.expect,
      expectations: expectations ?? [],
      found: found.all(),
      verdict,
      faults: totals.faults,
    });
  }
  const status = conclude(totals, { scans, visits, found, expectations, values, say });
  return isKept ? status : Exit.CannotRun;
}

/** Scans are judged without it, so that a wrong one would only mislead. */
function sayHome(home: Prefix[], say: Diagnostics): void {
  if (home.length === 0) return;
  say.notice(`home inferred: ${homeText(home)}, for directions only; --home says otherwise`);
}

/** Everything that is said after the last packet, the worst last. */
function conclude(
  totals: ReplayTotals,
  { scans, visits, found, expectations, values, say }: {
    scans: number;
    visits: number;
    found: FoundScans;
    expectations: Expectation[] | undefined;
    values: ReplaySettings["values"];
    say: Diagnostics;
  },
): number {
  for (const line of summaryLines(totals, scans, visits)) say.notice(line);
  let status: number = Exit.Done;
  if (values.failOnScan && scans > 0) {
    status = Exit.Unmet;
    say.error(`--fail-on-scan: ${plural(scans, "scan")} found`);
  }
  const isWhole = totals.faults.length === 0;
  if (expectations !== undefined && !meets(expectations, found, values.expect!, isWhole, say)) {
    status = Exit.Unmet;
  }
  for (const fault of totals.faults) say.error(fault);
  return totals.faults.length > 0 ? Exit.CannotRun : status;
}

function meets(
  expectations: Expectation[],
  found: FoundScans,
  file: string,
  isWhole: boolean,
  say: Diagnostics,
): boolean {
  const verdict = judge(expectations, found.all());
  if (isMet(verdict) && found.lost === 0) {
    if (isWhole) say.notice(`--expect ${file}: all ${verdict.met} met`);
    return true;
  }
  const { met, missing, unexpected } = verdict;
  say.error(
    `--expect ${file}: ${missing.length} missing, ${unexpected.length + found.lost} unexpected, ` +
      `${met} as expected`,
  );
  for (const line of differenceLines(file, verdict)) writeError(`${line}\n`);
  return false;
}

function readExpectations(file: string): Expectation[] {
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (error) {
    throw new CannotRun(`${file}: cannot be read: ${(error as Error).message}`);
  }
  const { expectations, faults } = parseExpectations(file, text);
  if (faults.length > 0) throw new BadUsage(faults);
  return expectations;
}
