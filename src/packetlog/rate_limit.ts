// How many packets a second are logged, of one source and of all together, and how many were not.
// Without the limit on all, a flood of forged sources would pass each one's own. Knows records and
// the time in them; nothing of lines.

import { formatAddress } from "../address.ts";
import { Field, type Records } from "../record.ts";
import { SourceTable } from "./source_table.ts";

export interface RateLimits {
  /** Packets a second; 0: no limit. */
  perSource: number;
  overall: number;
}

/** The number of sources that are followed. A further source starts anew, under the limit on all. */
const SOURCES = 32768;
/** Packets of this much time may come at once, so that a short burst is logged whole. */
const BURST_US = 5_000_000;
/** A time so far behind what was seen is another clock's: start anew. */
const STEP_US = 1_000_000;
/** What was suppressed is said this often. */
const REPORT_US = 10_000_000;

/** What was not logged in an interval. */
export interface Suppressed {
  startUs: number;
  endUs: number;
  count: number;
  /** The source with the most suppressed packets. */
  mostSource: string;
  mostCount: number;
}

/**
 * Two leaky buckets in the form of ATM's "virtual scheduling" (GCRA, ITU-T I.371): each keeps the
 * time at which it would be empty.
 */
export class RateLimit {
  declare private readonly sources: SourceTable;
  /** By slot, not logged since the last report. */
  declare private readonly suppressed: Float64Array;
  declare private readonly sourceStepUs: number;
  declare private readonly overallStepUs: number;
  private emptyUs = -Infinity;
  private startUs = NaN;
  private count = 0;
  private most = -1;
  declare private readonly records: Records;

  constructor(records: Records, limits: RateLimits, seed: number) {
    this.records = records;

    this.sources = new SourceTable(SOURCES, seed);
    this.suppressed = new Float64Array(SOURCES);
    this.sourceStepUs = limits.perSource > 0 ? 1e6 / limits.perSource : 0;
    this.overallStepUs = limits.overall > 0 ? 1e6 / limits.overall : 0;
  }

  /** May the packet at `base` be logged? If not, it is counted. Allocates nothing. */
  admits(base: number): boolean {
    const nowUs = this.records.f64[(base + Field.TimeUs) >> 3];
    if (this.sourceStepUs === 0 && this.overallStepUs === 0) return true;
    const slot = this.slotOf(base);
    const { rank } = this.sources;
    const ownUs = begin(rank[slot], nowUs);
    const allUs = begin(this.emptyUs, nowUs);
    const own = this.sourceStepUs === 0 || ownUs - nowUs + this.sourceStepUs <= BURST_US;
    const all = this.overallStepUs === 0 || allUs - nowUs + this.overallStepUs <= BURST_US;
    if (own && all) {
      rank[slot] = ownUs + this.sourceStepUs;
      this.emptyUs = allUs + this.overallStepUs;
      return true;
    }
    this.countOne(slot, nowUs);
    return false;
  }

  /** What is to be said by now of packets not logged; `last` says it at once. Else undefined. */
  report(nowUs: number, last = false): Suppressed | undefined {
    if (this.count === 0) return undefined;
    // Packets of several interfaces are out of order by a little.
    const sinceUs = nowUs - this.startUs;
    const soon = sinceUs >= -STEP_US && sinceUs < REPORT_US;
    if (soon && !last) return undefined;
    const { most, suppressed, sources } = this;
    const found = {
      startUs: Math.min(this.startUs, nowUs),
      endUs: nowUs,
      count: this.count,
      mostSource: formatAddress(sources.address(most)),
      mostCount: suppressed[most],
    };
    suppressed.fill(0);
    this.count = 0;
    this.most = -1;
    return found;
  }

  /** When `report` will have something to say; Infinity: nothing was suppressed. */
  dueUs(): number {
    return this.count === 0 ? Infinity : this.startUs + REPORT_US;
  }

  private slotOf(base: number): number {
    const { sources, suppressed } = this;
    const slot = sources.slotOf(this.records.u32, (base + Field.Source) >> 2);
    if (sources.fresh) {
      sources.taken[slot] = 1;
      sources.rank[slot] = -Infinity;
      suppressed[slot] = 0;
    }
    return slot;
  }

  private countOne(slot: number, nowUs: number): void {
    if (this.count++ === 0) this.startUs = nowUs;
    const count = ++this.suppressed[slot];
    if (this.most < 0 || count >= this.suppressed[this.most]) this.most = slot;
  }
}

/** When a bucket is empty, given what it was before: not in the past, and not by another clock. */
function begin(emptyUs: number, nowUs: number): number {
  const ahead = emptyUs - nowUs;
  return ahead > 0 && ahead <= BURST_US + STEP_US ? emptyUs : nowUs;
}
