// The sentences that every form of a report has: what happened, what to look at first, what may be
// missing. Plain text with foreign names in it: whoever shows it escapes it.

import { durationText, grouped, plural } from "../format/figures.ts";
import { amountText, type ReportInput } from "./input.ts";
import { portCount, portsText } from "./ports.ts";
import type { Scan, SourceRow, Story } from "./story.ts";
import type { ToldVisit } from "./told.ts";

/** Ports named in a sentence. */
const PORTS_MAX = 8;

/** The whole story in one or two sentences. */
export function headline(input: ReportInput): string {
  const { story, made } = input;
  const { scans, misuse, floods } = story;
  // Whoever reads no more than this, as in the subject of a mail, would believe that all is quiet.
  if (made.amount > 0 && made.foreign === made.amount) {
    return `Nothing is known: ${amountText(input)}, and no event of scandog among them.`;
  }
  if (scans.length === 0) {
    const other = besideText(misuse.length, floods.length);
    return `No scan was found in ${amountText(input)}.${other === "" ? "" : ` ${other}`}`;
  }
  return scans.length === 1 ? ofOne(scans[0]) : ofMany(story);
}

function ofOne(scan: Scan): string {
  const tool = scan.tools[0]?.name;
  const [done, back] = [learnedText(scan), cameBack(scan.visits)];
  return `${whoText(scan)} scanned ${extentText(scan)}${
    tool === undefined ? "" : ` with ${tool}`
  } ` +
    `${done}${back === "" ? "" : `, and ${back}`}.`;
}

/** The scanner, and how many took part. */
export function whoText({ source, sources, isOurs }: Scan): string {
  const more = sources === undefined ? 0 : sources.count - 1;
  const ours = isOurs ? " (a monitored address)" : "";
  const others = more === 1 ? " and one other address" : ` and ${grouped(more)} other addresses`;
  return source + (more > 0 ? others : "") + ours;
}

/** `1,000 ports of 10.9.0.1`, `port 22 of 254 hosts`. */
export function extentText(scan: Scan): string {
  const { ports, hosts, destination, techniques, sensors } = scan;
  const isProtocol = techniques.every((name) => name === "ip-protocol") && techniques.length > 0;
  const noun = isProtocol ? "IP protocol" : "port";
  const seen = sensors === undefined ? "" : ` (seen by ${plural(sensors.count, "sensor")})`;
  const where = (hosts.count > 1 ? plural(hosts.count, "host") : destination) + seen;
  if (ports.count === 0) return where;
  const single = ports.count === 1 && ports.ranges.length === 1;
  const what = single ? `${noun} ${ports.ranges[0].first}` : plural(ports.count, noun);
  return `${what} of ${where}`;
}

function learnedText(scan: Scan): string {
  const { learned, openCount, hosts, openAt, ports } = scan;
  switch (learned) {
    case "open": {
      const places = new Set(openAt.map(({ host }) => host)).size;
      if (ports.count <= 1 && hosts.count > 1 && places > 0) {
        return `and found it open on ${plural(places, "host")}`;
      }
      return `and found ${grouped(openCount)} open`;
    }
    case "refused":
      return "and found nothing open";
    case "silent":
      return "and got no answer";
    default:
      return ports.count === 0 ? "for whoever answers" : "(answers were not looked at)";
  }
}

function cameBack(visits: readonly ToldVisit[]): string {
  if (visits.length === 0) return "";
  const isSame = visits.some(({ match }) => match === "address");
  return isSame ? "came back to use what it found" : "a neighbour came to use what it found";
}

function ofMany(story: Story): string {
  const { scans, sources, visits, span, openHosts, misuse, floods, notKept } = story;
  const long = span === undefined ? "" : ` in ${durationText(span.endUs - span.startUs)}`;
  const found = scans.filter(({ learned }) => learned === "open").length;
  const where = openHosts === undefined ? "" : ` on ${plural(openHosts, "host")}`;
  const did = found === 0
    ? "none found an open port"
    : `${grouped(found)} found open ports${where}`;
  const back = backText(visits);
  const beside = besideText(misuse.length, floods.length);
  const least = notKept > 0 ? "At least " : "";
  return `${least}${plural(scans.length, "scan")} from ${
    plural(sources.length, "source")
  }${long}: ` +
    `${did}${back === "" ? "" : `, and ${back}`}.${beside === "" ? "" : ` ${beside}`}`;
}

