// What `--expect` files say: one line a scan, `key=value` words, `#` starts a comment.
//
//   source=10.9.0.2 shape=vertical techniques=syn ports=21-25,80,443
//   source=10.9.0.3 shape=horizontal techniques=syn port-count=1 host-count=30  # the sweep
//
// `source` is needed; of the other keys, only those written are compared. Order does not matter, and
// a file without lines expects no scan. Knows the format; nothing of how scans are compared.

import { formatAddress, parseAddress } from "../address.ts";
import type { ScanEvent } from "../event.ts";

/** One line. */
export interface Expectation {
  line: number;
  /** Values in the form that `FIELDS` gives them, so that equal means equal text. */
  values: Map<FieldName, string>;
}

interface Field {
  /** The value of a scan that was found; undefined when it has none. */
  of: (event: ScanEvent) => string | undefined;
  /** A value as written to the form that `of` gives; undefined when it makes no sense. */
  canonical: (text: string) => string | undefined;
}

/** All keys, in the order in which they are printed. */
export const FIELDS = {
  source: { of: (event) => event.source, canonical: address },
  destination: { of: (event) => event.destination, canonical: address },
  direction: { of: (event) => event.direction, canonical: word },
  profile: { of: (event) => event.profile, canonical: word },
  shape: { of: (event) => event.shape, canonical: word },
  techniques: { of: (event) => set(event.techniques.join(",")), canonical: set },
  ports: { of: (event) => ranges(event.ports.list) ?? event.ports.list, canonical: ranges },
  "port-count": { of: (event) => `${event.ports.count}`, canonical: count },
  hosts: { of: (event) => set(event.hosts.list), canonical: set },
  "host-count": { of: (event) => `${event.hosts.count}`, canonical: count },
  open: { of: (event) => ranges(event.ports.open), canonical: ranges },
  closed: { of: (event) => optional(event.ports.closed), canonical: count },
  silent: { of: (event) => optional(event.ports.silent), canonical: count },
  slow: { of: (event) => event.slow ? "yes" : "no", canonical: word },
  evidence: { of: (event) => event.evidence, canonical: word },
  tool: { of: (event) => event.tool?.[0]?.name, canonical: (text) => text },
  sources: { of: (event) => event.sources && set(event.sources.list), canonical: set },
  forged: { of: (event) => optional(event.sources?.forged), canonical: count },
} satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

const NAMES = Object.keys(FIELDS) as FieldName[];

function address(text: string): string | undefined {
  const bytes = parseAddress(text);
  return bytes && formatAddress(bytes);
}

function word(text: string): string | undefined {
  return /^[a-z0-9-]+$/.test(text) ? text : undefined;
}

function count(text: string): string | undefined {
  return /^(0|[1-9][0-9]{0,15})$/.test(text) ? text : undefined;
}

function optional(value: number | undefined): string | undefined {
  return value === undefined ? undefined : `${value}`;
}

/** Words separated by commas, in the order of the alphabet. */
function set(text: string): string {
  return [...new Set(text.split(","))].sort().join(",");
}

/** `80,21-23,22` to `21-23,80`; `none` and the empty list are `none`. */
function ranges(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text === "none" || text === "") return "none";
  const parts: [from: number, to: number][] = [];
  for (const part of text.split(",")) {
    const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part);
    if (match === null) return undefined;
    const from = Number(match[1]), to = Number(match[2] ?? match[1]);
    if (from > to || to > 65535) return undefined;
    parts.push([from, to]);
  }
  parts.sort(([a], [b]) => a - b);
  const joined: [from: number, to: number][] = [];
  for (const [from, to] of parts) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`).join(",");
}

/**
 * Reads a whole file. `faults` has one sentence, with file and line, for each thing that makes no
 * sense.
 */
export function parseExpectations(
  name: string,
  text: string,
): { expectations: Expectation[]; faults: string[] } {
  const expectations: Expectation[] = [];
  const faults: string[] = [];
  for (const [index, whole] of text.split(/\r?\n/).entries()) {
    const content = whole.replace(/(^|\s)#.*$/, "").trim();
    if (content === "") continue;
    const { values, reasons } = parseLine(content);
    faults.push(...reasons.map((reason) => `${name}:${index + 1}: ${reason}`));
    expectations.push({ line: index + 1, values });
  }
  return { expectations, faults };
}

function parseLine(content: string): { values: Map<FieldName, string>; reasons: string[] } {
  const values = new Map<FieldName, string>();
  const reasons: string[] = [];
  // A value with spaces stands in double quotes.
  for (const part of content.match(/[^\s="]+="[^"]*"|\S+/g) ?? []) {
    const equals = part.indexOf("=");
    const key = part.slice(0, Math.max(equals, 0));
    const written = part.slice(equals + 1).replace(/^"(.*)"$/, "$1");
    const name = NAMES.find((name) => name === key);
    if (equals < 0) reasons.push(`${JSON.stringify(part)} is not key=value`);
    else if (name === undefined) {
      reasons.push(`there is no key ${key}: known are ${NAMES.join(" ")}`);
    } else if (values.has(name)) reasons.push(`${name} is given twice`);
    else {
      const value = FIELDS[name].canonical(written);
      if (value === undefined) reasons.push(`${name} cannot be ${JSON.stringify(written)}`);
      values.set(name, value ?? written);
    }
  }
  if (!values.has("source")) reasons.push("source is missing");
  return { values, reasons };
}

/** `source=10.9.0.2 shape=vertical`, as it can stand in a file. */
export function expectationText(values: ReadonlyMap<FieldName, string>): string {
  return NAMES.filter((name) => values.has(name)).map((name) => {
    const value = values.get(name)!;
    return /[\s#]/.test(value) ? `${name}="${value}"` : `${name}=${value}`;
  }).join(" ");
}

/** The values of a scan for these keys; a key for which it has none is left out. */
export function valuesOf(event: ScanEvent, names: Iterable<FieldName>): Map<FieldName, string> {
  const values = new Map<FieldName, string>();
  for (const name of names) {
    const value = (FIELDS[name] as Field).of(event);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}
