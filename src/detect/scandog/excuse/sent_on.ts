// What a machine sends on for others under its own address (NAT), where it captures on all its interfaces: each packet
// is seen before and after. Knows attempts and what the kernel said of their packets; nothing of looks.

import { SENT_HERE } from "../probe/form.ts";
import type { AttemptTable } from "../table/attempt_table.ts";

/**
 * True for an attempt that the same probe began as another's (see `LookAlikes.note`), if that probe had come in from
 * elsewhere and then went out. Whoever forges addresses sends from elsewhere, or from here, but not both.
 */
export function isSentOn(table: AttemptTable, slot: number, other: number): boolean {
  return (table.form.of(slot) & SENT_HERE) !== 0 && (table.form.of(other) & SENT_HERE) === 0;
}
