// `scandog explain`: why the detector did, or did not, alert on what is in capture files. Knows
// options, streams and exit statuses; the account is the detector's own, of the same run that a
// replay makes.

import { formatAddress } from "../address.ts";
import type { DetectorEvent } from "../event.ts";
import { Explainer } from "../detect/scandog/explain/explainer.ts";
import { type ScandogOptions, scandogOptions } from "../detect/scandog/options.ts";
import { explanationJson } from "../format/explain_json.ts";
import { explanationLines } from "../format/explain_text.ts";
import { plural } from "../format/figures.ts";
import { runReplay } from "../pipeline.ts";
import { StdoutSink } from "../sink/stdout.ts";
import { revokeAllBut } from "../system/permissions.ts";
import { askToRead, CAPTURE_FILES, REPLAY_SEED, totalBytes } from "./capture_files.ts";
import { defineCommand } from "../options/command.ts";
import { diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { Exit } from "../failure.ts";
import { choice, NETWORKS, number } from "../options/kinds.ts";
import { prefixText } from "../address.ts";
import { ProgressLine } from "./progress_line.ts";
import type { Row, Rows } from "../options/row.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { FORMATS, SHARED_OPTIONS } from "../options/shared.ts";
import { whenStopped } from "./stop_signals.ts";
import { summaryLines } from "./summary.ts";
import { outputFailure, writeError } from "./terminal.ts";
import { profilesOf, TUNABLE_OPTIONS, tunableFaults, tunableValues } from "../options/tunables.ts";
import { zoneOf } from "./zones.ts";

/** The detector that is explained. */
const PROFILE = "scandog";
/** A prefix of so many bits is a single address. */
const ADDRESS_BITS = 128;
const LISTED_DEFAULT = 200;
const LISTED_MAX = 100_000;

/** The numbers of the scandog detector and of the capture path; the other detectors have no part. */
const NUMBERS: Record<string, Row<number>> = Object.fromEntries(
  Object.entries(TUNABLE_OPTIONS).filter(([key]) => profilesOf(key)?.includes(PROFILE) ?? true),
);

const OWN_FORMATS = choice("FORMAT", ["text", "json"]);
/** In a file that serves other commands there may be a format of alerts that is none of ours. */
const FORMAT: typeof OWN_FORMATS = {
  ...OWN_FORMATS,
  fromToml: (value) =>
    FORMATS.some((name) => name === value) && !OWN_FORMATS.choices?.includes(value as "text")
      ? "text"
      : OWN_FORMATS.fromToml(value),
};

const { sensitivity, home, ignore, tz, quiet, verbose, config, printConfig } = SHARED_OPTIONS;

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
    kind: FORMAT,
    help: "A paragraph of each source for people, or lines of JSON.",
    group: "Explanation",
    default: "text",
  },
  sensitivity,
  home,
  ignore,
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
  summary: "Says why capture files raised an alert, or none: what counted, and what did not.",
  notes:
    "Runs the detector of replay (the scandog profile), with the same options, and tells of each " +
    "source its attempts, what they counted, what did not count and by which rule, and how near it " +
    "came to each threshold; sources nearest to a threshold come first. Exit status: as replay.",
  options: OPTIONS,
  operand: CAPTURE_FILES,
  check,
  derived: ({ values }) => {
    const { detector, path } = tunableValues(PROFILE, values);
    return { ...detector, ...path };
  },
  run,
});

function check({ values }: ExplainSettings): Fault[] {
  const found: Fault[] = [];
  found.push(...diagnosticsFaults(values));
  found.push(...tunableFaults(PROFILE, tunableValues(PROFILE, values)));
  return found;
}

async function run({ values }: ExplainSettings, files: string[]): Promise<number> {
  askToRead(files);
  const { detector, path } = tunableValues(PROFILE, values);
  const stopper = new AbortController();
  const progress = values.quiet || !Deno.stderr.isTerminal() ? undefined : new ProgressLine(
    writeError,
    totalBytes(files),
    () => Deno.consoleSize().columns,
  );
  const clear = () => progress?.clear();
  const say = await openDiagnostics(values, "explain", clear);
  const zone = zoneOf(values.tz);
  revokeAllBut(["read"]);

  const options = scandogOptions({
    ...detector,
    home: values.home ?? [],
    ignore: values.ignore ?? [],
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
    { files, speed: 0, path, seed: REPLAY_SEED },
    (records, emit) => explainer = new Explainer(records, options, asked, emit),
    { onEvent, onTurn: (turn) => progress?.update(turn) },
    stopper.signal,
  ).finally(forget);
  clear();

  const sink = new StdoutSink();
  const explanation = explainer!.explanation();
  const words = only.map((prefix) =>
    prefix.bits === ADDRESS_BITS ? formatAddress(prefix.address) : prefixText(prefix)
  );
  const lines = values.format === "json"
    ? explanationJson(explanation, words)
    : explanationLines(explanation, words, zone);
  for (const line of lines) sink.write(line);
  sink.flush();
  if (sink.failure !== undefined) throw outputFailure(sink.failure);

  for (const line of summaryLines(totals, scans)) say.notice(line);
  const { sources, leftOut } = explanation;
  const named = sources.filter(({ scanned }) => scanned).length;
  const rest = leftOut > 0 ? `, about ${leftOut} left out` : "";
  say.notice(`${plural(sources.length, "source")}, of which ${named} scanned${rest}`);
  for (const fault of totals.faults) say.error(fault);
  return totals.faults.length > 0 ? Exit.CannotRun : Exit.Done;
}
