// Packets that were captured more than once: on all interfaces of a router or bridge, or by a port that
// mirrors both ways, each comes two to four times. Knows a packet's identity and time, nothing of scans.
//
// It matters where packets are counted: three pings that are one would pass for a monitor's. TCP has
// sequence numbers for that; this is for what has none.

import { Field, type Records } from "../../../record.ts";
import { type Conversations, Word, wordAt } from "../table/conversations.ts";

/**
 * A numbered packet that comes again within this time is a copy: longer than a router holds it, as a rule,
 * and sooner than anybody sends it again.
 */
export const NUMBERED_COPY_US = 20_000;
/** Copies follow within microseconds; the most that a busy capture was seen to need, and room. */
const COPY_US = 2000;
/** A sender that does not number its packets may send two alike soon: a copy is one of the same millisecond. */
const UNNUMBERED_US = 1000;

export class Copies {
  declare private readonly records: Records;
  declare private readonly table: Conversations;

  constructor(records: Records, table: Conversations) {
    this.records = records;
    this.table = table;
  }

  /** Remembers the packet at `base` as the latest of an attempt that has no acknowledgement number. */
  note(base: number, slot: number): void {
    this.table.set(slot, Word.Acknowledgement, this.identity(base));
  }

  /** True when the packet is the attempt's latest once more; else it is the latest from now on. */
  isCopy(base: number, slot: number): boolean {
    const { table } = this;
    const identity = this.identity(base);
    if (table.get(slot, Word.Acknowledgement) === identity) {
      // Whole milliseconds are kept of the latest one's time.
      const sinceUs = this.records.f64[base >> 3] - table.latestUs(slot);
      const mostUs = this.isNumbered(base) ? COPY_US : UNNUMBERED_US;
      if (sinceUs < mostUs && sinceUs > -mostUs) return true;
    }
    table.set(slot, Word.Acknowledgement, identity);
    return false;
  }

  private isNumbered(base: number): boolean {
    const { u16, i32 } = this.records;
    return (u16[(base + Field.IpId) >> 1] | i32[wordAt(base, Field.Sequence)]) !== 0;
  }

  /** What two packets of one flow differ in, unless their sender does not number them (IPv6, UDP). */
  private identity(base: number): number {
    const { u16, i32 } = this.records;
    return (u16[(base + Field.IpId) >> 1] << 16 | u16[(base + Field.IpLength) >> 1]) ^
      i32[wordAt(base, Field.Sequence)];
  }
}
