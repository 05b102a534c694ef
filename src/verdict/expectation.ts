// What `--expect` files say: one line a scan or a flood, `key=value` words, `#` starts a comment.
//
//   source=10.9.0.2 shape=vertical techniques=syn ports=21-25,80,443
//   source=10.9.0.3 shape=horizontal techniques=syn port-count=1 host-count=30  # the sweep
//   shape=flood destination=10.9.0.1 techniques=syn
//
// `source` is needed, of a flood `destination`; of the other keys, only those written are compared. Order does not
// matter, and a file without lines expects neither. Knows the format; nothing of how scans are compared.

import { formatAddress, parseAddress } from "../address.ts";
import type {
  Direction,
  FloodEvent,
  Profile,
  ScanEvent,
  Shape,
  SourceEvidence,
  Technique,
} from "../event.ts";

/** What can be expected. */
export type Finding = ScanEvent | FloodEvent;

/** The shape of what has no scanner. */
const FLOOD = "flood";

/** One line. */
export interface Expectation {
  line: number;
  /** Values in the form that `FIELDS` gives them, so that equal means equal text. */
  values: Map<FieldName, string>;
}

interface Field {
  /** The value of a scan that was found; undefined when it has none. */
  of: (event: ScanEvent) => string | undefined;
  /** The same of a flood; where there is none, no flood has one. */
  ofFlood?: (event: FloodEvent) => string | undefined;
  /** A value as written to the form that `of` gives; undefined when it makes no sense. */
  canonical: (text: string) => string | undefined;
  /** How it is written, in words: for help, and for messages about a wrong value. */
  words: string;
}

/** All values, where they are few. The compiler holds them to the event's own. */
const SHAPES: Record<Shape | typeof FLOOD, true> = {
  vertical: true,
  horizontal: true,
  block: true,
  distributed: true,
  decoy: true,
  flood: true,
};
const DIRECTIONS: Record<Direction, true> = {
  inbound: true,
  outbound: true,
  internal: true,
  external: true,
};
const PROFILES: Record<Profile, true> = { "scandog": true, "scanlogd-2": true, "scanlogd-1": true };
const PROOFS: Record<SourceEvidence, true> = { handshake: true, reset: true, none: true };
const TECHNIQUES: Record<Technique, true> = {
  "syn": true,
  "connect": true,
  "fin": true,
  "null": true,
  "xmas": true,
  "maimon": true,
  "ack": true,
  "syn-ack": true,
  "other-tcp": true,
  "udp": true,
  "sctp-init": true,
  "sctp-cookie-echo": true,
  "ip-protocol": true,
  "icmp-echo": true,
  "icmp-timestamp": true,
  "icmp-mask": true,
  "arp": true,
};
const SLOW = { yes: true, no: true } as const;

type Few = Readonly<Record<string, true>>;

function oneOf(names: Few): Pick<Field, "canonical" | "words"> {
  return {
    canonical: (text) => Object.hasOwn(names, text) ? text : undefined,
    words: `one of ${Object.keys(names).join(", ")}`,
  };
}

const TECHNIQUE_LIST: Pick<Field, "canonical" | "words"> = {
  canonical: (text) =>
    text.split(",").every((name) => Object.hasOwn(TECHNIQUES, name)) ? set(text) : undefined,
  words: `some of ${Object.keys(TECHNIQUES).join(", ")}, separated by commas`,
};
const ADDRESS = { canonical: address, words: "an address" };
const TARGET = { canonical: target, words: "an address; for a flood also a network" };
const ADDRESSES = { canonical: addresses, words: "addresses separated by commas" };
const COUNT = { canonical: count, words: "a number" };
const RANGES = { canonical: ranges, words: "ports and ranges such as 21-25,80, or none" };

/** Values that scans and floods have alike. */
function ofBoth(of: (event: Finding) => string | undefined): Pick<Field, "of" | "ofFlood"> {
  return { of, ofFlood: of };
}

