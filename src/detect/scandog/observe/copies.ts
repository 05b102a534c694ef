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

/** Remembers the packet at `base` as the latest of an attempt that has no acknowledgement number. */
export function noteLatest(
  table: AttemptTable,
  slot: number,
  records: Records,
  base: number,
): void {
  table.acknowledgement.set(slot, identityOf(records, base));
}

/** True when the packet at `base` is the attempt's latest once more. */
export function isCopy(table: AttemptTable, slot: number, records: Records, base: number): boolean {
  if (table.acknowledgement.of(slot) !== identityOf(records, base)) return false;
  // Whole milliseconds are kept of the latest one's time.
  const sinceUs = records.timeUs(base) - table.latestUs(slot);
  const isNumbered = (records.ipId(base) | records.sequence(base)) !== 0;
  return Math.abs(sinceUs) < (isNumbered ? COPY_US : UNNUMBERED_US);
}

/** What two packets of one flow differ in, unless their sender does not number them (IPv6, UDP). */
function identityOf(records: Records, base: number): number {
  return (records.ipId(base) << 16 | records.ipLength(base)) ^ records.sequence(base);
}