function besideText(misuses: number, floods: number): string {
  const parts = [];
  if (misuses === 1) parts.push("one case of a misused address");
  if (misuses > 1) parts.push(`${grouped(misuses)} cases of misused addresses`);
  if (floods > 0) parts.push(floods === 1 ? "one flood" : plural(floods, "flood"));
  if (parts.length === 0) return "";
  return `There ${misuses + floods === 1 ? "is" : "are"} ${parts.join(" and ")}.`;
}

/** A neighbour may be somebody else, so he is never said to have come back. */
function backText(visits: readonly ToldVisit[]): string {
  const count = (match: ToldVisit["match"]) =>
    new Set(visits.filter((visit) => visit.match === match).map(({ source }) => source)).size;
  const same = count("address"), near = count("network");
  const scanners = same === 1 ? "one scanner" : plural(same, "scanner");
  const neighbours = near === 1
    ? "one neighbour of a scanner"
    : `${grouped(near)} neighbours of scanners`;
  if (same > 0 && near > 0) return `${scanners} and ${neighbours} came to use one`;
  if (same > 0) return `${scanners} came back to use one`;
  return near > 0 ? `${neighbours} came to use one` : "";
}

/** What proves the source, in a word or two. */
export function proofText(
  { evidence, isZombie }: { evidence?: string; isZombie: boolean },
): string {
  if (isZombie) return "zombie";
  switch (evidence) {
    case "handshake":
      return "real";
    case "reset":
      return "answered";
    case "none":
      return "perhaps forged";
    default:
      return "not known";
  }
}

/** `10.0.0.1:80 was used by ...`. `when`: how times are written. */
export function visitText(visit: ToldVisit, when: (timeUs: number) => string): string {
  const { source, port, destination, match, scan, timeUs } = visit;
  const whose = match === "address" ? "its own scan" : `the scan of its neighbour ${scan.source}`;
  return `${source} used port ${port} of ${destination} at ${when(timeUs)}, ` +
    `which ${whose} had found open.`;
}

export type ItemKind = "visit" | "ours" | "open" | "misuse" | "flood" | "blind" | "withheld";

/** Something to look at first. */
export interface Item {
  kind: ItemKind;
  text: string;
  /** The address that `text` begins with, where it has a row. */
  lead?: string;
  /** The row that has more about it. */
  anchor?: string;
}

const ITEMS_MAX = 12;
/** So that one kind does not crowd out the others. */
const OF_A_KIND_MAX: Record<ItemKind, number> = {
  visit: 4,
  ours: 3,
  open: 4,
  misuse: 3,
  flood: 2,
  blind: 1,
  withheld: 1,
};

/** What to look at first, worst first; at most twelve lines, and how many there are beyond them. */
export function itemsFirst(
  story: Story,
  when: (timeUs: number) => string,
): { items: Item[]; more: number } {
  const { sources, visits, misuse, floods } = story;
  const anchorOf = new Map(sources.map(({ source, anchor }) => [source, anchor]));
  const ours = sources.filter(({ isOurs }) => isOurs);
  const open = sources.filter((row) =>
    row.learned === "open" && !row.isOurs && row.visits.length === 0 && row.known === undefined
  );
  const all: Item[] = [
    ...visits.map((visit): Item => ({
      kind: "visit",
      text: visitText(visit, when),
      lead: visit.source,
      anchor: anchorOf.get(visit.scan.source),
    })),
    ...ours.map((row): Item => ({
      kind: "ours",
      text: oursText(row),
      lead: row.source,
      anchor: row.anchor,
    })),
    ...open.map((row): Item => ({
      kind: "open",
      text: openText(row),
      lead: row.source,
      anchor: row.anchor,
    })),
    ...misuse.map(({ text, id }): Item => ({
      kind: "misuse",
      text: `${text}.`,
      anchor: id && "misuse",
    })),
    ...floods.map(({ text }): Item => ({ kind: "flood", text: `${text}.`, anchor: "floods" })),
    ...blindItem(story),
    ...withheldItem(story),
  ];
  const shown = new Map<ItemKind, number>();
  const items = all.filter(({ kind }) => {
    const count = (shown.get(kind) ?? 0) + 1;
    shown.set(kind, count);
    return count <= OF_A_KIND_MAX[kind];
  }).slice(0, ITEMS_MAX);
  return { items, more: all.length - items.length };
}

