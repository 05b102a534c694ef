// A verdict as Markdown, for the summary of a GitHub job and its kin: a sentence, then a table of the
// scans, the floods, and of what is missing.

import { durationText, plural } from "../format/figures.ts";
import { printable } from "../format/printable.ts";
import { dateTime, UTC } from "../format/zone.ts";
import type { FloodEvent, ScanEvent } from "../event.ts";
import { expectationText, type Finding } from "./expectation.ts";
import type { Told } from "./told.ts";

/** Rows of a table: a page for people; all scans are in the other reports. */
const ROWS_MAX = 100;

/** The whole text, ready to be appended to other steps' texts. */
export function markdown(told: Told): string {
  const { files, found, verdict, faults, expect } = told;
  const unexpected = new Set(verdict.unexpected);
  const asExpected = (event: Finding) =>
    event.action === "flood" && expect === undefined ? "flood" : "expected";
  const rows = [
    ...verdict.unexpected.map((event) => findingRow("not expected", event)),
    ...verdict.missing.map(({ line, values }) =>
      row(["not found", `line ${line}: ${expectationText(values)}`, "", "", "", ""])
    ),
    ...found.filter((event) => !unexpected.has(event))
      .map((event) => findingRow(asExpected(event), event)),
  ];
  const captures = files.map((file) => code(file)).join(", ");
  return [
    "",
    `### scandog: ${conclusion(told)}`,
    "",
    `Captures: ${captures}${expect === undefined ? "" : `; expected: ${code(expect)}`}`,
    "",
    ...faults.map((fault) => `- ${escaped(fault)}`),
    ...(faults.length > 0 ? [""] : []),
    ...(rows.length === 0 ? [] : [
      "| | Source | Targets | How | Ports | When (UTC) |",
      "|---|---|---|---|---|---|",
      ...rows.slice(0, ROWS_MAX),
      "",
    ]),
    ...(rows.length > ROWS_MAX ? [`${plural(rows.length - ROWS_MAX, "more row")}.`, ""] : []),
  ].join("\n");
}

function conclusion({ found, verdict, faults, expect }: Told): string {
  if (faults.length > 0) return "no verdict, the captures could not be read to their end";
  const { missing, unexpected } = verdict;
  const floods = found.filter(({ action }) => action === "flood").length;
  if (missing.length === 0 && unexpected.length === 0) {
    const scans = found.length - floods;
    const parts = scans === 0 ? ["no scan"] : [plural(scans, "scan")];
    if (floods > 0) parts.push(plural(floods, "flood"));
    return parts.join(", ") +
      (found.length === 0 || expect === undefined ? "" : ", all as expected");
  }
  const parts = unexpected.length === 0 ? [] : [
    expect === undefined ? plural(unexpected.length, "scan") : `${unexpected.length} not expected`,
  ];
  if (missing.length > 0) parts.push(`${missing.length} missing`);
  return parts.join(", ");
}

function findingRow(verdict: string, event: Finding): string {
  return event.action === "flood" ? floodRow(verdict, event) : scanRow(verdict, event);
}

function floodRow(verdict: string, event: FloodEvent): string {
  const { destination, network, ports, techniques, sources, startUs, endUs } = event;
  return row([
    verdict,
    plural(sources, "source"),
    network ?? destination,
    `flood ${techniques.join("+")}`,
    ports.count === 0 ? "" : `${ports.count}: ${ports.list}`,
    `${dateTime(startUs, UTC)}, ${durationText(endUs - startUs)}`,
  ]);
}

function scanRow(verdict: string, event: ScanEvent): string {
  const { source, destination, hosts, ports, techniques, startUs, endUs } = event;
  const open = ports.open ? `, open ${ports.open}` : "";
  return row([
    verdict,
    source,
    hosts.count > 1 ? `${destination} and ${hosts.count - 1} more` : destination,
    [event.slow && "slow", event.shape, techniques.join("+")].filter(Boolean).join(" "),
    ports.count === 0 ? "" : `${ports.count}: ${ports.list}${open}`,
    `${dateTime(startUs, UTC)}, ${durationText(endUs - startUs)}`,
  ]);
}

/** Longest text of a cell. */
const CELL_CHARACTERS_MAX = 200;

function row(cells: string[]): string {
  const short = cells.map((cell) =>
    cell.length <= CELL_CHARACTERS_MAX ? cell : `${cell.slice(0, CELL_CHARACTERS_MAX - 3)}...`
  );
  return `| ${short.map(escaped).join(" | ")} |`;
}

/** What Markdown and HTML would take for their own. */
function escaped(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>()#+!|~&]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function code(text: string): string {
  return `<code>${escaped(text)}</code>`;
}
