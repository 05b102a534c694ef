// All ports from left to right, one strip a transport: how many sources tried them, and what was found
// open. From the scans' own lists, which may be cut.

import { type PortCounts, PORTS } from "../port_counts.ts";
import { portAt } from "./scale.ts";
import { FILL, mark } from "./svg.ts";

const COLUMNS = 720;
const LEVELS = [0.25, 0.5, 0.75, 1];
const TRIANGLES_MAX = 120;

export function portStrip({ counts, open, transport }: PortCounts): string {
  const columns = new Float64Array(COLUMNS);
  const openColumns = new Set<number>();
  for (let port = 0; port < PORTS; port++) {
    const column = Math.floor(portAt(port) * COLUMNS);
    columns[column] = Math.max(columns[column], counts[port]);
    if (open[port] === 1) openColumns.add(column);
  }
  const most = columns.reduce((most, count) => Math.max(most, count), 1);
  const paths = LEVELS.map((opacity, level) => {
    const path = strokes(columns, (count) => count > 0 && levelOf(count / most) === level);
    return path === "" ? "" : `<path d="${path}" class="s-ports" stroke="${FILL.ports}" ` +
      `opacity="${opacity}"/>`;
  });
  const up = [...openColumns].slice(0, TRIANGLES_MAX)
    .map((column) => mark("up", "open", (column + 0.5) / COLUMNS, 27));
  return `<svg width="100%" height="36" role="img" aria-label="${transport} ports that were tried">` +
    `<rect width="100%" height="24" class="ground" fill="${FILL.ground}"/>` +
    `<svg width="100%" height="24" viewBox="0 0 ${COLUMNS} 1" preserveAspectRatio="none" ` +
    `fill="none" shape-rendering="crispEdges">${paths.join("")}</svg>${up.join("")}</svg>`;
}

function levelOf(share: number): number {
  return Math.min(Math.floor(share * LEVELS.length), LEVELS.length - 1);
}

function strokes(columns: Float64Array, isOne: (count: number) => boolean): string {
  let path = "";
  for (let column = 0; column < columns.length; column++) {
    if (!isOne(columns[column])) continue;
    let end = column + 1;
    while (end < columns.length && isOne(columns[end])) end++;
    path += `M${column} .5h${end - column}`;
    column = end;
  }
  return path;
}
