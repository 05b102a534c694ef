// Scans by who sent them, worst first.

import { formatAddress, isMapped, parseAddress } from "../address.ts";
import { compare } from "./fold.ts";
import { PORTS } from "./port_counts.ts";
import { portCount } from "./ports.ts";
import { LEARNED, type Scan, type SourceRow } from "./story.ts";
import type { PortRange, ToldVisit } from "./told.ts";

/** What proves an address, best first. */
const EVIDENCE = ["handshake", "reset", "none"];

export function sourceRows(scans: readonly Scan[], visits: readonly ToldVisit[]): SourceRow[] {
  const bySource = new Map<string, Scan[]>();
  for (const scan of scans) {
    const list = bySource.get(scan.source);
    if (list === undefined) bySource.set(scan.source, [scan]);
    else list.push(scan);
  }
  const visitsOf = new Map<string, ToldVisit[]>();
  for (const visit of visits) {
    const list = visitsOf.get(visit.scan.source);
    if (list === undefined) visitsOf.set(visit.scan.source, [visit]);
    else list.push(visit);
  }
  const networks = networkSizes(bySource.keys());
  const rows = [...bySource].map(([source, own]) =>
    row(source, own, visitsOf.get(source) ?? [], networks.get(source))
  );
  rows.sort(worstFirst);
  rows.forEach((row, index) => row.anchor = `source-${index + 1}`);
  return rows;
}

function row(
  source: string,
  scans: Scan[],
  visits: ToldVisit[],
  network: SourceRow["network"],
): SourceRow {
  const open = union(scans.flatMap(({ open }) => open ?? []));
  const ranks = scans.map(({ learned }) => LEARNED.indexOf(learned));
  const proofs = scans.map(({ evidence }) => EVIDENCE.indexOf(evidence ?? "")).filter((at) =>
    at >= 0
  );
  const hops = scans.flatMap(({ hops }) => hops ?? []);
  return {
    source,
    anchor: "",
    scans,
    learned: LEARNED[Math.min(...ranks)],
    open,
    openCount: portCount(open),
    firstUs: scans[0].startUs,
    lastUs: scans.reduce((last, { endUs }) => Math.max(last, endUs), -Infinity),
    ports: most(scans, ({ ports }) => ports.count),
    hosts: most(scans, ({ hosts }) => hosts.count),
    evidence: proofs.length === 0 ? undefined : EVIDENCE[Math.min(...proofs)],
    tools: distinct(scans.map(({ tools }) => tools[0]?.name)),
    hops: hops.length === 0 ? undefined : {
      min: hops.reduce((least, { min }) => Math.min(least, min), Infinity),
      max: hops.reduce((most, { max }) => Math.max(most, max), 0),
    },
    techniques: distinct(scans.flatMap(({ techniques }) => techniques)),
    shapes: distinct(scans.map(({ shape, slow }) => slow ? `slow ${shape ?? ""}`.trim() : shape)),
    known: scans.find(({ known }) => known !== undefined)?.known,
    isOurs: scans.some(({ isOurs }) => isOurs),
    isZombie: scans.some(({ isZombie }) => isZombie),
    visits,
    network,
  };
}

function most(scans: readonly Scan[], count: (scan: Scan) => number): number {
  return scans.reduce((most, scan) => Math.max(most, count(scan)), 0);
}

function distinct(texts: readonly (string | undefined)[]): string[] {
  return [...new Set(texts.filter((text) => text !== undefined))];
}

/** Ranges as sorted ranges that do not overlap. */
export function union(ranges: readonly PortRange[]): PortRange[] {
  if (ranges.length === 0) return [];
  // A log may have any number of the widest ranges: filling bytes is the cheapest that there is.
  const ports = new Uint8Array(PORTS + 1);
  for (const { first, last } of ranges) ports.fill(1, first, last + 1);
  const found: PortRange[] = [];
  for (let first = ports.indexOf(1); first >= 0; first = ports.indexOf(1, first)) {
    const end = ports.indexOf(0, first);
    found.push({ first, last: end - 1 });
    first = end;
  }
  return found;
}

/** What people should look at before the rest: who came back, who is ours, who learned something. */
function worstFirst(a: SourceRow, b: SourceRow): number {
  return Number(b.visits.length > 0) - Number(a.visits.length > 0) ||
    Number(b.isOurs) - Number(a.isOurs) ||
    Number(a.known !== undefined) - Number(b.known !== undefined) ||
    LEARNED.indexOf(a.learned) - LEARNED.indexOf(b.learned) ||
    proofRank(a) - proofRank(b) ||
    b.openCount - a.openCount ||
    b.ports * b.hosts - a.ports * a.hosts ||
    a.firstUs - b.firstUs || compare(a.source, b.source);
}

function proofRank({ evidence }: SourceRow): number {
  const at = EVIDENCE.indexOf(evidence ?? "");
  return at < 0 ? EVIDENCE.length : at;
}

/** The network of each address that is not alone in it. */
function networkSizes(sources: Iterable<string>): Map<string, SourceRow["network"]> {
  const members = new Map<string, string[]>();
  for (const source of sources) {
    const prefix = networkOf(source);
    if (prefix === undefined) continue;
    const list = members.get(prefix);
    if (list === undefined) members.set(prefix, [source]);
    else list.push(source);
  }
  const found = new Map<string, SourceRow["network"]>();
  for (const [prefix, list] of members) {
    if (list.length < 2) continue;
    for (const source of list) found.set(source, { prefix, sources: list.length });
  }
  return found;
}

/** IPv4 /24, IPv6 /64; undefined for what is no address. */
export function networkOf(source: string): string | undefined {
  const address = parseAddress(source);
  if (address === undefined) return undefined;
  const isFour = isMapped(address, 0);
  address.fill(0, isFour ? 15 : 8);
  return `${formatAddress(address)}/${isFour ? 24 : 64}`;
}
