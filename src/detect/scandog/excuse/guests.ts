// Who asks those that are connected to it: a server that asks its clients for their names (RFC 1413) does so before
// either side has said a word. Knows attempts; nothing of weights.

import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { Mark, Stage } from "../table/attempt_state.ts";

/** Connections of the target that are looked at: its latest. */
const LATELY = 4;

/**
 * True when the target of an attempt has a connection to its source under way. Both have shown that: the source
 * accepted, and the target acknowledged the number that it was given.
 */
export function isGuest({ table, heads }: Memory, slot: number): boolean {
  const guest = table.targetHash(slot);
  let next = heads.latest(guest);
  for (let i = 0; next !== 0 && i < LATELY; i++) {
    const other = next - 1;
    if (table.sourceHash(other) !== guest) return false;
    const isBack = table.targetHash(other) === table.sourceHash(slot);
    if (isBack && classOf(table.key.of(other)) === TargetClass.Tcp && isUnderWay(table, other)) {
      return true;
    }
    next = table.earlier.of(other);
  }
  return false;
}

function isUnderWay(table: Memory["table"], slot: number): boolean {
  return table.stage(slot) === Stage.Open && table.has(slot, Mark.Handshake);
}
