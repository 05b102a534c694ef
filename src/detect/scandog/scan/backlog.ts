// What a source did before its scan was found: it is taken over into the scan, oldest first. Knows attempts and
// subjects; nothing of events.

import { GRACE_US, PINGED_MIN } from "../limits.ts";
import { Decision, isByLooks } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { Mark, Outcome } from "../table/attempt_state.ts";
import type { AttemptTable } from "../table/attempt_table.ts";
import { eachAttempt, eachFailed } from "../table/attempt_chains.ts";
import { isAnsweredPing, isPing, type Scan } from "./scan.ts";

/** Attempts taken over from before the scan was found; bounds the work of one packet. */
export const BACKLOG_MAX = 4096;
/** The target was heard of. */
const ANSWERED = Mark.Open | Mark.Closed | Mark.Replied;

/**
 * What a subject did so far that belongs to the scan, oldest first; each is to be counted in it before the next is
 * asked for.
 */
export function* backlogOf(memory: Memory, scan: Scan, subject: number): Generator<number> {
  const { table, hash } = memory;
  const networks = new Set<number>();
  const networkOf = (slot: number) => hash.network(table.words, table.targetAt(slot));
  let failed = 0;
  for (const slot of failedBefore(memory, scan, subject)) {
    networks.add(networkOf(slot));
    failed++;
    yield slot;
  }
  // Who fails all over the Internet may have used what is anywhere.
  const isSpread = 2 * networks.size > failed;
  const failsNear = (slot: number) => isSpread || networks.has(networkOf(slot));
  yield* answeredBefore(memory, scan, subject, failsNear);
}

/** What failed; pings that came back, beside a scan of ports, are left out while they are few. */
export function* failedBefore(memory: Memory, scan: Scan, subject: number): Generator<number> {
  const { table } = memory;
  const found: number[] = [];
  eachFailed(memory, subject, BACKLOG_MAX, (slot) => {
    // What was told of an earlier scan of this source is not told again.
    if (table.scan.of(slot) === 0) found.push(slot);
  });
  const pings = scan.pings + found.filter((slot) => isPing(table, slot)).length;
  for (const slot of found.reverse()) {
    if (isAnsweredPing(table, slot) && pings < PINGED_MIN) greet(memory, scan, slot);
    else yield slot;
  }
}

/** A ping that came back, beside a scan of ports: left out while there are few. */
export function greet({ account }: Memory, scan: Scan, slot: number): void {
  scan.pings++;
  account?.decided(slot, Decision.Greeting);
}

/**
 * What was answered or used before the scan was found: that is what its source learned. Only what the story's
 * targets and its time hold: going back, no pause is longer than the scan's own. What it used where it fails at nothing
 * (`failsNear` is false) is what it does beside.
 */
function* answeredBefore(
  memory: Memory,
  scan: Scan,
  subject: number,
  failsNear: (slot: number) => boolean,
): Generator<number> {
  const { table, subjects, stories } = memory;
  const graceUs = GRACE_US + 4 * scan.gapMs * 1000;
  const found: number[] = [];
  let { startUs } = scan;
  eachAttempt(memory, memory.hashOf(subject), BACKLOG_MAX, (slot) => {
    const isNear = table.firstUs(slot) >= startUs - graceUs;
    const isFree = table.scan.of(slot) === 0 || stories.isOver(table.scan.of(slot));
    if (isNear && isFree && isPart(table, slot)) found.push(slot);
    if (isNear) startUs = Math.min(startUs, table.firstUs(slot));
    return isNear;
  });
  for (const slot of found.reverse()) {
    // Who scans half-open may browse beside it.
    const isOfKind = (table.techniques.of(slot) & scan.techniques) !== 0 && scan.resembles(slot);
    if (table.outcome(slot) === Outcome.Used && !failsNear(slot)) continue;
    if (!isOfKind || (isAnsweredPing(table, slot) && scan.pings < PINGED_MIN)) continue;
    subjects.proof.mark(subject, table.proof(slot));
    yield slot;
  }
}

/** True for what was answered, and for what passed for a traceroute's or a stream's until it was too much. */
function isPart(table: AttemptTable, slot: number): boolean {
  if (table.outcome(slot) !== Outcome.Harmless) return table.has(slot, ANSWERED);
  const excuse = table.excuse(slot);
  return isByLooks(excuse) || excuse === Decision.Expired;
}
