// `scandog report`: the story of captures, or of logged events, as a page, a text or Markdown. Knows
// options, streams and exit statuses; the story and its forms are the report's.

import type { Prefix } from "../address.ts";
import { BadUsage, Exit } from "../failure.ts";
import { cannotWrite, openOutput } from "./outputs.ts";
import { refuseInputs } from "./same_file.ts";
import { byteText, plural } from "../format/figures.ts";
import type { Zone } from "../format/zone.ts";
import { homeText } from "../label/home_guess.ts";
import { readKnownScanners } from "../label/known_scanners.ts";
import { type Command, defineCommand, type Operand } from "../options/command.ts";
import { choice, FILE } from "../options/kinds.ts";
import { MOMENT } from "../options/moment.ts";
import { kebab, type Row, type Rows } from "../options/row.ts";
import type { Fault, Settings } from "../options/settings.ts";
import { SHARED_OPTIONS } from "../options/shared.ts";
import {
  foreignTunables,
  TUNABLE_OPTIONS,
  tunableFaults,
  tunableValues,
} from "../options/tunables.ts";
import { weighFaults } from "../options/weigh.ts";
import { Fold } from "../report/fold.ts";
import { gather } from "../report/gather.ts";
import type { Made, ReportInput } from "../report/input.ts";
import { markdownReport } from "../report/markdown.ts";
import { COLOURS, PLAIN } from "../format/ink.ts";
import { page } from "../report/page/page.ts";
import { textReport } from "../report/text.ts";
import type { Tried } from "../report/tried.ts";
import { revokeAllBut } from "../system/permissions.ts";
import { VERSION } from "../version.ts";
import { inputFiles, totalBytes } from "./capture_files.ts";
import { type Diagnostics, diagnosticsFaults, openDiagnostics } from "./diagnostics.ts";
import { openProgress } from "./progress_line.ts";
import { readCaptures } from "./report/from_captures.ts";
import { readLogs } from "./report/from_logs.ts";
import { described, digest64, type InputSort, isStream, sortOf } from "./report/inputs.ts";
import { whenStopped } from "./stop_signals.ts";
import { writeOut } from "./terminal.ts";
import { zoneOf } from "./zones.ts";

const { profile, sensitivity, home, ignore, weigh, inside, knownScanners, tz, observer } =
  SHARED_OPTIONS;
const { quiet, verbose, config, printConfig } = SHARED_OPTIONS;

const FORMATS = ["html", "text", "markdown"] as const;
type FormatName = typeof FORMATS[number];

const REPORT_GROUP = "Report";
const ONE_RUN = "it belongs to one run";

const OPTIONS = {
  output: {
    kind: FILE,
    help:
      "Writes the report to this file, - for standard output; .html, .md or .txt say in which form.",
    group: REPORT_GROUP,
    short: "o",
    defaultText: "standard output",
    commandLineOnly: ONE_RUN,
  },
  format: {
    kind: choice("FORMAT", FORMATS),
    help: "A page for a browser, lines for a terminal and for mail, or Markdown for tickets.",
    group: REPORT_GROUP,
    defaultText: "html into a file, else text",
    commandLineOnly: ONE_RUN,
  },
  input: {
    kind: choice("SORT", ["auto", "captures", "log"]),
    help:
      "What the files are; standard input, or another pipe, is taken for a capture unless it is said to be a log.",
    group: REPORT_GROUP,
    default: "auto",
    commandLineOnly: ONE_RUN,
  },
  since: {
    kind: MOMENT,
    help: "Leaves out what ended before: a date, a time, yesterday, today, or so long ago (24h).",
    group: REPORT_GROUP,
    commandLineOnly: ONE_RUN,
  },
  until: {
    kind: MOMENT,
    help: "Leaves out what began at this time or later.",
    group: REPORT_GROUP,
    commandLineOnly: ONE_RUN,
  },
  profile,
  sensitivity,
  home,
  ignore,
  weigh,
  inside,
  knownScanners,
  tz: {
    ...tz,
    help: "Zone of printed clock times, and of --since and --until.",
    defaultText: "UTC",
  },
  observer,
  quiet,
  verbose,
  config,
  printConfig,
  // Typed as nothing: their values are read by key, through `tunableValues`.
  ...(TUNABLE_OPTIONS as Record<never, Row<number>>),
} satisfies Rows;

