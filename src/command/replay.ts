// `scandog replay`: the detector over capture files. Knows options, streams and exit statuses; reading and judging
// packets is the pipeline's work.

import { identity } from "../system/identity.ts";
import type { Prefix } from "../address.ts";
import { SCANLOGD_2 } from "../params.ts";
import { plural } from "../format/figures.ts";
import { COLOURS } from "../format/ink.ts";
import { paintedLine } from "../format/painted_line.ts";
import { runReplay } from "../pipeline.ts";
import { StdoutSink } from "../sink/stdout.ts";
import { revokeAllBut } from "../system/permissions.ts";
import { CAPTURE_FILES, inputFiles, REPLAY_SEED, totalBytes } from "./capture_files.ts";
import { defineCommand } from "../options/command.ts";
import { type Diagnostics, diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { Findings, judge } from "../verdict/judge.ts";
import { Exit } from "../failure.ts";
import { FleetOutput } from "./fleet/output.ts";
import { defaultFormat, hostName, makeFormat } from "./formats.ts";
import { homeText } from "../label/home_guess.ts";
import { PROFILES } from "../options/profiles.ts";
import { openProgress } from "./progress_line.ts";
import { REPLAY_OPTIONS } from "../options/replay.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { whenStopped } from "./stop_signals.ts";
import { linesLost, outputFailure, writeError } from "./terminal.ts";
import { HomeLabels } from "../label/home_labels.ts";
import { conclude, readExpectations } from "./replay/verdict.ts";
import type { VerdictFiles } from "./replay/verdict_files.ts";
import { foreignTunables, tunableFaults, tunableValues } from "../options/tunables.ts";
import { weighFaults } from "../options/weigh.ts";
import { VisitKeeper } from "../state/visit_keeper.ts";
import { fleetFaults, ofCommandLine } from "../options/fleet.ts";
import { stateFaults } from "../options/shared.ts";

type ReplaySettings = Settings<typeof REPLAY_OPTIONS>;

export const REPLAY = defineCommand({
  name: "replay",
  summary:
    "Runs the detector over capture files: pcap or pcapng, also compressed with gzip or zstd.",
  notes: "Exit status: 0 done; 1 a file could not be read to its end (what came before is " +
    "reported first, and the other files are still read), or nothing in them could be decoded; 2 bad usage; 3 --expect or " +
    "--fail-on-scan was not met.",
  examples: [
    ["scandog replay capture.pcap", "the scans in a capture"],
    ["tcpdump -i eth0 -w - | scandog replay -", "the scans in what another program captures"],
    [
      "scandog replay --write-expect scans.txt capture.pcap",
      "write down what is found, to be checked by --expect scans.txt",
    ],
    [
      "scandog replay --fail-on-scan --report junit out.xml capture.pcap",
      "for a build server: exit status 3 and a report",
    ],
    ["scandog replay --profile scanlogd-2 capture.pcap", "what scanlogd would have logged"],
  ],
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
  found.push(...fleetFaults({ values: { ...values, ...ofCommandLine(values, origins) }, origins }));
  found.push(...stateFaults(values.profile, origins.state));
  found.push(...foreignTunables(values.profile, origins));
  const numbers = tunableValues(values.profile, values);
  found.push(...tunableFaults(values.profile, numbers));
  found.push(...weighFaults(values.profile, values.weigh, origins.weigh, numbers.detector));
  return found;
}

function derived({ values }: ReplaySettings): Record<string, unknown> {
  const { detector, path } = tunableValues(values.profile, values);
  return { format: values.format ?? defaultFormat(values.profile), ...detector, ...path };
}

async function run({ values, origins }: ReplaySettings, operands: string[]): Promise<number> {
  const expectations = values.expect === undefined ? undefined : readExpectations(values.expect);
  const files = inputFiles(operands);
  const { expect: expected, knownScanners, publishCredentials, publishCa } = values;
  const inputs = [...files, expected, knownScanners, publishCredentials, publishCa]
    .filter((path) => path !== undefined);
  const verdictFiles = await openVerdictFiles(values, inputs);
  const { detector, path } = tunableValues(values.profile, values);
  const stopper = new AbortController();
  const bytes = totalBytes(files);
  const progress = openProgress(values.quiet, bytes);
  const clear = () => progress?.clear();
  const say = await openDiagnostics(values, "replay", clear);

  const judged = expectations !== undefined || values.failOnScan || verdictFiles !== undefined;
  const sink = new StdoutSink({
    beforeWrite: clear,
    // Without a reader there is nothing left to do but to judge.
    onGone: () => judged || stopper.abort(),
  });
  const found = new Findings();
  let scans = 0, visits = 0;
  const formatName = values.format ?? defaultFormat(values.profile);
  // The configuration file's is the running daemon's.
  const state = origins.state.from === "command line" ? values.state : undefined;
  const formatting = {
    tz: values.tz,
    observer: values.observer,
    lineLength: detector.lineLength ?? SCANLOGD_2.lineLength.default,
    seed: REPLAY_SEED,
    interfaceName: () => undefined,
    knownScanners: values.knownScanners,
  };
  const format = makeFormat(formatName, formatting);
  const fleet = await FleetOutput.prepare({ ...values, ...ofCommandLine(values, origins) }, {
    name: values.observer ?? hostName(),
    say,
    inputs,
    outputs: [...verdictFiles?.paths ?? [], ...state === undefined ? [] : [state]],
    jsonFormat: (lineBytesMax) => makeFormat("json", { ...formatting, lineBytesMax }),
    isLive: false,
  });
  // Who looks on gets colours, and the story in five lines at the end.
  const isPainted = formatName === "text" && Deno.stdout.isTerminal() && !Deno.noColor;
  const paint = isPainted ? (line: string) => paintedLine(line, COLOURS) : (line: string) => line;
  const story = values.quiet || !Deno.stderr.isTerminal()
    ? undefined
    : new (await import("./replay/story.ts")).ReplayStory();
  // scanlogd's line has no place for a direction; and what comes at its own pace is not held back.
  const mayInfer = formatName !== "scanlogd" && values.speed === 0 && bytes !== undefined;
  const labels = new HomeLabels(values.home, mayInfer, {
    onHome: (home) => sayHome(home, say),
    onEvent: (event) => {
      if (event.action === "scan-start") scans++;
      if (event.action === "scan-visit") visits++;
      if (expectations !== undefined || verdictFiles !== undefined) found.add(event);
      story?.event(event);
      const line = format(event);
      if (line !== undefined) sink.write(paint(line));
      fleet?.event(event);
    },
  });
  const { keeper, open } = await VisitKeeper.prepare(state, say);
  open({ who: identity(), owners: [0] });
  fleet?.openFiles();
  // Files are all that it works on from here: nothing in a capture shall reach a network, but what is published.
  revokeAllBut(fleet === undefined || fleet.ports.length === 0 ? ["read"] : ["read", "net"]);
  fleet?.start();

  const forget = whenStopped(() => stopper.abort());
  say.detail(`profile ${values.profile}: ${JSON.stringify(detector)}`);
  const making = PROFILES[values.profile].make(detector, {
    home: values.home ?? [],
    ignore: values.ignore ?? [],
    weigh: values.weigh,
    seed: REPLAY_SEED,
    keepVisits: keeper.attach,
    takeOutcome: fleet?.takeOutcome,
  });
  const totals = await runReplay(
    {
      files,
      // What is published goes out between batches, and is waited for there.
      bytes: fleet === undefined ? bytes : undefined,
      speed: values.speed,
      path,
      seed: REPLAY_SEED,
      inside: values.inside ?? 0,
      cutToSnapshot: values.profile !== "scandog",
    },
    making.then((make) => labels.over(make)),
    {
      onEvent: labels.event,
      onTurn: (turn) => {
        progress?.update(turn);
        keeper.turn(performance.now());
      },
      drained: () => bothOf(sink.drained(), fleet?.drained()),
      onNotice: (text) => say.notice(text),
    },
    stopper.signal,
  ).catch((error) => {
    forget();
    throw error;
  });
  const isKept = keeper.close();
  const isTold = await fleet?.close() ?? true;
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
  if (verdictFiles !== undefined) {
    const verdict = judge(expectations, found.all());
    verdictFiles.write({
      files,
      expect: values.expect,
      expectations: expectations ?? [],
      found: found.all(),
      verdict,
      faults: totals.faults,
    });
  }
  const { expect, failOnScan } = values;
  const outcome = { scans, visits, found, expectations, expect, failOnScan };
  const status = conclude(totals, outcome, say);
  for (const line of story?.lines(totals) ?? []) writeError(`${line}\n`);
  if (!isTold) say.error("not all outcomes could be told: see above");
  return isKept && isTold ? status : Exit.CannotRun;
}

/** Waits for what there is to wait for. */
function bothOf(a: Promise<void> | undefined, b: Promise<void> | undefined) {
  return a === undefined || b === undefined ? a ?? b : Promise.all([a, b]).then(() => {});
}

/** Undefined where none is asked for: most runs need not load what writes them. */
async function openVerdictFiles(
  { report = [], writeExpect }: ReplaySettings["values"],
  inputs: readonly string[],
): Promise<VerdictFiles | undefined> {
  if (report.length === 0 && writeExpect === undefined) return undefined;
  const { VerdictFiles } = await import("./replay/verdict_files.ts");
  return VerdictFiles.open(report, writeExpect, inputs);
}

/** Scans are judged without it, so that a wrong one would only mislead. */
function sayHome(home: Prefix[], say: Diagnostics): void {
  if (home.length === 0) return;
  say.notice(`home inferred: ${homeText(home)}, for directions only; --home says otherwise`);
}
