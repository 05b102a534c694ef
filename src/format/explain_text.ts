// An explanation for people: of each source what it tried, what of that counted and why the rest did
// not, and how near it came to each threshold. Knows accounts; nothing of where the lines go.

import type {
  AttemptAccount,
  Explanation,
  ScanAccount,
  SourceAccount,
  Threshold,
} from "../account.ts";
import { OUTCOMES } from "../account.ts";
import { decisionNamed, DECISIONS } from "../decision.ts";
import {
  aimText,
  decisionText,
  heldText,
  hostClassText,
  OUTCOME_WORDS,
  portClassText,
  SHAPE_UNITS,
  SHAPE_WORDS,
  TELLING_WORDS,
  witnessText,
} from "./explain_words.ts";
import { grouped, plural } from "./figures.ts";
import { floodText } from "./flood_text.ts";
import { dateTime, type Zone } from "./zone.ts";

/** Characters of a flood's ports and hosts. */
const LIST_MAX = 80;
/** Thresholds told of one source; the rest is further away. */
const THRESHOLDS_MAX = 4;
/** What no packet shows: whose program it is. */
const YOURS =
  "monitors and peers whose targets are gone look like scanners: if one is yours, --ignore ADDRESS leaves it out, " +
  "and --weigh CIDR:PORTS=0 its targets";

/** The lines of a whole explanation. `asked`: the words of `--source`, one each; empty: all sources. */
export function* explanationLines(
  explanation: Explanation,
  asked: readonly string[],
  zone: Zone,
): Generator<string> {
  const { sources, leftOut, gated, absent, floods } = explanation;
  const [shown, rest] = asked.length > 0 ? [sources, []] : partition(sources, isOfConcern);
  for (const [index, source] of shown.entries()) {
    if (index > 0) yield "";
    yield* sourceLines(source, zone);
  }
  const notes = [
    ...absent.map(({ index, received }) => absentText(asked[index], received)),
    ...restLines(rest),
  ];
  if (leftOut > 0) {
    notes.push(`about ${plural(leftOut, "source")} left out: those with less evidence`);
  }
  // Who asks for sources asks for no target.
  if (asked.length === 0) {
    notes.push(
      ...floods.map((flood) =>
        `${dateTime(flood.startUs, zone)} ${floodText(flood, LIST_MAX).join("; ")}`
      ),
    );
  }
  if (gated > 0) notes.push(gatedText(gated));
  if (sources.some(({ scanned }) => scanned)) notes.push(YOURS);
  if (sources.length === 0 && asked.length === 0) notes.push("no source attempted anything");
  if (notes.length > 0 && shown.length > 0) yield "";
  yield* notes;
}

function partition<T>(all: readonly T[], isFirst: (each: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((each) => !isFirst(each))];
}

/** The others never failed, or once, and need no paragraph each. */
function isOfConcern({ decisions, scanCount, thresholds }: SourceAccount): boolean {
  return scanCount > 0 || thresholds.some(({ network }) => !network) ||
    Object.keys(decisions).some((name) => !isPeaceful(name) && name !== "probation");
}

function isPeaceful(decision: string): boolean {
  const head = decisionNamed(decision)?.head;
  return head === "undecided" || head === "used" || head === "harmless";
}

function restLines(rest: readonly SourceAccount[]): string[] {
  const [once, never] = partition(rest, ({ decisions }) => decisions.probation !== undefined);
  const lines = [];
  if (once.length > 0) {
    lines.push(`${plural(once.length, "more source")} failed once, which does not count by itself`);
  }
  if (never.length > 0) {
    const attempts = plural(never.reduce((sum, source) => sum + source.attempts, 0), "attempt");
    lines.push(`${plural(never.length, "more source")} made ${attempts}, none of which failed`);
  }
  return lines;
}

function absentText(asked: string, received: number): string {
  const there = received === 0 ? "none went there" : `${plural(received, "packet")} went there`;
  return `${asked}: no packet from there is in the capture; ${there}`;
}

function gatedText(gated: number): string {
  return `${plural(gated, "packet")} not followed in a flood (--flood-rate)`;
}

function* sourceLines(source: SourceAccount, zone: Zone): Generator<string> {
  yield `${source.source} ${verdictText(source)}`;
  for (const line of [...bodyLines(source, zone)]) yield `  ${line}`;
}

/** The answer in a few words. */
function verdictText(source: SourceAccount): string {
  const { scanned, scans, scanCount, attempts, dismissed } = source;
  if (scanned) return "scanned";
  if (scans.some(({ telling }) => telling === "told")) return "took part in a scan";
  if (scanCount > 0) return "scanned, and was not told";
  if (attempts === 0) return "attempted nothing";
  if (dismissed > 0) return "took part in a scan of many sources";
  return "did not scan";
}

function* bodyLines(source: SourceAccount, zone: Zone): Generator<string> {
  const { packets, attempts, startUs, endUs, listed } = source;
  if (packets !== undefined) yield packetsText(packets, attempts);
  if (attempts > 0) {
    yield `${plural(attempts, "attempt")}, ${timesText(startUs, endUs, zone)}: ${
      outcomesText(source)
    }`;
  }
  yield* table(listed.map((attempt) => attemptCells(attempt, zone)));
  if (packets !== undefined && attempts > listed.length) {
    yield `${grouped(attempts - listed.length)} more not listed (--attempts)`;
  }
  yield* decisionLines(source);
  for (const scan of source.scans) yield scanText(scan, source, zone);
  if (source.scanCount > source.scans.length) {
    yield `${grouped(source.scanCount - source.scans.length)} earlier scans not listed`;
  }
  // How near it came is told already where a scan was found.
  const near = source.scanCount > 0 ? [] : source.thresholds.slice(0, THRESHOLDS_MAX);
  yield* near.map(nearText);
  yield* remarks(source);
}

