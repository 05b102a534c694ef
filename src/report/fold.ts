// Folds events into scans, visits and the rest, each once. Knows no order of importance.

import { portCount } from "./ports.ts";
import type { Interval, Learned, Scan, Window } from "./story.ts";
import type { Told, ToldLoss, ToldScan, ToldStory, ToldSuppressed, ToldVisit } from "./told.ts";

/** More stories of one kind than anybody reads: what comes after is counted. */
const KEPT_MAX = 20_000;
/** Places where something was found open, ports and hosts in lists, of all scans together. */
const ITEMS_MAX = 2_000_000;

const PHASE_RANK = { start: 0, update: 1, end: 2 };

/** Everything told, each thing once; in order of time once `done`. */
export class Fold {
  private readonly latest = new Map<string, ToldScan>();
  private readonly visited = new Map<string, ToldVisit>();
  private readonly stories = new Map<string, ToldStory>();
  private readonly lost = new Map<string, ToldLoss>();
  private readonly withheld = new Map<string, ToldSuppressed>();
  private readonly names = new Set<string>();
  /** Stories beyond what is kept. */
  notKept = 0;

  private items = 0;
  private readonly window: Window;

  constructor(window: Window = {}) {
    this.window = window;
  }

  /** False for what lies outside the window. */
  add(told: Told): boolean {
    if (!this.isInside(told)) return false;
    if (told.observer !== undefined) this.names.add(told.observer);
    this.take(told);
    return true;
  }

  private take(told: Told): void {
    switch (told.what) {
      case "scan":
        return this.addScan(told);
      case "visit":
        return this.keep(this.visited, `${told.id}/${told.source}/${told.port}`, told);
      case "misuse":
      case "flood":
        return this.addStory(told);
      case "loss":
        return this.keep(this.lost, `${told.id}/${told.startUs}`, told);
      case "suppressed":
        return this.keep(this.withheld, `${told.id}/${told.of}`, told);
    }
  }

  /** Anything of it lies in the window. */
  private isInside(told: Told): boolean {
    const { sinceUs = -Infinity, untilUs = Infinity } = this.window;
    const { startUs, endUs } = told.what === "visit"
      ? { startUs: told.timeUs, endUs: told.timeUs }
      : told;
    return endUs >= sinceUs && startUs < untilUs;
  }

  /** A log may be cut by rotation, or several may be given: the furthest telling counts. */
  private addScan(full: ToldScan): void {
    const told = this.bounded(full);
    const key = told.id === "" ? `${told.source}/${told.startUs}` : told.id;
    const known = this.latest.get(key);
    if (known === undefined) return this.keep(this.latest, key, told);
    const rank = PHASE_RANK[told.phase] - PHASE_RANK[known.phase];
    const latest = rank > 0 || (rank === 0 && told.timeUs >= known.timeUs) ? told : known;
    const startUs = Math.min(known.startUs, told.startUs);
    this.latest.set(key, { ...latest, startUs });
  }

  /** Without its lists where there is no room for them any more. The counts stay. */
  private bounded(told: ToldScan): ToldScan {
    const items = told.openAt.length + told.hosts.list.length + told.ports.ranges.length;
    this.items += items;
    if (this.items <= ITEMS_MAX || items < 8) return told;
    this.notKept++;
    const { ports, hosts } = told;
    return {
      ...told,
      openAt: [],
      ports: { ...ports, ranges: ports.ranges.slice(0, 1) },
      hosts: { ...hosts, list: [] },
    };
  }

  private addStory(told: ToldStory): void {
    const key = `${told.what}/${told.id}`;
    const known = this.stories.get(key);
    if (known === undefined) return this.keep(this.stories, key, told);
    if (told.timeUs >= known.timeUs) this.stories.set(key, told);
  }

  private keep<T>(into: Map<string, T>, key: string, told: T): void {
    if (into.size < KEPT_MAX || into.has(key)) into.set(key, told);
    else this.notKept++;
  }

  scans(): Scan[] {
    const visits = this.visits();
    const told = [...this.latest.values()].sort(inTime);
    const scans = told.map((scan, index): Scan => {
      const { what: _what, phase, timeUs: _timeUs, ...rest } = scan;
      return {
        ...rest,
        anchor: `scan-${index + 1}`,
        isEnded: phase === "end",
        learned: learnedBy(scan),
        openCount: Math.max(portCount(scan.open ?? []), scan.openAt.length),
        isOurs: scan.direction === "outbound" || scan.direction === "internal",
        visits: [],
      };
    });
    for (const scan of scans) if (scan.id !== "") scan.visits = visits.get(scan.id) ?? [];
    return scans;
  }

  private visits(): Map<string, ToldVisit[]> {
    const byScan = new Map<string, ToldVisit[]>();
    for (const visit of this.allVisits()) {
      const visits = byScan.get(visit.scan.id);
      if (visits === undefined) byScan.set(visit.scan.id, [visit]);
      else visits.push(visit);
    }
    return byScan;
  }

  allVisits(): ToldVisit[] {
    return [...this.visited.values()].sort((a, b) =>
      a.timeUs - b.timeUs || compare(a.source, b.source) || a.port - b.port
    );
  }

  storiesOf(what: ToldStory["what"]): ToldStory[] {
    return [...this.stories.values()].filter((told) => told.what === what).sort(inTime);
  }

  losses(): ToldLoss[] {
    return [...this.lost.values()].sort(inTime);
  }

  suppressed(): ToldSuppressed[] {
    return [...this.withheld.values()].sort(inTime);
  }

  observers(): string[] {
    return [...this.names].sort(compare);
  }
}

function learnedBy({ open, openAt, closed, silent }: ToldScan): Learned {
  if (open === undefined && openAt.length === 0) return "unknown";
  if ((open?.length ?? 0) > 0 || openAt.length > 0) return "open";
  if ((closed ?? 0) > 0) return "refused";
  return (silent ?? 0) > 0 ? "silent" : "unknown";
}

/** Overlapping intervals as one. */
export function merged(intervals: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  for (const { startUs, endUs } of [...intervals].sort((a, b) => a.startUs - b.startUs)) {
    const latest = found.at(-1);
    if (latest !== undefined && startUs <= latest.endUs) {
      latest.endUs = Math.max(latest.endUs, endUs);
    } else found.push({ startUs, endUs });
  }
  return found;
}

/** By code units: the same order whatever the locale. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function inTime(a: Ordered, b: Ordered): number {
  return a.startUs - b.startUs || a.endUs - b.endUs || compare(a.id, b.id);
}

interface Ordered {
  startUs: number;
  endUs: number;
  id: string;
}
