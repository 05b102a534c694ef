// Packets that were captured more than once: on all interfaces of a router or bridge, or by a port that
// mirrors both ways, each comes two to four times. Knows a packet's identity and time, nothing of scans.
//
// It matters where packets are counted: three pings that are one would pass for a monitor's. TCP has
// sequence numbers for that; this is for what has none.

import type { Records } from "../../../record.ts";
import type { AttemptTable } from "../table/attempt_table.ts";

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
  declare private readonly table: AttemptTable;

  constructor(records: Records, table: AttemptTable) {
    this.records = records;
    this.table = table;
  }

  /** Remembers the packet at `base` as the latest of an attempt that has no acknowledgement number. */
  note(base: number, slot: number): void {
    this.table.acknowledgement.set(slot, this.identity(base));
  }

  /** True when the packet is the attempt's latest once more. */
  isCopy(base: number, slot: number): boolean {
    const { table, records } = this;
    if (table.acknowledgement.of(slot) !== this.identity(base)) return false;
    // Whole milliseconds are kept of the latest one's time.
    const sinceUs = records.timeUs(base) - table.latestUs(slot);
    const mostUs = this.isNumbered(base) ? COPY_US : UNNUMBERED_US;
    return sinceUs < mostUs && sinceUs > -mostUs;
  }

  private isNumbered(base: number): boolean {
    return (this.records.ipId(base) | this.records.sequence(base)) !== 0;
  }

  /** What two packets of one flow differ in, unless their sender does not number them (IPv6, UDP). */
  private identity(base: number): number {
    const { records } = this;
    return (records.ipId(base) << 16 | records.ipLength(base)) ^ records.sequence(base);
  }
}
