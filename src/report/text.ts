// The report for a terminal and for mail: the same story in the same order, 78 columns wide.

import { dateTime } from "../format/zone.ts";
import { grouped, plural } from "../format/figures.ts";
import { filesText, type ReportInput } from "./input.ts";
import { missingSentences } from "./missing.ts";
import { type Ink, PLAIN } from "../format/ink.ts";
import { fixed, histogram, levels, marked, wrapped } from "./plain.ts";
import { mostWanted, portCounts } from "./port_counts.ts";
import { portsText, rangesOfPorts } from "./ports.ts";
import type { SourceRow, Story } from "./story.ts";
import { headline, type Item, itemsFirst, proofText, spanText } from "./words.ts";

const WIDTH = 78;
const SOURCES_MAX = 12;
const TARGETS_MAX = 8;
const PORTS_MAX = 6;

export interface TextOptions {
  ink: Ink;
  /** The terminal can draw blocks; mail is better without. */
  hasBlocks: boolean;
}

/** Lines without their ends, printable ASCII but for blocks and colours. */
export function textReport(
  input: ReportInput,
  { ink, hasBlocks }: TextOptions = { ink: PLAIN, hasBlocks: false },
): string[] {
  const { story, zone, zoneName } = input;
  const when = (us: number) => dateTime(us, zone).slice(0, 19);
  const lines = wrapped(headline(input), WIDTH).map(ink.strong);
  lines.push(...under(input, when, zoneName).map(ink.soft));
  const first = itemsFirst(story, when);
  if (first.items.length > 0) {
    lines.push("", ink.strong("Look at these first"));
    for (const item of first.items) lines.push(...itemLines(item, ink));
    if (first.more > 0) lines.push(`  and ${grouped(first.more)} more of these kinds`);
  }
  lines.push(...timeLines(story, when, ink, hasBlocks));
  lines.push(...sourceLines(story, ink), ...targetLines(story, ink), ...wantedLines(story));
  lines.push("", ink.strong("What may be missing"));
  for (const sentence of missingSentences(input)) {
    lines.push(
      ...wrapped(sentence, WIDTH - 4, "    ").map((line, i) => i === 0 ? `  - ${line}` : line),
    );
  }
  return lines;
}

function under(
  input: ReportInput,
  when: (us: number) => string,
  zoneName: string,
): string[] {
  const { span, observers } = input.story;
  const parts = [
    span && spanText(span, when, zoneName),
    `from ${filesText(input)}`,
    observers.length > 0 && `seen by ${observers.slice(0, 3).join(", ")}`,
  ];
  return wrapped(parts.filter(Boolean).join("; "), WIDTH);
}

const KIND_WIDTH = 10;

function itemLines({ kind, text }: Item, ink: Ink): string[] {
  const paint = {
    visit: ink.visit,
    open: ink.open,
    ours: ink.open,
    blind: ink.warn,
    withheld: ink.warn,
  };
  const badge = (paint[kind as keyof typeof paint] ?? ink.soft)(fixed(KINDS[kind], KIND_WIDTH));
  const indent = " ".repeat(KIND_WIDTH + 2);
  const [first, ...rest] = wrapped(text, WIDTH - KIND_WIDTH - 2, indent);
  return [`  ${badge}${first}`, ...rest];
}

const KINDS: Record<Item["kind"], string> = {
  visit: "visit",
  ours: "outbound",
  open: "open",
  misuse: "misuse",
  flood: "flood",
  blind: "blind",
  withheld: "withheld",
};