type ReportSettings = Settings<typeof OPTIONS>;
type Values = ReportSettings["values"];

const FILES: Operand = {
  metavar: "FILE",
  help:
    "Captures, read in this order as one, or logs of --format json, also gzipped; - is standard input.",
  min: 1,
  max: Infinity,
  isFile: true,
};

export const REPORT: Command<typeof OPTIONS> = defineCommand({
  name: "report",
  summary: "Tells the story of captures, or of logged events, as a page, a text or Markdown.",
  notes:
    "A page is one file that needs no network and no script. The same input gives the same report, byte for " +
    "byte. Exit status: 0 done; 1 a file could not be read to its end (the report is made from what came " +
    "before); 2 bad usage.",
  examples: [
    ["scandog report capture.pcap -o scans.html", "the story of a capture, as a page"],
    ["scandog report --format text --since 24h /var/log/scandog/scandog.json", "a day of the log"],
  ],
  options: OPTIONS,
  operand: FILES,
  check,
  derived: ({ values }) => {
    const { detector, path } = tunableValues(values.profile, values);
    return { ...detector, ...path };
  },
  run,
});

function check({ values, origins }: ReportSettings): Fault[] {
  const numbers = tunableValues(values.profile, values);
  return [
    ...diagnosticsFaults(values),
    ...foreignTunables(values.profile, origins),
    ...tunableFaults(values.profile, numbers),
    ...weighFaults(values.profile, values.weigh, origins.weigh, numbers.detector),
  ];
}

async function run(given: ReportSettings, operands: string[]): Promise<number> {
  const settings = given.values.output === "-" ? toStandardOutput(given) : given;
  const { values } = settings;
  const files = inputFiles(operands);
  const sort = values.input === "auto" ? sortOf(files) : values.input;
  if (values.output !== undefined) {
    refuseInputs([{ option: "--output", path: values.output }], files);
    openOutput({ option: "--output", path: values.output, isAppended: false }).close();
  }
  const say = await openDiagnostics(values, "report", () => {});
  const zone: Zone = zoneOf(values.tz ?? "UTC");
  const nowUs = Date.now() * 1000;
  const sinceUs = values.since?.at(nowUs, zone), untilUs = values.until?.at(nowUs, zone);
  if (sinceUs !== undefined && untilUs !== undefined && sinceUs >= untilUs) {
    throw new BadUsage(["--since must be before --until"]);
  }
  const fold = new Fold({ sinceUs, untilUs });
  const known = values.knownScanners === undefined
    ? undefined
    : readKnownScanners(values.knownScanners);
  revokeAllBut(values.output === undefined ? ["read"] : ["read", "write"]);

  const read = sort === "log"
    ? await fromLogs(files, fold)
    : await fromCaptures(values, files, fold, { known, say });
  const made: Made = {
    version: VERSION,
    options: optionsOf(settings, sort),
    files: files.map(described),
    from: sort,
    ...read.made,
  };
  const story = gather(fold, read.tried);
  const zoneName = values.tz ?? "UTC";
  const bytes = write({ story, tried: read.tried, made, zone, zoneName }, values);
  if (values.output !== undefined) {
    say.notice(`${values.output}: ${plural(story.scans.length, "scan")}, ${byteText(bytes)}`);
  }
  for (const fault of made.faults) say.error(fault);
  const isTaken = values.input === "auto" && sort === "captures" && files.some(isStream);
  if (isTaken && made.faults.length > 0 && made.amount === 0) {
    say.error(
      "what comes through a pipe is taken for a capture: --input log makes it a log of events",
    );
  }
  return made.faults.length > 0 ? Exit.CannotRun : Exit.Done;
}

