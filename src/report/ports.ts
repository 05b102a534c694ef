// Ports as ranges: read from text, counted, and written for people. Knows no event.

import type { OpenAt, PortRange } from "./told.ts";

const PORT_MAX = 65_535;

/** `22` or `1-100`; undefined for anything else. */
export function rangeOf(text: string): PortRange | undefined {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (found === null) return undefined;
  const first = Number(found[1]), last = Number(found[2] ?? found[1]);
  return first <= last && last <= PORT_MAX ? { first, last } : undefined;
}

/** The most ranges of one list. No scan needs more, but anybody may have written the log. */
const RANGES_MAX = 8192;

export function rangesOf(texts: readonly string[]): PortRange[] {
  return texts.slice(0, RANGES_MAX).map(rangeOf).filter((range) => range !== undefined);
}

/** How many ports ranges have. */
export function portCount(ranges: readonly PortRange[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

/** `10.9.0.1:22`, `[2001:db8::1]:22`, or without brackets; undefined for anything else. */
export function openAtOf(text: string): OpenAt | undefined {
  const colon = text.lastIndexOf(":");
  const port = rangeOf(text.slice(colon + 1));
  const host = text.slice(0, Math.max(colon, 0)).replace(/^\[(.*)\]$/, "$1");
  if (port === undefined || port.first !== port.last || host === "") return undefined;
  return { host, port: port.first };
}

/** `22, 80, 443-445 and 12 more`: ranges until `max` of them, ports counted. */
export function portsText(ranges: readonly PortRange[], max: number): string {
  const shown = ranges.slice(0, max);
  const text = shown.map(({ first, last }) => first === last ? `${first}` : `${first}-${last}`);
  const more = portCount(ranges) - portCount(shown);
  return text.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Single ports to sorted ranges. */
export function rangesOfPorts(ports: Iterable<number>): PortRange[] {
  const ranges: PortRange[] = [];
  for (const port of [...ports].sort((a, b) => a - b)) {
    const latest = ranges.at(-1);
    if (latest !== undefined && port <= latest.last + 1) latest.last = Math.max(latest.last, port);
    else ranges.push({ first: port, last: port });
  }
  return ranges;
}
