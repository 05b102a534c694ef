// Time across, ports up: what was tried, of all scans or of one. Many marks as cells, what was found
// open as diamonds on top.

import type { Interval } from "../story.ts";
import type { Tried } from "../tried.ts";
import { Cells } from "./cells.ts";
import { PORT_TICKS, portAt, type PortAxis, portAxis, type TimeScale } from "./scale.ts";
import { FILL, mark, percent } from "./svg.ts";
import { backdrop } from "./time_axis.ts";

const COLUMNS = 360;
const ROWS = 90;
const HEIGHT = 270;
const DIAMONDS_MAX = 250;

export interface TriedPicture {
  plot: string;
  /** The axis beside it. */
  ports: string;
  marks: number;
  /** All ports are on the axis; else those that were tried only. */
  isWhole: boolean;
}

/** All attempts. Undefined where none has a port. */
export function triedPicture(
  tried: Tried,
  scale: TimeScale,
  blind: readonly Interval[],
): TriedPicture | undefined {
  const axis = axisOf(tried);
  if (axis === undefined) return undefined;
  const cells = new Cells(COLUMNS, ROWS);
  const diamonds = new Map<number, { x: number; y: number }>();
  let marks = 0;
  for (let at = 0; at < tried.length; at++) {
    if (tried.hasPort[at] === 0) continue;
    marks++;
    const x = scale.at(tried.times[at]), y = 1 - axis.at(tried.ports[at]);
    const cell = cells.add(x, y, tried.outcomes[at]);
    if (tried.outcomes[at] === 0 && !diamonds.has(cell)) diamonds.set(cell, { x, y });
  }
  const top = thinned([...diamonds.values()], DIAMONDS_MAX)
    .map(({ x, y }) => mark("open", "open", x, y * HEIGHT));
  const plot = `<svg width="100%" height="${HEIGHT}" role="img" ` +
    `aria-label="Time across, port up; ${marks} attempts">${backdrop(scale, blind, HEIGHT)}` +
    `${portLines(axis)}${cells.picture(HEIGHT)}<g class="tops">${top.join("")}</g></svg>`;
  return { plot, ports: portLabels(axis), marks, isWhole: axis.isWhole };
}

function axisOf(tried: Tried): PortAxis | undefined {
  let first = 65_535, last = -1;
  for (let at = 0; at < tried.length; at++) {
    if (tried.hasPort[at] === 0) continue;
    first = Math.min(first, tried.ports[at]);
    last = Math.max(last, tried.ports[at]);
  }
  return last < 0 ? undefined : portAxis(first, last);
}

/** Every so-manieth where there are more. */
function thinned<T>(items: readonly T[], max: number): T[] {
  const step = Math.ceil(items.length / max);
  return items.filter((_, index) => index % Math.max(step, 1) === 0);
}

/** Where the pieces of an axis of all ports meet, or at its ticks. */
function portLines({ at, ticks, isWhole }: PortAxis): string {
  return (isWhole ? [1024, 49_152] : ticks).map((port) => {
    const y = Math.round((1 - at(port)) * HEIGHT);
    return `<line x1="0" x2="100%" y1="${y}" y2="${y}" class="grid" stroke="${FILL.line}"/>`;
  }).join("");
}

function portLabels({ at, ticks, isWhole }: PortAxis): string {
  const labels = ticks.filter((port) => !isWhole || port !== 8192).map((port) => {
    const y = Math.min(Math.max((1 - at(port)) * HEIGHT + 4, 10), HEIGHT - 1);
    return `<text x="100%" y="${Math.round(y)}" text-anchor="end" font-size="11" class="soft" ` +
      `fill="${FILL.soft}">${port}</text>`;
  });
  return `<svg width="44" height="${HEIGHT}" aria-hidden="true">${labels.join("")}</svg>`;
}

const SMALL = { columns: 120, rows: 44, height: 110, diamonds: 40 };

export interface SmallPicture {
  svg: string;
  /** The lowest and the highest port of the picture, and how long it is. */
  ports: { first: number; last: number };
  lengthUs: number;
}

/** One scan on axes of its own: a diagonal took port by port, a cloud is shuffled, stripes are rounds. */
export function scanPicture(tried: Tried, scan: string): SmallPicture | undefined {
  const index = tried.indexOf(scan);
  let startUs = Infinity, endUs = -Infinity, first = 65_535, last = 0, count = 0;
  const own: number[] = [];
  for (let at = 0; index >= 0 && at < tried.length; at++) {
    if (tried.scans[at] !== index || tried.hasPort[at] === 0) continue;
    own.push(at);
    count++;
    startUs = Math.min(startUs, tried.times[at]);
    endUs = Math.max(endUs, tried.times[at]);
    first = Math.min(first, tried.ports[at]);
    last = Math.max(last, tried.ports[at]);
  }
  if (count < 2 || first === last) return undefined;
  const { columns, rows, height, diamonds: max } = SMALL;
  const cells = new Cells(columns, rows);
  const diamonds = new Map<number, string>();
  const lengthUs = endUs - startUs;
  for (const at of own) {
    const x = 0.02 + 0.96 * (lengthUs === 0 ? 0.5 : (tried.times[at] - startUs) / lengthUs);
    const y = 0.95 - 0.9 * (tried.ports[at] - first) / (last - first);
    const cell = cells.add(x, y, tried.outcomes[at]);
    if (tried.outcomes[at] === 0 && !diamonds.has(cell)) {
      diamonds.set(cell, mark("open", "open", x, y * height));
    }
  }
  const svg = `<svg width="100%" height="${height}" role="img" ` +
    `aria-label="${count} attempts over time; port up">` +
    `<rect width="100%" height="${height}" class="ground" fill="${FILL.ground}"/>` +
    cells.picture(height) + thinned([...diamonds.values()], max).join("") + "</svg>";
  return { svg, ports: { first, last }, lengthUs };
}

/** The axis below a strip of ports. */
export function portStripAxis(): string {
  const labels = PORT_TICKS.map((port) => {
    const at = portAt(port === 65_535 ? 65_536 : port);
    const anchor = at === 0 ? "start" : at > 0.99 ? "end" : "middle";
    const isOdd = port === 512 || port === 8192 || port === 32_768;
    return `<text x="${percent(at)}" y="13" text-anchor="${anchor}" font-size="11" ` +
      `class="soft${isOdd ? " odd" : ""}" fill="${FILL.soft}">${port}</text>`;
  });
  return `<svg width="100%" height="18" aria-hidden="true">${labels.join("")}</svg>`;
}