/** The day is said again only when it is another one. */
function timesText(startUs: number, endUs: number, zone: Zone): string {
  const start = dateTime(startUs, zone), end = dateTime(endUs, zone);
  if (start === end) return start;
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end}`;
}

function packetsText({ sent, unfit }: { sent: number; unfit: number }, attempts: number): string {
  const parts = [plural(sent, "packet")];
  if (unfit > 0) parts.push(`${grouped(unfit)} to groups, or not whole enough to be a probe`);
  if (attempts === 0 && sent > unfit) {
    parts.push("answers and parts of what others began, no attempt among them");
  }
  return parts.join("; ");
}

function outcomesText({ outcomes }: SourceAccount): string {
  return OUTCOMES.filter((outcome) => outcomes[outcome] !== undefined)
    .map((outcome) => `${grouped(outcomes[outcome]!)} ${OUTCOME_WORDS[outcome]}`).join(", ");
}

/** How many attempts were decided upon in each way; what counts comes first. */
function* decisionLines({ decisions, weight, points }: SourceAccount): Generator<string> {
  for (const { name } of [...DECISIONS].reverse()) {
    const count = decisions[name];
    if (count === undefined) continue;
    const weighed = name === "counted" ? `: ${weighedText(weight, points)}` : "";
    yield `${grouped(count)} ${decisionText(name)}${weighed}${witnessed(name)}`;
  }
}

/** ` (by the target's packets)`; empty for what is no excuse. */
function witnessed(decision: string): string {
  const text = witnessText(decision);
  return text === undefined ? "" : ` (${text})`;
}

function weighedText(weight: number, points: number): string {
  return `weight ${grouped(weight)}, ${plural(points, "point")}`;
}

function scanText(scan: ScanAccount, { source }: SourceAccount, zone: Zone): string {
  const { rule, reached, beganUs, slow, telling, named, sources, decoy, attempts } = scan;
  const how = reached === undefined
    ? SHAPE_WORDS[rule]
    : `${SHAPE_WORDS[rule]}, ${reachedText(reached)}`;
  const parts = [
    `scan ${scan.scan} found ${dateTime(beganUs, zone)}${slow ? ", slow" : ""}: ${how}`,
    `${plural(attempts, "attempt")} in it`,
    ...(sources > 1 ? [`${grouped(sources)} sources${decoy ? ", all but one forged" : ""}`] : []),
    telling === "told" && named !== source
      ? `told as ${named}'s`
      : telling === undefined
      ? "not told"
      : TELLING_WORDS[telling],
  ];
  return parts.join("; ");
}

/** `weight 12 of 21 on 10.0.0.1`. */
function reachedText({ rule, reached, enough, on }: Threshold): string {
  const { unit } = SHAPE_UNITS[rule];
  const where = on === undefined ? "" : ` on ${on}`;
  return `${unit} ${grouped(reached)} of ${grouped(enough)}${where}`;
}

/** How near a source came to one threshold, and which option says how much is enough. */
export function nearText(near: Threshold): string {
  const whose = near.network ? "its network: " : "";
  const together = near.sources === undefined ? "" : ` by ${plural(near.sources, "source")}`;
  const { option } = SHAPE_UNITS[near.rule];
  const text = `${whose}${SHAPE_WORDS[near.rule]}: ${reachedText(near)}${together} (${option})`;
  const held = heldText(near);
  return held === undefined ? text : `${text}; ${held}`;
}

function* remarks({ restarts, gated, dismissed, partial }: SourceAccount): Generator<string> {
  if (dismissed > 0) {
    yield "told with the scan whose probes came from more sources than can be named";
  }
  if (restarts > 0) {
    yield `forgotten after a pause longer than --remember: ${plural(restarts, "time")}`;
  }
  if (gated > 0) yield gatedText(gated);
  if (partial) yield "what it did earlier may be missing: there were too many sources";
}

/** Time, target, technique, outcome, what it counted. */
function attemptCells(attempt: AttemptAccount, zone: Zone): string[] {
  const { timeUs, destination, techniques, outcome } = attempt;
  return [
    dateTime(timeUs, zone).slice(11),
    destination,
    aimText(attempt),
    techniques.join("+") || "-",
    OUTCOME_WORDS[outcome],
    verdictOf(attempt),
  ];
}

function verdictOf({ decision, weighed, scan }: AttemptAccount): string {
  const counted = weighed === undefined
    ? ""
    : `weight ${weighed.weight} (${portClassText(weighed.portRule)}), ` +
      `${plural(weighed.points, "point")} (${hostClassText(weighed.hostRule)})`;
  switch (decision) {
    case "counted":
      return counted;
    case "scanned":
      return counted === "" ? `part of scan ${scan}` : `${counted}; part of scan ${scan}`;
    default:
      return decisionText(decision);
  }
}

/** Cells under each other. */
function table(rows: string[][]): string[] {
  const widths = rows[0]?.map((_, i) =>
    rows.reduce((most, row) => Math.max(most, row[i].length), 0)
  );
  return rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i])).join("  ").trimEnd());
}
