// `scandog explain`: why the detector did, or did not, alert on what is in capture files. Knows options, streams and
// exit statuses; the account is written by the detector itself, in the same run that a replay makes.

import { formatAddress } from "../address.ts";
import type { Explanation } from "../account.ts";
import type { DetectorEvent } from "../event.ts";
import { Explainer } from "../detect/scandog/account/explainer.ts";
import { type ScandogOptions, scandogOptions } from "../detect/scandog/options.ts";
import { explanationJson } from "../format/explain_json.ts";
import { explanationLines } from "../format/explain_text.ts";
import { plural } from "../format/figures.ts";
import { type ReplayTotals, runReplay } from "../pipeline.ts";
import { StdoutSink } from "../sink/stdout.ts";
import { revokeAllBut } from "../system/permissions.ts";
import { CAPTURE_FILES, inputFiles, REPLAY_SEED, totalBytes } from "./capture_files.ts";
import { defineCommand } from "../options/command.ts";
import { type Diagnostics, diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { Exit } from "../failure.ts";
import { NETWORKS, number } from "../options/kinds.ts";
import { prefixText } from "../address.ts";
import { openProgress } from "./progress_line.ts";
import type { Row, Rows } from "../options/row.ts";
import type { Fault, Origin, Settings } from "../options/settings.ts";
import { PLAIN_FORMAT, SHARED_OPTIONS } from "../options/shared.ts";
import { whenStopped } from "./stop_signals.ts";
import { hasSummary, summaryLines } from "./summary.ts";
import { linesLost, outputFailure } from "./terminal.ts";
import {
  profilesOf,
  TUNABLE_OPTIONS,
  tunableFaults,
  type TunableValues,
  tunableValues,
} from "../options/tunables.ts";
import { weighFaults } from "../options/weigh.ts";
import { zoneOf } from "./zones.ts";

/** The detector that is explained. */
const PROFILE = "scandog";
/** A prefix of this many bits is a single address. */
const ADDRESS_BITS = 128;
const LISTED_DEFAULT = 200;
const LISTED_MAX = 100_000;

/** The numbers of the scandog detector and of the capture path; the other detectors have no part. */
const NUMBERS: Record<string, Row<number>> = Object.fromEntries(
  Object.entries(TUNABLE_OPTIONS).filter(([key]) => profilesOf(key)?.includes(PROFILE) ?? true),
);

const { sensitivity, home, ignore, weigh, inside, tz, quiet, verbose, config, printConfig } =
  SHARED_OPTIONS;

const OPTIONS = {
  source: {
    kind: NETWORKS,
    help: "Only these sources, addresses or networks, and each of their attempts.",
    group: "Explanation",
    defaultText: "all, without single attempts",
    commandLineOnly: "it belongs to one run",
  },
  attempts: {
    kind: number("N", { min: 0, max: LISTED_MAX }),
    help: "Attempts of each source that --source lists one by one; those that counted come first.",
    group: "Explanation",
    default: LISTED_DEFAULT,
    commandLineOnly: "it belongs to one run",
  },
  format: {
    kind: PLAIN_FORMAT,
    help: "A paragraph of each source for people, or lines of JSON.",
    group: "Explanation",
    default: "text",
  },
  sensitivity,
  home,
  ignore,
  weigh,
  inside,
  tz,
  quiet,
  verbose,
  config,
  printConfig,
  // Typed as nothing: their values are read by key, through `tunableValues`.
  ...(NUMBERS as Record<never, Row<number>>),
} satisfies Rows;

type ExplainSettings = Settings<typeof OPTIONS>;

export const EXPLAIN = defineCommand({
  name: "explain",
  summary: "Tells why capture files raised an alert, or none: what counted, and what did not.",
  notes:
    "Runs the detector of replay (the scandog profile), with the same options. For each source it tells the " +
    "attempts, what they counted, what did not count and why, and how near the source came to each " +
    "threshold. Sources nearest to a threshold come first. Exit status: as for replay.",
  examples: [
    ["scandog explain capture.pcap", "every source, nearest to a threshold first"],
    ["scandog explain --source 192.0.2.7 capture.pcap", "one source, attempt by attempt"],
  ],
  options: OPTIONS,
  operand: CAPTURE_FILES,
  check,
  derived: (settings) => {
    const { detector, path } = numbersOf(settings);
    return { ...detector, ...path };
  },
  run,
});

function check(settings: ExplainSettings): Fault[] {
  const found: Fault[] = [];
  found.push(...diagnosticsFaults(settings.values));
  const numbers = numbersOf(settings);
  found.push(...tunableFaults(PROFILE, numbers));
  const { values: { weigh }, origins } = settings;
  found.push(...weighFaults(PROFILE, weigh, origins.weigh, numbers.detector));
  return found;
}

/** In a file for another profile, the numbers are that one's: they have no part here. */
function numbersOf({ values, origins, others }: ExplainSettings): TunableValues {
  const isOurs = (others.profile ?? PROFILE) === PROFILE;
  const taken = Object.entries(values).filter(([key]) =>
    isOurs || profilesOf(key) === undefined ||
    (origins as Record<string, Origin>)[key].from !== "file"
  );
  return tunableValues(PROFILE, { ...Object.fromEntries(taken), sensitivity: values.sensitivity });
}

async function run(settings: ExplainSettings, operands: string[]): Promise<number> {
  const { values } = settings;
  const files = inputFiles(operands);
  const { detector, path } = numbersOf(settings);
  const stopper = new AbortController();
  const bytes = totalBytes(files);
  const progress = openProgress(values.quiet, bytes);
  const clear = () => progress?.clear();
  const say = await openDiagnostics(values, "explain", clear);
  const zone = zoneOf(values.tz);
  revokeAllBut(["read"]);

  const options = scandogOptions({
    ...detector,
    home: values.home ?? [],
    ignore: values.ignore ?? [],
    weigh: values.weigh ?? [],
    seed: REPLAY_SEED,
  } as Partial<ScandogOptions>);
  const only = values.source ?? [];
  const asked = { only, listMax: only.length > 0 ? values.attempts : 0 };
  let scans = 0;
  const onEvent = (event: DetectorEvent) => {
    if (event.action === "scan-start") scans++;
  };
  let explainer: Explainer | undefined;
  const forget = whenStopped(() => stopper.abort());
  say.detail(`profile ${PROFILE}: ${JSON.stringify(detector)}`);
  const totals = await runReplay(
    { files, bytes, speed: 0, path, seed: REPLAY_SEED, inside: values.inside ?? 0 },
    (records, emit) => explainer = new Explainer(records, options, asked, emit),
    {
      onEvent,
      onTurn: (turn) => progress?.update(turn),
      onNotice: (text) => say.notice(text),
    },
    stopper.signal,
  ).catch((error) => {
    forget();
    throw error;
  });
  clear();

  const sink = new StdoutSink();
  const explanation = explainer!.explanation();
  const words = only.map((prefix) =>
    prefix.bits === ADDRESS_BITS ? formatAddress(prefix.address) : prefixText(prefix)
  );
  const lines = values.format === "json"
    ? explanationJson(explanation, words)
    : explanationLines(explanation, words, zone);
  // Of files that could not be opened there is nothing to explain.
  if (hasSummary(totals)) { for (const line of lines) sink.write(line); }
  const lost = await sink.finish(stopper.signal);
  forget();
  if (lost > 0) say.error(linesLost(lost));
  if (sink.failure !== undefined) throw outputFailure(sink.failure);

  if (hasSummary(totals)) sayTotals(totals, scans, explanation, say);
  for (const fault of totals.faults) say.error(fault);
  return totals.faults.length > 0 ? Exit.CannotRun : Exit.Done;
}

function sayTotals(
  totals: ReplayTotals,
  scans: number,
  explanation: Explanation,
  say: Diagnostics,
): void {
  for (const line of summaryLines(totals, scans)) say.notice(line);
  const { sources, leftOut } = explanation;
  const named = sources.filter(({ scanned }) => scanned).length;
  const rest = leftOut > 0 ? `, about ${leftOut} left out` : "";
  say.notice(`${plural(sources.length, "source")}, of which ${named} scanned${rest}`);
}