/** All keys, in the order in which they are printed. */
export const FIELDS = {
  source: { of: (event) => event.source, ...ADDRESS },
  destination: { of: (event) => event.destination, ofFlood: floodedOf, ...TARGET },
  direction: { ...ofBoth((event) => event.direction), ...oneOf(DIRECTIONS) },
  profile: { ...ofBoth((event) => event.profile), ...oneOf(PROFILES) },
  shape: { of: (event) => event.shape, ofFlood: () => FLOOD, ...oneOf(SHAPES) },
  techniques: { ...ofBoth((event) => set(event.techniques.join(","))), ...TECHNIQUE_LIST },
  ports: { ...ofBoth(({ ports }) => ranges(ports.list) ?? ports.list), ...RANGES },
  "port-count": { ...ofBoth((event) => `${event.ports.count}`), ...COUNT },
  hosts: { ...ofBoth((event) => set(event.hosts.list)), ...ADDRESSES },
  "host-count": { ...ofBoth((event) => `${event.hosts.count}`), ...COUNT },
  open: { of: (event) => ranges(event.ports.open), ...RANGES },
  closed: { of: (event) => optional(event.ports.closed), ...COUNT },
  silent: { of: (event) => optional(event.ports.silent), ...COUNT },
  slow: { of: (event) => event.slow ? "yes" : "no", ...oneOf(SLOW) },
  evidence: { of: (event) => event.evidence, ...oneOf(PROOFS) },
  tool: { of: (event) => event.tool?.[0]?.name, canonical: name, words: "a program's name" },
  sources: { of: (event) => event.sources && set(event.sources.list), ...ADDRESSES },
  forged: { of: (event) => optional(event.sources?.forged), ...COUNT },
} satisfies Record<string, Field>;

export type FieldName = keyof typeof FIELDS;

const NAMES = Object.keys(FIELDS) as FieldName[];

function address(text: string): string | undefined {
  const bytes = parseAddress(text);
  return bytes && formatAddress(bytes);
}

function target(text: string): string | undefined {
  const [from, bits, ...rest] = text.split("/");
  const first = address(from);
  if (first === undefined || rest.length > 0) return undefined;
  if (bits === undefined) return first;
  return /^(0|[1-9][0-9]{0,2})$/.test(bits) ? `${first}/${bits}` : undefined;
}

function floodedOf({ network, destination }: FloodEvent): string {
  return network ?? destination;
}

/** In the order of the alphabet, as `set` has them. */
function addresses(text: string): string | undefined {
  const all = text.split(",").map(address);
  return all.includes(undefined) ? undefined : set(all.join(","));
}

function name(text: string): string | undefined {
  return text === "" ? undefined : text;
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
      if (value === undefined) {
        reasons.push(`${name} must be ${FIELDS[name].words}, got ${JSON.stringify(written)}`);
      }
      values.set(name, value ?? written);
    }
  }
  const needed = values.get("shape") === FLOOD ? "destination" : "source";
  if (!values.has(needed)) reasons.push(`${needed} is missing`);
  return { values, reasons };
}

/** `source=10.9.0.2 shape=vertical`, as it can stand in a file. */
export function expectationText(values: ReadonlyMap<FieldName, string>): string {
  return NAMES.filter((name) => values.has(name)).map((name) => {
    const value = values.get(name)!;
    return /[\s#]/.test(value) ? `${name}="${value}"` : `${name}=${value}`;
  }).join(" ");
}

/** The values of what was found for these keys; a key for which it has none is left out. */
export function valuesOf(event: Finding, names: Iterable<FieldName>): Map<FieldName, string> {
  const values = new Map<FieldName, string>();
  for (const name of names) {
    const field: Field = FIELDS[name];
    const value = event.action === FLOOD ? field.ofFlood?.(event) : field.of(event);
    if (value !== undefined) values.set(name, value);
  }
  return values;
}

/** The address that is compared first: the source of a scan, or the victim of a flood. */
export function subjectOf(values: ReadonlyMap<FieldName, string>): string {
  return values.get("source") ?? values.get("destination")!;
}

/** What is written of a scan that shall be expected: what the same capture gives again, and no time. */
const WRITTEN: readonly FieldName[] = [
  ...["source", "shape", "techniques", "ports", "host-count", "open"] as const,
];
/** The same of a flood. Who is flooded needs no source; and the ports may be all there are. */
const WRITTEN_OF_FLOOD: readonly FieldName[] = [
  ...["destination", "shape", "techniques", "port-count", "host-count"] as const,
];

/** The keys that tell a flood, or these. */
export function namesFor(event: Finding, names: readonly FieldName[]): readonly FieldName[] {
  return event.action === FLOOD ? WRITTEN_OF_FLOOD : names;
}

/** A whole file that expects exactly these. `files`: the captures that they were found in. */
export function expectationFile(found: readonly Finding[], files: readonly string[]): string {
  const captures = files.map((file) => JSON.stringify(file)).join(" ");
  const lines = found.map((event) => expectationText(valuesOf(event, namesFor(event, WRITTEN))));
  return [
    `# Found in ${captures}, for --expect. Order does not matter; keys may be left out.`,
    ...lines,
    "",
  ].join("\n");
}
