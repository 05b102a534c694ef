// The top of the page: the sentence, the figures, what to look at first, the pictures.

import { durationText, grouped, plural } from "../../format/figures.ts";
import { filesText, type ReportInput } from "../input.ts";
import { portStrip } from "../picture/ports_picture.ts";
import { mostWanted, portCounts } from "../port_counts.ts";
import type { TimeScale } from "../picture/scale.ts";
import { escaped, FILL, painted, percent } from "../picture/svg.ts";
import { portStripAxis, scanPicture, triedPicture } from "../picture/tried_picture.ts";
import { timeLabels } from "../picture/time_axis.ts";
import { whenPicture } from "../picture/when_picture.ts";
import type { Scan, Story } from "../story.ts";
import { blindUs, headline, type Item, type ItemKind, itemsFirst, spanText } from "../words.ts";
import { hiddenShape, paragraph, seconds, section } from "./parts.ts";

export function head(input: ReportInput): string {
  const { story, made, zone, zoneName } = input;
  const span = story.span === undefined
    ? ""
    : `${spanText(story.span, (us) => seconds(us, zone), zoneName)} · `;
  const names = filesText(input);
  const seen = story.observers.length > 0
    ? ` · seen by ${story.observers.slice(0, 4).join(", ")}`
    : "";
  return `<h1>${escaped(headline(input))}</h1>\n` +
    `<p class="sub">${escaped(`${span}from ${names}${seen} · scandog ${made.version}`)}</p>\n`;
}

export function tiles(
  { scans, sources, hosts, isHostsExact, visits, blind, losses }: Story,
): string {
  const open = scans.filter(({ learned }) => learned === "open").length;
  const answered = sources.filter(({ evidence }) =>
    evidence === "handshake" || evidence === "reset"
  );
  const atLeast = isHostsExact ? "" : "≥ ";
  const lost = losses.reduce((sum, { packets }) => sum + packets, 0);
  const blindText = blind.length === 0 ? "none" : durationText(blindUs(blind));
  const all = [
    { name: "", value: grouped(scans.length), label: scans.length === 1 ? "scan" : "scans" },
    { name: open > 0 ? "t-open" : "", value: grouped(open), label: "found something open" },
    {
      name: "",
      value: grouped(answered.length),
      label: `of ${plural(sources.length, "source")} real or answering`,
    },
    {
      name: "",
      value: `${atLeast}${grouped(hosts)}`,
      label: hosts === 1 ? "host probed" : "hosts probed",
    },
    {
      name: visits.length > 0 ? "t-visit" : "",
      value: grouped(visits.length),
      label: visits.length === 1 ? "visit after a scan" : "visits after a scan",
    },
    {
      name: blind.length > 0 ? "t-blind" : "",
      value: blindText,
      label: blind.length > 0 ? `blind; ${grouped(lost)} packets lost` : "blind time in the input",
    },
  ];
  const items = all.map(({ name, value, label }) =>
    `<li${name === "" ? "" : ` class="${name}"`}><b>${value}</b> <span>${label}</span></li>`
  );
  return `<ul class="tiles">${items.join("")}</ul>\n`;
}

const BADGES: Record<ItemKind, string> = {
  visit: "visit",
  ours: "outbound",
  open: "open",
  misuse: "misuse",
  flood: "flood",
  blind: "blind",
  withheld: "withheld",
};

/** What it begins with leads to its row; what has no such name has a link of its own. */
function itemText({ text, lead, anchor }: Item): string {
  if (anchor === undefined) return escaped(text);
  const name = lead !== undefined && text.startsWith(lead) ? lead : "";
  const rest = escaped(text.slice(name.length));
  if (name === "") {
    return `${rest} <a href="#${anchor}">See ${SECTION_NAMES[anchor] ?? "its row"}</a>`;
  }
  return `<a href="#${anchor}">${escaped(name)}</a>${rest}`;
}

const SECTION_NAMES: Record<string, string> = {
  misuse: "misused addresses",
  floods: "floods",
  missing: "what may be missing",
};

export function first({ story, zone }: ReportInput): string {
  const { items, more } = itemsFirst(story, (us) => seconds(us, zone));
  const lines = items.map((item) =>
    `<li><b class="k-${item.kind}">${BADGES[item.kind]}</b> <span>${itemText(item)}</span></li>`
  );
  if (lines.length === 0) return "";
  const rest = more > 0
    ? paragraph(`${grouped(more)} more of these kinds are in the tables below.`)
    : "";
  return section(
    "first",
    "Look at these first",
    `<ul class="first">\n${lines.join("\n")}\n</ul>${rest}`,
  );
}

const LEGEND = '<ul class="legend">' + [
  [`<use href="#m-bar" ${painted("open")}/>`, "found something open"],
  [`<use href="#m-bar" ${painted("refused")}/>`, "refused: nothing open, but a host was seen"],
  [`<use href="#m-dash" ${painted("silent")}/>`, "no answer"],
  [`<use href="#m-visit" ${painted("visit")}/>`, "came back and used it"],
  ['<rect x="-7" y="-7" width="14" height="14" fill="url(#hatch)"/>', "blind: packets were lost"],
].map(([shape, label]) => `<li>${hiddenShape(shape)}${label}</li>`).join("") + "</ul>";

