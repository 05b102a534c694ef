// What is noted of one source: totals that are exact, and lists that are bounded. Knows codes and
// plain data; nothing of tables.

import {
  OUTCOMES,
  type ScanAccount,
  type SourceAccount,
  type Threshold,
} from "../../../account.ts";
import { DECISIONS } from "../../../decision.ts";
import { AttemptList } from "./attempt_list.ts";
import { closeness } from "./thresholds.ts";

/** Scans listed of one source; their number is exact. */
const SCANS_MAX = 32;

export class SourceNotes {
  readonly outcomes = OUTCOMES.map(() => 0);
  readonly decisions = DECISIONS.map(() => 0);
  /** Made when there is something to list: most sources of a flood have nothing. */
  private list: AttemptList | undefined = undefined;
  /** Of each shape the nearest; those of the source's network apart. */
  private readonly nearest = new Map<string, Threshold>();
  private readonly scans: ScanAccount[] = [];
  /** What its account says in all, by the same names. */
  readonly totals = {
    /** A scan was told under its name. */
    scanned: false,
    startUs: Infinity,
    endUs: -Infinity,
    attempts: 0,
    weight: 0,
    points: 0,
    scanCount: 0,
    restarts: 0,
    gated: 0,
    dismissed: 0,
  };
  readonly packets = { sent: 0, unfit: 0 };
  /** When it was last heard of, as a running number. */
  turn = 0;
  declare readonly source: string;
  declare private readonly listMax: number;
  declare private readonly partial: boolean;

  /** `listMax`: attempts listed one by one; `partial`: it was here before, and had to give way. */
  constructor(source: string, listMax: number, partial: boolean) {
    this.source = source;
    this.listMax = listMax;
    this.partial = partial;
  }

  /** Its attempts one by one. */
  get attempts(): AttemptList {
    return this.list ??= new AttemptList(this.listMax);
  }

  /** Attempts that are listed now. */
  get listed(): number {
    return this.list?.size ?? 0;
  }

  /** A new attempt, at `timeUs`. */
  begun(timeUs: number): void {
    const { totals } = this;
    totals.attempts++;
    this.outcomes[0]++;
    this.decisions[0]++;
    totals.startUs = Math.min(totals.startUs, timeUs);
    totals.endUs = Math.max(totals.endUs, timeUs);
  }

  /** Keeps what came nearest to each shape. */
  near(threshold: Threshold): void {
    const key: string = threshold.network ? `network ${threshold.rule}` : threshold.rule;
    const before = this.nearest.get(key);
    if (before === undefined || closeness(threshold) >= closeness(before)) {
      this.nearest.set(key, threshold);
    }
  }

  joined(scan: ScanAccount): void {
    this.totals.scanCount++;
    if (this.scans.length === SCANS_MAX) this.scans.shift();
    this.scans.push(scan);
  }

  /** Nearest first; what was not begun at all is left out. */
  private thresholds(): Threshold[] {
    return [...this.nearest.values()].filter(({ reached }) => reached > 0)
      .sort((a, b) => closeness(b) - closeness(a));
  }

  /** For sorting, and for who has to give way: a scan told, one not told, a threshold, attempts. */
  worth(): number {
    const { scanCount, scanned, attempts } = this.totals;
    const near = Math.max(0, ...[...this.nearest.values()].map(closeness));
    return (scanCount === 0 ? 0 : scanned ? 8 : 4) + Math.min(2, near) +
      Math.min(0.001, (attempts - this.outcomes[1]) / 1e7);
  }

  /** As plain data. `withPackets`: packets were counted. */
  account(withPackets: boolean): SourceAccount {
    return {
      source: this.source,
      ...this.totals,
      ...(withPackets ? { packets: this.packets } : {}),
      outcomes: counted(OUTCOMES, this.outcomes),
      decisions: counted(DECISIONS.map(({ name }) => name), this.decisions),
      thresholds: this.thresholds(),
      scans: [...this.scans],
      partial: this.partial,
      listed: this.list?.all() ?? [],
    };
  }
}

function counted<T extends string>(names: readonly T[], counts: readonly number[]) {
  const there = names.map((name, i) => [name, counts[i]] as const).filter(([, count]) => count > 0);
  return Object.fromEntries(there) as Partial<Record<T, number>>;
}
