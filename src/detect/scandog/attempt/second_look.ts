// Attempts that were accepted and came to nothing wait here to be counted: a health check or a monitor
// looks the same, but comes again, while a scanner asks once. Knows slots and times; nothing of weights.
//
// All wait equally long. One that comes again meanwhile is harmless; one that comes again later has
// what it was charged with taken back. A full queue counts its oldest at once.

import type { Clock } from "../clock.ts";
import { type Conversations, Mark, Verdict, Word } from "../table/conversations.ts";
import type { Evidence } from "./evidence.ts";
import { type Ledger, Why } from "../ledger.ts";
import { PendingQueue } from "../table/pending.ts";
import { isSoft } from "../rules/weight.ts";

/** Longer than most checks pause between two rounds. */
const WAIT_MS = 15_000;
const WAITING_MAX = 1 << 14;
/** Counted at most at once. */
const COUNTED_PER_TURN = 1024;

export class SecondLook {
  private readonly queue = new PendingQueue(WAITING_MAX);
  declare private readonly table: Conversations;
  declare private readonly evidence: Evidence;
  declare private readonly clock: Clock;
  declare private readonly ledger: Ledger | undefined;

  constructor(
    table: Conversations,
    evidence: Evidence,
    clock: Clock,
    ledger: Ledger | undefined,
  ) {
    this.table = table;
    this.evidence = evidence;
    this.clock = clock;
    this.ledger = ledger;
  }

  /** An attempt has failed: true when it waits here to be counted. */
  takes(slot: number): boolean {
    const { table, queue } = this;
    // What a source does that is known to scan, or to have scanned, is part of that.
    if (!isSoft(table, slot) || table.has(slot, Mark.Learned)) return false;
    if (this.evidence.isScanning(slot)) return false;
    if (!table.has(slot, Mark.Counted) && !table.has(slot, Mark.Deferred)) {
      table.mark(slot, Mark.Deferred);
      if (queue.isFull()) this.countOldest();
      queue.push(slot, this.clock.ms);
    }
    return true;
  }

  /** The same source tries the same target anew. */
  again(slot: number): void {
    const { table } = this;
    if (!isSoft(table, slot) || table.has(slot, Mark.Learned)) return;
    if (table.get(slot, Word.Scan) !== 0) return;
    if (table.has(slot, Mark.Deferred)) table.unmark(slot, Mark.Deferred);
    else this.evidence.takeBack(slot);
    table.setVerdict(slot, Verdict.Neutral);
    this.ledger?.settled(slot, Why.CameAgain);
  }

  /** Its place is wanted: what waits is counted now. */
  giveUp(slot: number): void {
    const { table } = this;
    if (!table.has(slot, Mark.Deferred)) return;
    table.unmark(slot, Mark.Deferred);
    if (isSoft(table, slot)) this.evidence.fail(slot);
  }

  private isDue(): boolean {
    return this.queue.size > 0 && this.clock.since(this.queue.oldestMs()) >= WAIT_MS;
  }

  /** Counts what has waited long enough, a bounded number. */
  turn(): void {
    for (let i = 0; i < COUNTED_PER_TURN && this.isDue(); i++) this.countOldest();
  }

  /** Counts everything: the capture has ended. */
  countAll(): void {
    while (this.queue.size > 0) this.countOldest();
  }

  private countOldest(): void {
    const queuedMs = this.queue.oldestMs();
    const slot = this.queue.shift();
    // Its place may have been taken over, by an attempt that waits further back.
    if (((this.table.get(slot, Word.CreatedMs) - queuedMs) | 0) > 0) return;
    this.giveUp(slot);
  }
}
