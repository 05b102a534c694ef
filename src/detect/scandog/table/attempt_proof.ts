// What an attempt's packets prove of its source. Knows marks.

import { Proof } from "../probe/proof.ts";
import type { AttemptEntries } from "./attempt_entries.ts";
import { Mark } from "./attempt_state.ts";

/** Bits of `Proof`: what the attempt proved, also before its source had a place to keep it. */
export function provedBy(table: AttemptEntries, slot: number): number {
  const isOdd = table.has(slot, Mark.OddReset);
  const reset = table.has(slot, Mark.Reset) ? (isOdd ? Proof.OddReset : Proof.Reset) : 0;
  return (table.has(slot, Mark.Handshake) ? Proof.Handshake : 0) | reset;
}
