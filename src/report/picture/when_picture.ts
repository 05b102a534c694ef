// When scans were: a row a source that learned something, came back or is ours, a bar a scan, a
// diamond where its find was used; all others as small marks in lanes below. A table, so that it
// reads well without styles and aloud.

import { dateTime } from "../../format/zone.ts";
import { durationText, grouped, plural } from "../../format/figures.ts";
import { portsText } from "../ports.ts";
import type { Interval, Scan, SourceRow, Story } from "../story.ts";
import { extentText } from "../words.ts";
import type { TimeScale } from "./scale.ts";
import { escaped, FILL, mark, painted, percent } from "./svg.ts";
import { backdrop, timeLabels } from "./time_axis.ts";

const ROWS_MAX = 24;
const ROW_HEIGHT = 22;
const LANES_MAX = 12;
const LANE_HEIGHT = 8;
/** More marks than this are drawn without a title and a link: a page has a size. */
const TITLES_MAX = 300;
/** A bar that is narrower gets a mark of a few pixels as well. */
const NARROW = 0.012;
const PORTS_NAMED = 5;

export interface WhenOptions {
  scale: TimeScale;
  blind: readonly Interval[];
}

export function whenPicture(story: Story, options: WhenOptions): string {
  const { sources } = story;
  const isSpecial = ({ learned, visits, isOurs }: SourceRow) =>
    learned === "open" || visits.length > 0 || isOurs;
  const shown = (sources.length <= ROWS_MAX ? sources : sources.filter(isSpecial)).slice(
    0,
    ROWS_MAX,
  )
    .toSorted((a, b) => a.firstUs - b.firstUs);
  const names = new Set(shown.map(({ source }) => source));
  const others = story.scans.filter(({ source }) => !names.has(source));
  const ground = `<symbol id="ground">${backdrop(options.scale, options.blind, 400)}</symbol>`;
  const rows = shown.map((row) => sourceLine(row, options.scale));
  if (others.length > 0) rows.push(othersLine(others, story.sources, options.scale));
  return `<svg width="0" height="0" aria-hidden="true" class="defs"><defs>${ground}</defs></svg>` +
    '<table class="when"><thead><tr><th scope="col">source</th><th scope="col">time</th>' +
    '<th scope="col">found open</th></tr></thead><tbody>' + rows.join("") +
    `<tr class="axis"><td></td><td>${timeLabels(options.scale)}</td><td></td></tr></tbody></table>`;
}

const GROUND = '<use href="#ground" width="100%" height="100%"/>';

function sourceLine(row: SourceRow, scale: TimeScale): string {
  const { source, anchor, scans, visits, open } = row;
  const lines = visits.map((visit) => {
    const from = visit.foundUs ?? scans[0].endUs;
    return `<line x1="${percent(scale.at(from))}" x2="${percent(scale.at(visit.timeUs))}" ` +
      `y1="11" y2="11" class="s-visit" stroke="${FILL.visit}" stroke-dasharray="3 3"/>`;
  });
  const diamonds = visits.map(({ timeUs }) => mark("visit", "visit", scale.at(timeUs), 11));
  const found = open.length === 0 ? "" : escaped(portsText(open, PORTS_NAMED));
  return `<tr><th scope="row"><a href="#${anchor}">${escaped(source)}</a></th><td>` +
    `<svg width="100%" height="${ROW_HEIGHT}">${GROUND}${lines.join("")}` +
    `${scans.map((scan) => bar(scan, scale)).join("")}${diamonds.join("")}</svg></td>` +
    `<td>${found}</td></tr>`;
}

/** A bar as long as the scan, and wide enough to be seen. */
function bar(scan: Scan, scale: TimeScale): string {
  const from = scale.at(scan.startUs), width = scale.at(scan.endUs) - from;
  const long = `<rect x="${percent(from)}" width="${percent(width)}" y="4" height="14" rx="2" ` +
    `${painted(scan.learned)}/>`;
  const narrow = mark("bar", scan.learned, Math.max(from, 0.003), 11);
  const shape = width >= NARROW ? long : width >= NARROW / 4 ? long + narrow : narrow;
  return `<g><title>${escaped(scanTitle(scan, scale))}</title>${shape}</g>`;
}

/** One scan in a line, for a title. */
export function scanTitle(scan: Scan, { zone }: TimeScale): string {
  const { source, startUs, endUs, shape, techniques, learned, openCount } = scan;
  const found = learned === "open"
    ? `${grouped(openCount)} open`
    : learned === "refused"
    ? "nothing open"
    : learned === "silent"
    ? "no answer"
    : "";
  return [
    `${source}, ${dateTime(startUs, zone).slice(0, 19)}, ${durationText(endUs - startUs)}`,
    [shape, techniques.join("+")].filter(Boolean).join(" "),
    extentText(scan),
    found,
  ].filter(Boolean).join("; ");
}

interface Lane {
  endShare: number;
}

/** Marks are as wide as this, wherever they are. */
const MARK_SHARE = 0.008;

function othersLine(
  scans: readonly Scan[],
  sources: readonly SourceRow[],
  scale: TimeScale,
): string {
  const lanes: Lane[] = [];
  const marks: string[] = [];
  /** Marks that found no lane, by place. */
  const beyond = new Map<number, number>();
  const anchors = new Map(sources.map(({ source, anchor }) => [source, anchor]));
  const hasTitles = scans.length <= TITLES_MAX;
  for (const scan of scans) {
    const at = scale.at(scan.startUs);
    let lane = lanes.findIndex(({ endShare }) => endShare <= at);
    if (lane < 0 && lanes.length < LANES_MAX) lane = lanes.push({ endShare: 0 }) - 1;
    if (lane < 0) {
      const place = Math.floor(at * 24);
      beyond.set(place, (beyond.get(place) ?? 0) + 1);
      continue;
    }
    lanes[lane].endShare = at + MARK_SHARE;
    const shape = scan.learned === "silent" || scan.learned === "unknown" ? "dash" : "lane";
    const drawn = mark(shape, scan.learned, at, 6 + lane * LANE_HEIGHT);
    marks.push(
      hasTitles
        ? `<a href="#${anchors.get(scan.source)}"><title>${
          escaped(scanTitle(scan, scale))
        }</title>` +
          `${drawn}</a>`
        : drawn,
    );
  }
  const labels = [...beyond].map(([place, count]) =>
    `<text x="${percent((place + 0.5) / 24)}" y="${lanes.length * LANE_HEIGHT + 14}" ` +
    `font-size="10" text-anchor="middle" ${painted("soft")}>+${count}</text>`
  );
  const height = lanes.length * LANE_HEIGHT + (beyond.size > 0 ? 20 : 6);
  return `<tr class="others"><th scope="row">${plural(scans.length, "other scan")}</th><td>` +
    `<svg width="100%" height="${height}" role="group" aria-label="the other scans">` +
    `${GROUND}${marks.join("")}${labels.join("")}</svg></td><td></td></tr>`;
}
