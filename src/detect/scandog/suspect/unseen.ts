// Sources of whom only answers are seen. Those may answer what somebody else sent in their name, so such
// a scan is told late, or not at all. Knows attempts and scans; nothing of shapes.

import type { Memory } from "../memory.ts";
import type { Scan } from "../scan/scan.ts";
import { Mark } from "../table/attempt_state.ts";
import { eachFailed } from "../table/attempt_chains.ts";

/** Attempts looked at: the latest. */
const LATELY = 16;

/** True when of most of what a subject did lately only the answers were seen. */
export function isUnseen(memory: Memory, subject: number): boolean {
  let surplus = 0;
  eachFailed(memory, subject, LATELY, (slot) => {
    surplus += memory.table.has(slot, Mark.ReplyOnly) ? 1 : -1;
  });
  return surplus > 0;
}

/**
 * True for the first attempt of a scan that was seen itself, when the scan was found by answers and was not
 * told yet. The answers may have been to what somebody else sent, or to what the source did before the
 * capture, so the attempt counts on its own.
 */
export function isFirstSeen({ table }: Memory, scan: Scan, slot: number): boolean {
  return scan.isUnseen && !scan.announced && !table.has(slot, Mark.ReplyOnly);
}
