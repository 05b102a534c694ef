// Pieces of HTML that the page's sections share. All foreign text passes `escaped`.

import { dateTime, type Zone } from "../../format/zone.ts";
import { escaped } from "../picture/svg.ts";

export function section(id: string, title: string, body: string): string {
  return body === "" ? "" : `<section id="${id}"><h2>${title}</h2>${body}</section>\n`;
}

export function paragraph(text: string): string {
  return `<p class="soft">${escaped(text)}</p>`;
}

/** `2026-11-21 22:14:52`. */
export function seconds(timeUs: number, zone: Zone): string {
  return dateTime(timeUs, zone).slice(0, 19);
}

/** One column of a table. `n`: a number, `t`: a time. */
export interface Column {
  title: string;
  kind?: "n" | "t";
}

/** Cells are HTML, ready; the first one names the row. */
export interface TableRow {
  id?: string;
  mark?: string;
  cells: string[];
}

/** A table that a script may sort; without one it stays in the order given, worst first. */
export function dataTable(
  name: string,
  columns: readonly Column[],
  rows: readonly TableRow[],
): string {
  const heads = columns.map(({ title, kind }) =>
    `<th scope="col"${kind === undefined ? "" : ` class="${kind}"`}>${title}</th>`
  );
  const lines = rows.map(({ id, mark, cells }) => {
    const open = `<tr${id === undefined ? "" : ` id="${id}"`}${mark ? ` class="${mark}"` : ""}>`;
    const inner = cells.map((cell, index) => {
      const kind = columns[index].kind;
      const attributes = kind === undefined ? "" : ` class="${kind}"`;
      return index === 0 ? `<th scope="row">${cell}</th>` : `<td${attributes}>${cell}</td>`;
    });
    return open + inner.join("") + "</tr>";
  });
  return `<table class="data ${name}"><thead><tr>${heads.join("")}</tr></thead>` +
    `<tbody>\n${lines.join("\n")}\n</tbody></table>`;
}

/** Names of columns before their values, where a narrow screen has no heads. */
export function narrowLabels(name: string, columns: readonly Column[]): string {
  return columns.map(({ title }, index) =>
    index === 0 ? "" : `.${name} td:nth-child(${index + 1}):before{content:"${title}: "}`
  ).join("");
}

export function hiddenShape(shape: string): string {
  return `<svg width="14" height="14" viewBox="-7 -7 14 14" aria-hidden="true">${shape}</svg>`;
}
