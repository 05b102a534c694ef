// From events and attempts to the story that a report tells.

import { compare, type Fold, merged } from "./fold.ts";
import { sourceRows } from "./sources.ts";
import type { Interval, Scan, Story, TargetRow } from "./story.ts";
import type { ToldVisit } from "./told.ts";
import type { Tried } from "./tried.ts";

/** `tried`: where the captures themselves were read. */
export function gather(fold: Fold, tried?: Tried): Story {
  const scans = fold.scans();
  const visits = fold.allVisits();
  const misuse = fold.storiesOf("misuse"), floods = fold.storiesOf("flood");
  const losses = fold.losses(), suppressed = fold.suppressed();
  const blind = merged(losses);
  const hosts = hostsOf(scans);
  return {
    scans,
    sources: sourceRows(scans, visits),
    targets: tried === undefined
      ? targetsTold(scans, visits, hosts.names)
      : targetsTried(tried, visits),
    hosts: tried === undefined ? hosts.count : tried.hosts.size,
    isHostsExact: tried === undefined ? hosts.isExact : !tried.hostsLeftOut,
    openHosts: openHosts(scans, tried),
    visits,
    misuse,
    floods,
    losses,
    suppressed,
    span: spanOf([
      ...scans,
      ...visits.map(({ timeUs }) => ({ startUs: timeUs, endUs: timeUs })),
      ...misuse,
      ...floods,
      ...losses,
    ]),
    blind,
    observers: fold.observers(),
    notKept: fold.notKept,
  };
}

function spanOf(intervals: readonly Interval[]): Interval | undefined {
  if (intervals.length === 0) return undefined;
  let startUs = Infinity, endUs = -Infinity;
  for (const interval of intervals) {
    startUs = Math.min(startUs, interval.startUs);
    endUs = Math.max(endUs, interval.endUs);
  }
  return { startUs, endUs };
}

/** Lists end somewhere: then the hosts are at least as many as the greatest of the counts. */
function hostsOf(scans: readonly Scan[]): { names: Set<string>; count: number; isExact: boolean } {
  const names = new Set<string>();
  let most = 0, isExact = true;
  for (const { hosts, destination } of scans) {
    if (hosts.list.length === 0) names.add(destination);
    for (const host of hosts.list) names.add(host);
    most = Math.max(most, hosts.count);
    if (hosts.list.length < hosts.count && hosts.count > 1) isExact = false;
  }
  return { names, count: Math.max(names.size, most), isExact };
}

function openHosts(scans: readonly Scan[], tried: Tried | undefined): number | undefined {
  if (tried !== undefined) {
    return [...tried.hosts.values()].filter(({ open }) => open.size > 0).length;
  }
  const hosts = new Set<string>();
  for (const { learned, openAt } of scans) {
    if (learned === "open" && openAt.length === 0) return undefined;
    for (const { host } of openAt) hosts.add(host);
  }
  return hosts.size;
}

function targetsTried({ hosts }: Tried, visits: readonly ToldVisit[]): TargetRow[] {
  const rows = [...hosts].map(([host, { sources, open, counts }]): TargetRow => ({
    host,
    open: openPorts(open),
    sources: sources.size,
    visits: visits.filter(({ destination }) => destination === host).length,
    tries: { ...counts },
  }));
  return rows.sort(mostOpenFirst);
}

function targetsTold(
  scans: readonly Scan[],
  visits: readonly ToldVisit[],
  hosts: ReadonlySet<string>,
): TargetRow[] {
  const open = new Map<string, Map<number, Set<string>>>();
  const sources = new Map<string, Set<string>>();
  for (const { source, hosts: { list }, destination, openAt } of scans) {
    for (const host of list.length === 0 ? [destination] : list) setIn(sources, host).add(source);
    for (const { host, port } of openAt) {
      setIn(sources, host).add(source);
      let ports = open.get(host);
      if (ports === undefined) open.set(host, ports = new Map());
      setIn(ports, port).add(source);
    }
  }
  const names = new Set([...hosts, ...open.keys()]);
  const rows = [...names].map((host): TargetRow => ({
    host,
    open: openPorts(open.get(host) ?? new Map()),
    sources: sources.get(host)?.size ?? 0,
    visits: visits.filter(({ destination }) => destination === host).length,
  }));
  return rows.sort(mostOpenFirst);
}

function setIn<K>(sets: Map<K, Set<string>>, key: K): Set<string> {
  let set = sets.get(key);
  if (set === undefined) sets.set(key, set = new Set());
  return set;
}

function openPorts(open: ReadonlyMap<number, ReadonlySet<string>>): TargetRow["open"] {
  return [...open].map(([port, sources]) => ({ port, sources: [...sources].sort(compare) }))
    .sort((a, b) => a.port - b.port);
}

function mostOpenFirst(a: TargetRow, b: TargetRow): number {
  return b.visits - a.visits || b.open.length - a.open.length || b.sources - a.sources ||
    compare(a.host, b.host);
}
