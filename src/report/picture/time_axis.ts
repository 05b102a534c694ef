// What all pictures over one time share: vertical lines, blind intervals, and the row of times below.

import type { Interval } from "../story.ts";
import type { TimeScale } from "./scale.ts";
import { anchorAt, escaped, FILL, percent } from "./svg.ts";

/** More blind bands than can be told apart. */
const BANDS_MAX = 200;

/** Behind the marks of a picture of `height` pixels. */
export function backdrop(scale: TimeScale, blind: readonly Interval[], height: number): string {
  const lines = scale.ticks().map(({ at }) => {
    const x = percent(at);
    return `<line x1="${x}" x2="${x}" y1="0" y2="${height}" class="grid" stroke="${FILL.line}"/>`;
  });
  const bands = blind.slice(0, BANDS_MAX).map(({ startUs, endUs }) => {
    const from = scale.at(startUs), to = scale.at(endUs);
    // A short one is to be seen as well.
    const width = Math.max(to - from, 0.004);
    return `<rect x="${percent(from)}" width="${percent(width)}" y="0" height="${height}" ` +
      'fill="url(#hatch)" class="blind"/>';
  });
  return `<rect width="100%" height="${height}" class="ground" fill="${FILL.ground}"/>` +
    lines.join("") + bands.join("");
}

/** Times below a picture. */
export function timeLabels(scale: TimeScale): string {
  const labels = scale.ticks().map(({ at, label }, index) =>
    `<text x="${percent(at)}" y="13" text-anchor="${anchorAt(at)}" font-size="11" ` +
    `class="soft${index % 2 === 1 ? " odd" : ""}" fill="${FILL.soft}">${escaped(label)}</text>`
  );
  return `<svg width="100%" height="18" aria-hidden="true">${labels.join("")}</svg>`;
}
