// Pictures as text. Percentages across and pixels down, so that letters keep their size on every
// screen without a script; colours as attributes and as classes, so that a reader whose server forbids
// styles sees them too. All foreign text passes `escaped`.

import { oneLine } from "../../format/printable.ts";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** For text and attributes alike; what would turn or hide other text becomes visible. */
export function escaped(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character])
    // Half a character cannot be written as UTF-8.
    .replace(/\p{Cs}/gu, "\ufffd");
}

/** A share from 0 to 1, to a hundredth of a percent. */
export function percent(share: number): string {
  return `${Math.round(share * 10_000) / 100}%`;
}

/** At most two decimals. */
export function rounded(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}

/** Colours on a light ground; Okabe and Ito's, which the colour-blind tell apart. */
export const FILL = {
  open: "#d55e00",
  refused: "#0072b2",
  silent: "#737b87",
  unknown: "#737b87",
  visit: "#8a3a78",
  ink: "#1b1f27",
  soft: "#525a67",
  line: "#d9dde3",
  ground: "#f5f6f8",
  ports: "#2f4b7c",
} as const;

/** Class and colour of a mark. */
export function painted(name: keyof typeof FILL): string {
  return `class="${name}" fill="${FILL[name]}"`;
}

/**
 * Shapes that pictures repeat: a diamond (found open; a visit), a short bar, a hatch for blind time.
 * Once a page.
 */
export const SHAPES = '<svg width="0" height="0" aria-hidden="true" class="defs"><defs>' +
  '<path id="m-open" d="M0-5.5 5 0 0 5.5-5 0z"/>' +
  '<path id="m-visit" d="M0-7 6.5 0 0 7-6.5 0z"/>' +
  '<path id="m-up" d="M0 0 4.5 8h-9z"/>' +
  '<rect id="m-bar" x="-2" y="-7" width="4" height="14" rx="1"/>' +
  '<rect id="m-dash" x="-3" y="-2" width="6" height="4"/>' +
  '<rect id="m-lane" x="-1.75" y="-2.5" width="3.5" height="5"/>' +
  '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" ' +
  'patternTransform="rotate(45)"><rect class="hatchmark" width="2" height="6" fill="#b3261e"/>' +
  "</pattern></defs></svg>";

export function mark(
  shape: "open" | "visit" | "up" | "bar" | "dash" | "lane",
  paint: keyof typeof FILL,
  x: number,
  y: number,
): string {
  return `<use href="#m-${shape}" x="${percent(x)}" y="${rounded(y)}" ${painted(paint)}/>`;
}

/** Anchored so that text at an end of the picture stays inside. */
export function anchorAt(share: number): string {
  if (share < 0.04) return "start";
  return share > 0.96 ? "end" : "middle";
}
