// The story in five lines, for the end of a replay on a terminal: the eye is led to who, what, open.

import type { ReportInput } from "./input.ts";
import { grouped, plural } from "../format/figures.ts";
import { type Ink, PLAIN } from "../format/ink.ts";
import { fixed } from "./plain.ts";
import { printable } from "../format/printable.ts";
import { portsText, rangesOfPorts } from "./ports.ts";
import { union } from "./sources.ts";
import type { Story } from "./story.ts";
import { headline, itemsFirst, proofText } from "./words.ts";

const NAMED = 3;
const PORTS_NAMED = 8;
const LABEL_WIDTH = 6;

/** Five lines at most, none wider than `width`; one where there is nothing to tell. */
export function summary(input: ReportInput, width: number, ink: Ink = PLAIN): string[] {
  const { story } = input;
  const sentence = cut(printable(headline(input)), width);
  if (story.scans.length === 0) return [ink.strong(sentence)];
  const room = width - LABEL_WIDTH;
  const line = (label: string, text: string, paint: (text: string) => string) =>
    ink.soft(fixed(label, LABEL_WIDTH)) + paint(cut(printable(text), room));
  const plain = (text: string) => text;
  const open = openText(story);
  return [
    ink.strong(sentence),
    line("who", whoText(story), plain),
    line("what", whatText(story), plain),
    line("open", open === "" ? "nothing" : open, open === "" ? ink.soft : ink.open),
    noteLine(story, line, ink),
  ];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, Math.max(width - 3, 0))}...`;
}

function whoText({ sources }: Story): string {
  const named = sources.slice(0, NAMED).map((row) => {
    const words = [proofText(row), row.tools[0], row.known && `known as ${row.known}`];
    return `${row.source} (${words.filter(Boolean).join(", ")})`;
  });
  const more = sources.length - named.length;
  return named.join(", ") + (more > 0 ? ` and ${grouped(more)} more` : "");
}

function whatText({ scans, hosts, isHostsExact }: Story): string {
  const ports = union(scans.flatMap(({ ports }) => ports.ranges));
  const techniques = [...new Set(scans.flatMap(({ techniques }) => techniques))];
  const parts = [
    ports.length > 0 && `ports ${portsText(ports, 4)}`,
    `${isHostsExact ? "" : "at least "}${plural(hosts, "host")}`,
    techniques.join(", "),
  ];
  return parts.filter(Boolean).join("; ");
}

function openText({ targets, sources }: Story): string {
  const open = targets.filter(({ open }) => open.length > 0);
  if (open.length === 0) return portsText(union(sources.flatMap(({ open }) => open)), PORTS_NAMED);
  const named = open.slice(0, NAMED).map(({ host, open }) =>
    `${host}: ${portsText(rangesOfPorts(open.map(({ port }) => port)), PORTS_NAMED)}`
  );
  return named.join("; ") +
    (open.length > NAMED ? ` and ${plural(open.length - NAMED, "more host")}` : "");
}

/** The worst of the rest: who came back, who is ours, what was lost. */
function noteLine(
  story: Story,
  line: (label: string, text: string, paint: (text: string) => string) => string,
  ink: Ink,
): string {
  const { items } = itemsFirst(story, () => "");
  const item = items.find(({ kind }) => kind !== "open");
  if (item === undefined) return line("note", "no loss is in the input", ink.soft);
  const { visits } = story;
  if (item.kind !== "visit") return line("note", item.text, ink.warn);
  const { source, port, destination, match } = visits[0];
  const who = match === "address" ? "came back and" : "is a neighbour of a scanner and";
  const more = visits.length > 1 ? `, and ${grouped(visits.length - 1)} more visits` : "";
  return line("note", `${source} ${who} used port ${port} of ${destination}${more}`, ink.visit);
}