function oursText(row: SourceRow): string {
  const did = row.evidence === "none"
    ? "scanned others, or somebody did in its name"
    : "scanned others";
  return `${row.source} is a monitored address and ${did}: ${scansText(row)}.`;
}

function openText(row: SourceRow): string {
  const tool = row.tools.length === 0 ? "" : ` with ${row.tools[0]}`;
  const hosts = new Set(row.scans.flatMap(({ openAt }) => openAt.map(({ host }) => host)));
  const where = hosts.size === 1
    ? ` on ${[...hosts][0]}`
    : hosts.size > 1
    ? ` on ${plural(hosts.size, "host")}`
    : "";
  return `${row.source}${tool} found ${openPortsText(row)} open${where}; ${proofSentence(row)}.`;
}

function openPortsText({ open }: SourceRow): string {
  const noun = portCount(open) === 1 ? "port" : "ports";
  return `${noun} ${portsText(open, PORTS_MAX)}`;
}

function proofSentence({ evidence, isZombie }: SourceRow): string {
  if (isZombie) return "it is likely a zombie, and somebody else the scanner";
  switch (evidence) {
    case "handshake":
      return "the source is real";
    case "reset":
      return "the source answered";
    default:
      return "the source may be forged";
  }
}

function scansText({ scans, ports, hosts }: SourceRow): string {
  const most = [
    ports > 0 && `up to ${plural(ports, "port")}`,
    hosts > 1 && `up to ${plural(hosts, "host")}`,
  ].filter(Boolean).join(" on ");
  return `${plural(scans.length, "scan")}, ${most || "one host"}`;
}

function blindItem({ blind, losses }: Story): Item[] {
  if (blind.length === 0) return [];
  const packets = losses.reduce((sum, loss) => sum + loss.packets, 0);
  const times = blind.length === 1 ? "one interval" : `${grouped(blind.length)} intervals`;
  return [{
    kind: "blind",
    text: `${grouped(packets)} packets were lost in ${times} of together ` +
      `${durationText(blindUs(blind))}: scans there may be missing.`,
    anchor: "missing",
  }];
}

export function blindUs(blind: Story["blind"]): number {
  return blind.reduce((sum, { startUs, endUs }) => sum + endUs - startUs, 0);
}

const NOBODY = { source: "", destination: "", attempts: 0 };

function withheldItem({ suppressed }: Story): Item[] {
  const count = suppressed.reduce((sum, { count }) => sum + count, 0);
  if (suppressed.length === 0) return [];
  const text = count === 0
    ? "Alerts were held back to keep the log small: some scans are not told here."
    : `${grouped(count)} alerts were held back to keep the log small.`;
  const most = suppressed.flatMap(({ most }) => most ?? [])
    .reduce((a, b) => b.attempts > a.attempts ? b : a, NOBODY);
  const who = most === NOBODY
    ? ""
    : ` Of those scans ${most.source} did most: ${plural(most.attempts, "attempt")}, ` +
      `first at ${most.destination}.`;
  return [{ kind: "withheld", text: text + who, anchor: "missing" }];
}

/** From when to when, or one moment and how long it was. */
export function spanText(
  { startUs, endUs }: { startUs: number; endUs: number },
  when: (timeUs: number) => string,
  zoneName: string,
): string {
  const from = when(startUs), to = when(endUs);
  if (from !== to) return `${from} to ${to} ${zoneName}`;
  return `${from} ${zoneName}, ${durationText(endUs - startUs)}`;
}
