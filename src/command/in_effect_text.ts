// The values in effect, for a status. Knows options as rows; no particular one.

import { kebab, type Rows } from "../options/row.ts";

/** What is not the default, without what only one may know: the password in an address. */
export function configurationOf(rows: Rows, values: object): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(values as Record<string, unknown>)) {
    const row = rows[key];
    if (row === undefined || value === undefined || row.commandLineOnly !== undefined) continue;
    const text = row.kind.toml(value);
    if (row.default !== undefined && text === row.kind.toml(row.default)) continue;
    found[kebab(key)] = text.replace(/(:\/\/)[^/@"]*@/g, "$1***@");
  }
  return found;
}
