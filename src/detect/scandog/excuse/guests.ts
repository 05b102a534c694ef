// Who asks those that are connected to it: a server that asks its clients for their names (RFC 1413) does so before
// either side has said a word. Knows attempts; nothing of weights.

import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { eachAttempt } from "../table/attempt_chains.ts";
import { Mark, Stage } from "../table/attempt_state.ts";

/** Connections of the target that are looked at: its latest. */
const LATELY = 4;

/**
 * True when the target of an attempt has a connection to its source under way. Both have shown that: the source
 * accepted, and the target acknowledged the number that it was given.
 */
export function isGuest(memory: Memory, slot: number): boolean {
  const { table } = memory;
  let isConnected = false;
  eachAttempt(memory, table.targetHash(slot), LATELY, (other) => {
    isConnected = table.targetHash(other) === table.sourceHash(slot) &&
      classOf(table.key.of(other)) === TargetClass.Tcp &&
      table.stage(other) === Stage.Open && table.has(other, Mark.Handshake);
    return !isConnected;
  });
  return isConnected;
}
