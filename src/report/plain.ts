// Pieces of the forms for terminals, mail and tickets: lines of a width, columns, a row of levels.
// Whoever shows text of others makes it printable here.

import { printable } from "../format/printable.ts";
import type { Interval } from "./story.ts";

/** Lines of at most `width` characters, broken at spaces; a longer word stays whole. */
export function wrapped(text: string, width: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of printable(text).split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = "";
    }
    line = line === "" ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((line, index) => index === 0 ? line : indent + line);
}

/** Text of exactly `width` characters: cut with `..`, or filled up. */
export function fixed(text: string, width: number, isNumber = false): string {
  const shown = printable(text);
  const cut = shown.length > width ? `${shown.slice(0, width - 2)}..` : shown;
  return isNumber ? cut.padStart(width) : cut.padEnd(width);
}

export const BINS = 48;
/** Nine levels that cron's mail (ASCII) and a terminal can show. */
const ASCII_LEVELS = " .:-=+*#@";
const BLOCK_LEVELS = " ▁▂▃▄▅▆▇█";

/** How many of `times` lie in each part of the span. */
export function histogram(times: readonly number[], span: Interval): number[] {
  const bins = new Array<number>(BINS).fill(0);
  for (const timeUs of times) bins[binOf(timeUs, span)]++;
  return bins;
}

/** What lies outside is held at the nearer end. */
function binOf(timeUs: number, { startUs, endUs }: Interval): number {
  const bin = Math.floor((timeUs - startUs) / Math.max(endUs - startUs, 1) * BINS);
  return Math.min(Math.max(bin, 0), BINS - 1);
}

/** Square roots, or one burst makes all else look like nothing. */
export function levels(bins: readonly number[], most: number, hasBlocks: boolean): string {
  const marks = hasBlocks ? BLOCK_LEVELS : ASCII_LEVELS;
  return bins.map((count) => {
    if (count === 0) return " ";
    const level = Math.ceil(Math.sqrt(count / Math.max(most, 1)) * (marks.length - 1));
    return marks[Math.min(Math.max(level, 1), marks.length - 1)];
  }).join("");
}

/** Parts of the span with something of the intervals in it. */
export function marked(intervals: readonly Interval[], span: Interval, mark: string): string {
  const bins = new Array<string>(BINS).fill(" ");
  for (const { startUs, endUs } of intervals) {
    const first = binOf(startUs, span), last = binOf(endUs, span);
    for (let bin = first; bin <= last; bin++) bins[bin] = mark;
  }
  return bins.join("");
}
