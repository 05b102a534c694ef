// The report in Markdown, as tickets and the summaries of build servers show it. All foreign text is
// in code spans, where nothing is markup, a link or a mention.

import { dateTime } from "../format/zone.ts";
import { grouped } from "../format/figures.ts";
import { printable } from "../format/printable.ts";
import type { ReportInput } from "./input.ts";
import { missingSentences } from "./missing.ts";
import { portsText, rangesOfPorts } from "./ports.ts";
import { headline, itemsFirst, proofText, spanText } from "./words.ts";

const SOURCES_MAX = 20;
const TARGETS_MAX = 20;

export function markdownReport(input: ReportInput): string[] {
  const { story, made, zone, zoneName } = input;
  const when = (us: number) => dateTime(us, zone).slice(0, 19);
  const lines = [`## ${prose(headline(input))}`, ""];
  const { span } = story;
  const names = made.files.slice(0, 5).map(({ name }) => code(name)).join(", ");
  lines.push(
    `${span === undefined ? "" : `${prose(spanText(span, when, zoneName))}; `}` +
      `from ${names}${made.files.length > 5 ? ` and ${made.files.length - 5} more` : ""}; ` +
      `scandog ${prose(made.version)}`,
  );
  const { items, more } = itemsFirst(story, when);
  if (items.length > 0) {
    lines.push("", "### Look at these first", "");
    for (const { kind, text } of items) lines.push(`- **${kind}**: ${prose(text)}`);
    if (more > 0) lines.push(`- and ${grouped(more)} more`);
  }
  if (story.sources.length > 0) {
    lines.push("", "### Sources", "");
    lines.push("| source | scans | ports | hosts | found open | address is | program |");
    lines.push("|---|--:|--:|--:|---|---|---|");
    for (const row of story.sources.slice(0, SOURCES_MAX)) {
      const open = row.open.length === 0 ? "" : `**${portsText(row.open, 8)}**`;
      const tools = row.tools.map((name) => code(name)).join(", ");
      lines.push(
        `| ${code(row.source)} | ${grouped(row.scans.length)} | ${grouped(row.ports)} | ` +
          `${grouped(row.hosts)} | ${open} | ${proofText(row)} | ${tools} |`,
      );
    }
    const rest = story.sources.length - SOURCES_MAX;
    if (rest > 0) lines.push("", `and ${grouped(rest)} more`);
  }
  const targets = story.targets.filter(({ open }) => open.length > 0);
  if (targets.length > 0) {
    lines.push("", "### Found open", "", "| target | open | by |", "|---|---|---|");
    for (const { host, open } of targets.slice(0, TARGETS_MAX)) {
      const finders = [...new Set(open.flatMap(({ sources }) => sources))];
      const by = finders.slice(0, 3).map(code).join(", ") +
        (finders.length > 3 ? ` and ${finders.length - 3} more` : "");
      lines.push(
        `| ${code(host)} | ${portsText(rangesOfPorts(open.map(({ port }) => port)), 16)} | ${by} |`,
      );
    }
  }
  lines.push("", "### What may be missing", "");
  for (const sentence of missingSentences(input)) lines.push(`- ${prose(sentence)}`);
  return lines;
}

/** A code span; a bar would end a cell of a table, a backtick the span. */
function code(text: string): string {
  return `\`${printable(text).replaceAll("`", "'").replaceAll("|", "/")}\``;
}

/** A sentence with foreign words in it: what would be markup is not. */
function prose(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]<>#|~@!&]/g, (unit) => ENTITY[unit] ?? `\\${unit}`);
}

/** A mention or HTML would come to life even behind a backslash in some places. */
const ENTITY: Record<string, string> = {
  "@": "&#64;",
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  "#": "&#35;",
  "`": "&#96;",
};