function timeLines(
  { scans, visits, blind, span }: Story,
  when: (us: number) => string,
  ink: Ink,
  hasBlocks: boolean,
): string[] {
  // One scan is all of its time.
  if (span === undefined || scans.length < 2) return [];
  const all = histogram(scans.map(({ startUs }) => startUs), span);
  const open = histogram(
    scans.filter(({ learned }) => learned === "open").map(({ startUs }) => startUs),
    span,
  );
  const most = Math.max(...all);
  const row = (name: string, marks: string, paint: (text: string) => string, note: string) =>
    `  ${fixed(name, KIND_WIDTH)}|${paint(marks)}|${note === "" ? "" : ` ${note}`}`;
  const lines = [
    "",
    ink.strong("When"),
    row("scans", levels(all, most, hasBlocks), (text) => text, `most ${grouped(most)}`),
  ];
  if (open.some((count) => count > 0)) {
    lines.push(row("open", levels(open, most, hasBlocks), ink.open, ""));
  }
  if (visits.length > 0) {
    const times = visits.map(({ timeUs }) => ({ startUs: timeUs, endUs: timeUs }));
    lines.push(row("visits", marked(times, span, "v"), ink.visit, ""));
  }
  if (blind.length > 0) lines.push(row("blind", marked(blind, span, "/"), ink.warn, ""));
  const from = when(span.startUs).slice(5, 16), to = when(span.endUs).slice(5, 16);
  lines.push(ink.soft(" ".repeat(KIND_WIDTH + 3) + from + to.padStart(48 - from.length)));
  return lines;
}

/** Longer addresses stand on a line of their own. */
const NAME_WIDTH = 16;
const PROGRAM_WIDTH = WIDTH - 2 - NAME_WIDTH - 3 * 7 - 2 - 8 - 1 - 12 - 1;

function sourceLines({ sources }: Story, ink: Ink): string[] {
  if (sources.length === 0) return [];
  const head = row("source", ["scans", "ports", "hosts"], "is", "open", "program", (text) => text);
  const lines = sources.slice(0, SOURCES_MAX).flatMap((source) => sourceRow(source, ink));
  const rest = sources.length - SOURCES_MAX;
  if (rest > 0) lines.push(`  and ${grouped(rest)} more`);
  return ["", ink.strong("Sources, worst first"), ink.soft(head), ...lines];
}

function sourceRow(source: SourceRow, ink: Ink): string[] {
  const isLong = source.source.length > NAME_WIDTH;
  const last = [
    source.visits.length > 0 && "came back",
    source.isOurs && "monitored",
    source.known,
    ...source.tools,
  ].filter(Boolean).join(", ");
  const line = row(
    isLong ? "" : source.source,
    [source.scans.length, source.ports, source.hosts].map(grouped),
    proofShort(source),
    portsText(source.open, 2),
    last,
    source.open.length > 0 ? ink.open : (text) => text,
  );
  return isLong ? [`  ${fixed(source.source, WIDTH - 2).trimEnd()}`, line] : [line];
}

function row(
  name: string,
  counts: readonly string[],
  proof: string,
  open: string,
  last: string,
  paint: (text: string) => string,
): string {
  const numbers = counts.map((count) => ` ${fixed(count, 6, true)}`).join("");
  const line = `  ${fixed(name, NAME_WIDTH)}${numbers}  ${fixed(proof, 8)} ` +
    `${paint(fixed(open, 12))} ${fixed(last, PROGRAM_WIDTH)}`;
  return line.trimEnd();
}

function proofShort(row: SourceRow): string {
  return proofText(row).replace("perhaps forged", "forged?").replace("not known", "");
}

function targetLines({ targets }: Story, ink: Ink): string[] {
  const open = targets.filter(({ open }) => open.length > 0);
  if (open.length === 0) return [];
  const lines = open.slice(0, TARGETS_MAX).flatMap(({ host, open }) => {
    const ports = portsText(rangesOfPorts(open.map(({ port }) => port)), 12);
    const finders = new Set(open.flatMap(({ sources }) => sources)).size;
    return wrapped(`${host}: ${ports}; found by ${plural(finders, "source")}`, WIDTH - 4, "    ")
      .map((line, i) => i === 0 ? `  ${line}` : line);
  });
  const rest = open.length - TARGETS_MAX;
  if (rest > 0) lines.push(`  and ${plural(rest, "more host")}`);
  return ["", ink.strong("Found open"), ...lines];
}

function wantedLines({ scans }: Story): string[] {
  if (scans.length < 4) return [];
  const wanted = mostWanted(portCounts(scans), PORTS_MAX);
  if (wanted.length === 0) return [];
  const texts = wanted.map(({ port, transport, sources }) =>
    `${port}/${transport} (${plural(sources, "source")})`
  );
  return ["", ...wrapped(`Most wanted: ${texts.join(", ")}`, WIDTH, "  ")];
}
