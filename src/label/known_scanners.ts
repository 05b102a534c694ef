// Research scanners that announce themselves, from a local list: their scans are told like all others,
// with the name. Nothing is looked up anywhere. Between detector and format: no packet pays for it.
//
//   # network          name
//   192.0.2.0/28       Example University, Internet census
//   2001:db8:5::/48    Example Project
//
// A source that can be forged can carry a known name: the name is the list's, the evidence the event's.

import { inPrefixes, parseAddress, parsePrefix, type Prefix, prefixText } from "../address.ts";
import type { DetectorEvent } from "../event.ts";
import { CannotRun, reasonOf } from "../failure.ts";
import { readSmallText } from "../system/small_file.ts";

/** More is no list of scanners but of the Internet. */
const ENTRIES_MAX = 65_536;
/** Names go into lines where a semicolon ends a part. */
const NAME = /^[\x20-\x3a\x3c-\x7e]{1,80}$/;

export interface KnownScanner {
  prefix: Prefix;
  name: string;
}

export class KnownScanners {
  /** The narrowest networks first, so that the first that holds an address says most of it. */
  private readonly entries: KnownScanner[];

  constructor(entries: readonly KnownScanner[]) {
    this.entries = [...entries].sort((a, b) => b.prefix.bits - a.prefix.bits);
  }

  /** The event, with `known` when its source is on the list. Others are given back as they are. */
  tag(event: DetectorEvent): DetectorEvent {
    if (!("source" in event)) return event;
    const address = parseAddress(event.source);
    const entry = address && this.entries.find(({ prefix }) => inPrefixes([prefix], address, 0));
    if (entry === undefined) return event;
    return { ...event, known: { name: entry.name, network: prefixText(entry.prefix) } };
  }
}

/** Reads a list. Throws `CannotRun`, naming file and line, when it cannot be read or understood. */
export function readKnownScanners(file: string): KnownScanners {
  return new KnownScanners(parseKnownScanners(textOf(file), file));
}

function textOf(file: string): string {
  // Asked first, so that Deno does not ask the user.
  if (Deno.permissions.querySync({ name: "read", path: file }).state !== "granted") {
    throw new CannotRun(`${file}: this program may not read it; permit --allow-read=${file}`);
  }
  try {
    return readSmallText(file);
  } catch (error) {
    throw new CannotRun(`${file}: cannot be read: ${reasonOf(error)}`);
  }
}

/** `file` is for messages. */
export function parseKnownScanners(text: string, file: string): KnownScanner[] {
  const entries: KnownScanner[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    const content = line.replace(/\r$/, "").trim();
    if (content === "" || content.startsWith("#")) continue;
    const refuse = (reason: string) => new CannotRun(`${file}:${index + 1}: ${reason}`);
    if (entries.length === ENTRIES_MAX) throw refuse(`more than ${ENTRIES_MAX} networks`);
    const [, network, name] = /^([^\s,]+)[\s,]+(.*)$/.exec(content) ?? [];
    if (network === undefined) throw refuse("must be a network and a name");
    const prefix = parsePrefix(network);
    if (prefix === undefined) throw refuse("must begin with an address or network");
    if (!NAME.test(name)) {
      throw refuse("the name must be 1 to 80 characters of ASCII without a semicolon");
    }
    entries.push({ prefix, name });
  }
  return entries;
}
