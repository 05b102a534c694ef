// The values in effect: from the command line, else the configuration file, else the defaults, each with its origin.
// All faults are found at once. Knows no particular option.

import type { ConfigFile } from "./config_file.ts";
import { kebab, Refusal, type Rows, type ValuesOf } from "./row.ts";

/** Where a value came from. */
export type Origin =
  | { from: "default" }
  | { from: "command line" }
  | { from: "file"; file: string; line: number };

export interface Settings<R extends Rows = Rows> {
  values: ValuesOf<R>;
  origins: { [K in keyof R]: Origin };
  /** Keys of the file, as written there, that are options of other commands only. */
  others: Readonly<Record<string, unknown>>;
}

/** Something wrong with one value, or (without a key) with several together. */
export interface Fault {
  key?: string;
  /** What follows the option's name or, without a key, a sentence. */
  reason: string;
  /** Nothing is wrong with what is there; something is still needed to run. */
  missing?: true;
}

/**
 * The settings for `options`. `texts` are from the command line, by key; in the file there may be
 * options of other commands too. Faults are as `faultText` gives them.
 */
export function settle<R extends Rows>(
  options: R,
  texts: ReadonlyMap<string, string>,
  file: ConfigFile | undefined,
): { settings: Settings<R>; faults: string[] } {
  const values: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  const faults: string[] = [];
  const accept = (key: string, value: unknown, origin: Origin) => {
    values[key] = value;
    origins[key] = origin;
    if (value instanceof Refusal) faults.push(`${label(key, origin)} ${value.reason}`);
  };
  for (const [key, row] of Object.entries(options)) {
    accept(key, row.default, { from: "default" });
    // A wrong value in the file is said even where the command line wins: it would bite next time.
    const entry = file?.entries.get(key);
    if (file !== undefined && entry !== undefined) {
      const origin = { from: "file", file: file.path, line: entry.line } as const;
      accept(key, row.kind.fromToml(entry.value), origin);
    }
    const text = texts.get(key);
    if (text !== undefined) accept(key, row.kind.parse(text), { from: "command line" });
  }
  preferGiven(values, origins, "quiet", "verbose");
  const others = Object.fromEntries(
    [...file?.entries ?? []].filter(([key]) => !Object.hasOwn(options, key))
      .map(([key, { value }]) => [key, value]),
  );
  return { settings: { values, origins, others } as unknown as Settings<R>, faults };
}

/** Of two flags that contradict, one from the command line overrules one from the file. */
function preferGiven(
  values: Record<string, unknown>,
  origins: Record<string, Origin>,
  ...keys: [string, string]
): void {
  if (!keys.every((key) => values[key] === true)) return;
  const fromFile = keys.filter((key) => origins[key].from === "file");
  if (fromFile.length === 1) values[fromFile[0]] = false;
}

/** `--name must be ...`, or `FILE:LINE: name must be ...` for a value from a file. */
export function faultText(settings: Settings, { key, reason }: Fault): string {
  if (key === undefined) return reason;
  return `${label(key, settings.origins[key])} ${reason}`;
}

function label(key: string, origin: Origin): string {
  return origin.from === "file"
    ? `${origin.file}:${origin.line}: ${kebab(key)}`
    : `--${kebab(key)}`;
}
