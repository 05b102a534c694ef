// Many marks as a grid of cells: the worst outcome of a cell wins, its number makes it stronger, and
// equal cells in a row become one stroke. A million attempts are as big as the grid.

import { OUTCOMES } from "../tried.ts";
import { FILL } from "./svg.ts";

const CLASSES = ["open", "refused", "silent"] as const;
/** Counts from which a cell is stronger, and how strong it is then. */
const STRENGTHS = [{ from: 1, opacity: 0.5 }, { from: 3, opacity: 0.75 }, { from: 20, opacity: 1 }];

export class Cells {
  readonly columns: number;
  readonly rows: number;
  private readonly counts: Uint32Array;
  /** Index in `OUTCOMES` and one more; 0: empty. */
  private readonly worst: Uint8Array;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.counts = new Uint32Array(columns * rows);
    this.worst = new Uint8Array(columns * rows);
  }

  /** `x` from 0 (left) to 1, `y` from 0 (top) to 1; `outcome`: index in `OUTCOMES`. */
  add(x: number, y: number, outcome: number): number {
    const column = Math.min(Math.floor(x * this.columns), this.columns - 1);
    const row = Math.min(Math.floor(y * this.rows), this.rows - 1);
    const cell = row * this.columns + column;
    this.counts[cell]++;
    const worst = this.worst[cell];
    if (worst === 0 || outcome + 1 < worst) this.worst[cell] = outcome + 1;
    return cell;
  }

  /** A stretched inner picture, as wide as its place and `height` pixels high. */
  picture(height: number): string {
    const paths: string[] = [];
    for (let outcome = 0; outcome < OUTCOMES.length; outcome++) {
      for (let strength = 0; strength < STRENGTHS.length; strength++) {
        const path = this.runs(outcome, strength);
        if (path === "") continue;
        const name = CLASSES[outcome];
        paths.push(
          `<path d="${path}" class="s-${name}" stroke="${FILL[name]}" ` +
            `opacity="${STRENGTHS[strength].opacity}"/>`,
        );
      }
    }
    return `<svg width="100%" height="${height}" viewBox="0 0 ${this.columns} ${this.rows}" ` +
      `preserveAspectRatio="none" shape-rendering="crispEdges" fill="none">${paths.join("")}</svg>`;
  }

  /** Strokes as thick as a row, from cell to cell of one kind; relative, because that is shorter. */
  private runs(outcome: number, strength: number): string {
    const { columns, rows } = this;
    let path = "", atX = 0, atY = 0;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        if (!this.is(row * columns + column, outcome, strength)) continue;
        let end = column + 1;
        while (end < columns && this.is(row * columns + end, outcome, strength)) end++;
        const y = row + 0.5;
        const move = path === "" ? `M${column} ${y}` : `m${column - atX} ${y - atY}`;
        path += `${move}h${end - column}`;
        [atX, atY] = [end, y];
        column = end;
      }
    }
    return path;
  }

  private is(cell: number, outcome: number, strength: number): boolean {
    const count = this.counts[cell];
    return this.worst[cell] === outcome + 1 && count >= STRENGTHS[strength].from &&
      (strength + 1 === STRENGTHS.length || count < STRENGTHS[strength + 1].from);
  }
}