export function when({ story }: ReportInput, scale: TimeScale): string {
  if (story.scans.length === 0) return "";
  return section("when", "When", LEGEND + whenPicture(story, { scale, blind: story.blind }));
}

export function tried({ story, tried, made }: ReportInput, scale: TimeScale): string {
  if (story.scans.length === 0) return "";
  if (tried === undefined) {
    return made.from === "captures" ? "" : section(
      "tried",
      "What was tried",
      paragraph(
        "A log of events does not tell when each port was tried: a report of the captures draws it.",
      ),
    );
  }
  const picture = triedPicture(tried, scale, story.blind);
  if (picture === undefined) return "";
  const rest = tried.total > tried.length
    ? ` The first ${grouped(tried.length)} of ${grouped(tried.total)} attempts are drawn.`
    : "";
  const words =
    `Each mark is one or more of ${grouped(picture.marks)} attempts that belong to scans: ` +
    `time across, port up${
      picture.isWhole ? ", with nearly half of the height for ports below 1024" : ""
    }. Diamonds were found open; stronger is more.${rest}`;
  return section(
    "tried",
    "What was tried",
    paragraph(words) + `<table class="tried" role="presentation"><tr><td>${picture.ports}</td>` +
      `<td>${picture.plot}</td></tr><tr><td></td><td>${timeLabels(scale)}</td></tr></table>`,
  );
}

const SMALL_MAX = 6;

interface Drawn {
  scan: Scan;
  anchor: string;
}

/** The greatest scan of each of the worst sources, those first that went about it in another way. */
function different({ sources }: Story): Drawn[] {
  const all = sources.slice(0, SOURCES_LOOKED_AT).map(({ scans, anchor }) => ({
    scan: scans.reduce((most, scan) => scan.ports.count > most.ports.count ? scan : most),
    anchor,
  }));
  const seen = new Set<string>();
  const first: Drawn[] = [], again: Drawn[] = [];
  for (const drawn of all) {
    const { ports, shape } = drawn.scan;
    const way = `${howText(drawn.scan)}/${shape}/${ports.count}`;
    (seen.has(way) ? again : first).push(drawn);
    seen.add(way);
  }
  return [...first, ...again];
}

const SOURCES_LOOKED_AT = 100;

function howText({ tools, techniques }: Scan): string {
  return [tools[0]?.name, techniques.slice(0, 3).join("+")].filter(Boolean).join(", ");
}

/** The worst scans, each on axes of its own. A single scan has been drawn already. */
export function went({ story, tried }: ReportInput): string {
  if (tried === undefined || story.scans.length < 2) return "";
  const figures: string[] = [];
  for (const { scan, anchor } of different(story)) {
    if (figures.length === SMALL_MAX) break;
    const picture = scanPicture(tried, scan.id);
    if (picture === undefined) continue;
    const { first, last } = picture.ports;
    figures.push(
      `<figure><h3><a href="#${anchor}">${escaped(scan.source)}</a> ` +
        `<span class="soft">${escaped(howText(scan))}</span></h3>${picture.svg}<figcaption>` +
        `<span>ports ${first}-${last}</span> <span>${durationText(picture.lengthUs)}</span>` +
        "</figcaption></figure>",
    );
  }
  if (figures.length === 0) return "";
  return section(
    "went",
    "How the scans went",
    paragraph(
      "Each of the worst scans on its own axes: a diagonal goes port by port, a cloud is shuffled, " +
        "stripes go round after round.",
    ) + `<div class="small">${figures.join("\n")}</div>`,
  );
}

const WANTED_MAX = 10;
const WANTED_SCANS_MIN = 4;

export function ports({ story }: ReportInput): string {
  const all = portCounts(story.scans);
  if (all.length === 0) return "";
  const strips = all.map((counts) =>
    `<h3>${counts.transport} <span class="soft">tried by ${
      plural(counts.sources, "source")
    }</span>` +
    `</h3>${portStrip(counts)}`
  );
  const wanted = story.scans.length < WANTED_SCANS_MIN ? [] : mostWanted(all, WANTED_MAX);
  return section(
    "ports",
    "Ports",
    paragraph(
      "All 65,536 ports from left to right; those below 1024 have the left 45 %. Stronger: more " +
        "sources tried. Triangles: found open.",
    ) + strips.join("") + portStripAxis() + wantedTable(wanted),
  );
}

function wantedTable(wanted: ReturnType<typeof mostWanted>): string {
  if (wanted.length === 0) return "";
  const most = wanted[0].sources;
  const rows = wanted.map(({ port, transport, sources, isOpen }) =>
    `<tr><th scope="row">${port}/${transport}</th><td>${grouped(sources)}</td>` +
    `<td>${isOpen ? "found open" : ""}</td>` +
    `<td><svg width="100%" height="12" aria-hidden="true"><rect width="${
      percent(sources / most)
    }" ` +
    `height="12" rx="2" class="bar" fill="${FILL.ports}"/></svg></td></tr>`
  );
  return '<table class="ports"><thead><tr><th scope="col">most wanted</th><th scope="col">sources</th>' +
    '<th scope="col">open</th><th scope="col">share</th></tr></thead>' +
    `<tbody>${rows.join("")}</tbody></table>`;
}
