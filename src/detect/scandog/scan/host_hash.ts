// The part of a target's address that lists of hosts keep as a hash. Knows words.

import type { Memory } from "../memory.ts";

/** Hash of all but the last 16 bits of the target's address, which are a little-endian word's upper half. */
export function upperOf({ table, hash }: Memory, slot: number): number {
  const { words } = table;
  const at = table.targetAt(slot);
  const upper = hash.triple(words[at], words[at + 1], words[at + 2]);
  return hash.pair(upper, words[at + 3] & 0xffff) & 0xffff;
}
