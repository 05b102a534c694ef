// What a source did before its scan was found: it is taken over into the scan, oldest first. Knows attempts and
// subjects; nothing of events.

import { GRACE_US, PINGED_MIN } from "../limits.ts";
import { Decision, isByLooks } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { provedBy } from "../table/attempt_proof.ts";
import { Mark, Outcome } from "../table/attempt_state.ts";
import { eachFailed, isOf } from "../table/failed_chain.ts";
import { isAnsweredPing, isPing, type Scan } from "./scan.ts";

/** Attempts taken over from before the scan was found; bounds the work of one packet. */
export const BACKLOG_MAX = 4096;
/** The target was heard of. */
const ANSWERED = Mark.Open | Mark.Closed | Mark.Replied;

export class Backlog {
  private readonly found = new Int32Array(BACKLOG_MAX);
  declare private readonly memory: Memory;
  declare private readonly count: (scan: Scan, slot: number) => void;

  /** `count`: counts an attempt in a scan. */
  constructor(memory: Memory, count: (scan: Scan, slot: number) => void) {
    this.memory = memory;
    this.count = count;
  }

  /** Takes over what a subject did so far that belongs to the scan. */
  take(scan: Scan, subject: number): void {
    this.takeFailed(scan, subject);
    this.takeAnswered(scan, subject);
  }

  /**
   * Takes over what was answered or used before the scan was found: that is what its source learned. Only what
   * the story's targets and its time hold: going back, no pause is longer than the scan's own.
   */
  private takeAnswered(scan: Scan, subject: number): void {
    const { table, subjects, hash, heads, stories } = this.memory;
    const graceUs = GRACE_US + 4 * scan.gapMs * 1000;
    let next = heads.latest(hash.address(subjects.words, subjects.addressAt(subject)));
    let found = 0, beforeUs = Infinity, startUs = scan.startUs;
    for (let i = 0; next !== 0 && i < BACKLOG_MAX; i++) {
      const slot = next - 1;
      const firstUs = table.firstUs(slot);
      // A place that was taken over leads elsewhere, or forward in time.
      if (!isOf(this.memory, slot, subject) || firstUs > beforeUs) break;
      beforeUs = firstUs;
      next = table.earlier.of(slot);
      if (firstUs < startUs - graceUs) break;
      startUs = Math.min(startUs, firstUs);
      const isFree = table.scan(slot) === 0 || stories.isOver(table.scan(slot));
      if (isFree && this.isPart(slot)) this.found[found++] = slot;
    }
    while (found > 0) {
      const slot = this.found[--found];
      if (!this.isOfScan(scan, slot)) continue;
      if (isAnsweredPing(table, slot) && scan.pings < PINGED_MIN) continue;
      this.takeProof(slot, subject);
      this.count(scan, slot);
    }
  }

  /** True for what was answered, and for what passed for a traceroute's or a stream's until it was too much. */
  private isPart(slot: number): boolean {
    const { table } = this.memory;
    return table.outcome(slot) === Outcome.Harmless
      ? isByLooks(table.excuse(slot))
      : table.has(slot, ANSWERED);
  }

  /** True for what was used and is of the scan's kind: who scans half-open may browse beside it. */
  private isOfScan(scan: Scan, slot: number): boolean {
    return (this.memory.table.techniques.of(slot) & scan.techniques) !== 0 && scan.resembles(slot);
  }

  /** What an attempt proves of its source. */
  private takeProof(slot: number, subject: number): void {
    const { table, subjects } = this.memory;
    subjects.proof.set(subject, subjects.proof.of(subject) | provedBy(table, slot));
  }

  private takeFailed(scan: Scan, subject: number): void {
    const { table } = this.memory;
    let found = 0, { pings } = scan;
    eachFailed(this.memory, subject, BACKLOG_MAX, (slot) => {
      // What was told of an earlier scan of this source is not told again.
      if (table.scan(slot) !== 0) return;
      this.found[found++] = slot;
      if (isPing(table, slot)) pings++;
    });
    while (found > 0) {
      const slot = this.found[--found];
      if (isAnsweredPing(table, slot) && pings < PINGED_MIN) this.greet(scan, slot);
      else this.count(scan, slot);
    }
  }

  /** A ping that came back, beside a scan of ports: left out while there are few. */
  greet(scan: Scan, slot: number): void {
    scan.pings++;
    this.memory.account?.decided(slot, Decision.Greeting);
  }

  /** So many pings are a sweep: those of the attempt's source that passed for greetings are part of it. */
  takeGreetings(scan: Scan, slot: number): void {
    const member = scan.members.subarray(0, scan.memberCount)
      .find((subject) => isOf(this.memory, slot, subject));
    if (member !== undefined) this.takeFailed(scan, member);
  }
}