/** As into a file, in form. */
function toStandardOutput(given: ReportSettings): ReportSettings {
  const format = formatOf(given.values);
  return { ...given, values: { ...given.values, output: undefined, format } };
}

interface Read {
  made: Pick<Made, "amount" | "foreign" | "faults">;
  tried?: Tried;
}

async function fromLogs(files: string[], fold: Fold): Promise<Read> {
  const stopper = new AbortController();
  const forget = whenStopped(() => stopper.abort());
  const { lines, foreign, faults } = await readLogs(files, fold, stopper.signal).finally(forget);
  return { made: { amount: lines, foreign, faults } };
}

async function fromCaptures(
  values: Values,
  files: string[],
  fold: Fold,
  { known, say }: {
    known: ReturnType<typeof readKnownScanners> | undefined;
    say: Diagnostics;
  },
): Promise<Read> {
  const bytes = totalBytes(files);
  const progress = openProgress(values.quiet, bytes);
  const stopper = new AbortController();
  const forget = whenStopped(() => stopper.abort());
  const { totals, tried } = await readCaptures(
    {
      files,
      bytes,
      profile: values.profile,
      numbers: tunableValues(values.profile, values),
      home: values.home,
      ignore: values.ignore ?? [],
      weigh: values.weigh ?? [],
      inside: values.inside ?? 0,
      known,
      // A report of the same capture is the same wherever it is made: this machine has no part in it.
      observer: values.observer,
      onHome: (found: Prefix[]) => {
        if (found.length > 0) say.detail(`home inferred: ${homeText(found)}, for directions only`);
      },
      onTurn: (turn) => progress?.update(turn),
      onNotice: (text) => say.notice(text),
    },
    fold,
    stopper.signal,
  ).finally(forget);
  progress?.clear();
  return { made: { amount: totals.decoded.packets, foreign: 0, faults: totals.faults }, tried };
}

/** Options that have a part in the result and are not their defaults. */
function optionsOf({ values, origins }: ReportSettings, sort: InputSort): Made["options"] {
  const rows: Rows = OPTIONS;
  const none = new Set(["output", "format", "input", "quiet", "verbose", "config", "printConfig"]);
  const ofLogs = new Set(["since", "until", "tz"]);
  return Object.entries(values as Record<string, unknown>).flatMap(([key, value]) => {
    const origin = origins[key as keyof typeof origins];
    if (value === undefined || none.has(key) || origin?.from === "default") return [];
    if (sort === "log" && !ofLogs.has(key)) return [];
    // The name of a list, not where it lies.
    const text = key === "knownScanners"
      ? `${value}`.replace(/^.*\//, "")
      : asTyped(rows[key].kind.toml(value));
    return [{ name: kebab(key), value: text }];
  });
}

/** A value of a configuration file as it is written on a command line. */
function asTyped(toml: string): string {
  return toml.replace(/^\[(.*)\]$/, "$1").replaceAll('"', "").replaceAll(", ", ",");
}

function formatOf({ output, format }: Values): FormatName {
  if (format !== undefined) return format;
  if (output === undefined) return "text";
  if (/\.(md|markdown)$/i.test(output)) return "markdown";
  return /\.(txt|text)$/i.test(output) ? "text" : "html";
}

/** Gives the number of bytes. */
function write(input: ReportInput, values: Values): number {
  const text = reportText(input, values);
  if (values.output === undefined) {
    writeOut(text);
    return text.length;
  }
  const bytes = new TextEncoder().encode(text);
  try {
    Deno.writeFileSync(values.output, bytes);
  } catch (error) {
    throw cannotWrite("--output", values.output, error);
  }
  return bytes.length;
}

function reportText(input: ReportInput, values: Values): string {
  const format = formatOf(values);
  if (format === "html") return page(input, digest64);
  if (format === "markdown") return `${markdownReport(input).join("\n")}\n`;
  const isTerminal = values.output === undefined && Deno.stdout.isTerminal();
  const ink = isTerminal && !Deno.noColor ? COLOURS : PLAIN;
  return `${textReport(input, { ink, hasBlocks: isTerminal }).join("\n")}\n`;
}
