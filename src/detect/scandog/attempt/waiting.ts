// Attempts that wait for an answer: when their time is up, and what their silence means. Knows stages,
// and ARP, whose requests precede every packet to a neighbour; nothing of weights.

import type { ArpSilence } from "./arp_silence.ts";
import type { Attempts } from "./attempts.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import type { Conversations } from "../table/conversations.ts";
import * as conversations from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import type { Leases } from "./leases.ts";
import { Why } from "../ledger.ts";
import type { Reached } from "./reached.ts";
import type { PendingQueue } from "../table/pending.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Mark, Rank, Stage, Verdict, Word } = conversations;

/** Attempts judged at most in one turn, so that no packet pays for a long pause. */
const JUDGED_PER_TURN = 64;

export class Waiting {
  declare private readonly table: Conversations;
  declare private readonly pending: PendingQueue;
  declare private readonly silence: ArpSilence;
  declare private readonly reached: Reached;
  declare private readonly leases: Leases;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly waitMs: number;
  declare private attempts: Attempts;

  /** `reached`: addresses that packets were sent to; `waitMs`: how long an answer may take. */
  constructor(
    table: Conversations,
    pending: PendingQueue,
    silence: ArpSilence,
    reached: Reached,
    leases: Leases,
    hash: Hash,
    clock: Clock,
    waitMs: number,
  ) {
    this.table = table;
    this.pending = pending;
    this.silence = silence;
    this.reached = reached;
    this.leases = leases;
    this.hash = hash;
    this.clock = clock;
    this.waitMs = waitMs;
  }

  /** Whom it tells its verdicts; set once, because each needs the other. */
  connect(attempts: Attempts): void {
    this.attempts = attempts;
  }

  /** Puts an attempt in the queue, if it is not there. A full queue judges its oldest. */
  add(slot: number): void {
    const { table, pending } = this;
    if (table.has(slot, Mark.Pending)) return;
    table.mark(slot, Mark.Pending);
    if (pending.isFull()) this.judgeOldest();
    pending.push(slot, this.clock.ms);
  }

  /** Judges what is due, a bounded number. */
  turn(): void {
    for (let i = 0; i < JUDGED_PER_TURN && this.isDue(); i++) this.judgeOldest();
  }

  /** Judges everything: the capture has ended, or time leapt. */
  judgeAll(): void {
    while (this.pending.size > 0) this.judgeOldest();
  }

  /** True when an attempt waits that should be judged. */
  isDue(): boolean {
    return this.pending.size > 0 && this.clock.since(this.pending.oldestMs()) >= this.waitMs;
  }

  private judgeOldest(): void {
    const queuedMs = this.pending.oldestMs();
    const slot = this.pending.shift();
    // Its place may have been taken over, by an attempt that waits further back.
    const { table } = this;
    if (!table.has(slot, Mark.Pending)) return;
    if (((table.get(slot, Word.CreatedMs) - queuedMs) | 0) > 0) return;
    this.judge(slot);
  }

  /** Judges an attempt, due or not. */
  judge(slot: number): void {
    const { table } = this;
    table.unmark(slot, Mark.Pending);
    if (table.verdict(slot) !== Verdict.None) return;
    switch (table.stage(slot)) {
      case Stage.Sent: {
        const why = this.whyHarmless(slot);
        return why === Why.Undecided
          ? this.settleSilent(slot)
          : this.attempts.settle(slot, Verdict.Neutral, why);
      }
      case Stage.Answered: {
        // A kernel acknowledges what it is answered, and whoever answered would ask again: a filter hides it.
        const isUsed = this.attempts.isSynOnly && table.has(slot, Mark.Stack);
        return this.attempts.settle(slot, isUsed ? Verdict.Used : Verdict.HalfOpen);
      }
      default:
        // Connected and quiet so far: no verdict until it is used or closed.
        table.rank(slot, Rank.Idle, this.clock.ms);
    }
  }

  /** Where of TCP nothing but SYNs is seen, a client's answered connections look silent: that is noted. */
  private settleSilent(slot: number): void {
    const { table, attempts } = this;
    if (attempts.isSynOnly && table.has(slot, Mark.Stack)) table.mark(slot, Mark.Unseen);
    attempts.settle(slot, Verdict.Silent);
  }

  /** Why an attempt that nobody answered is harmless all the same; `Why.Undecided` if it is not. */
  private whyHarmless(slot: number): number {
    const { table } = this;
    const kind = classOf(table.get(slot, Word.Key));
    if (kind === TargetClass.IcmpEcho) {
      const from = this.hash.address(table.words, table.addressAt(slot, Word.Initiator));
      return this.leases.take(from) ? Why.Lease : Why.Undecided;
    }
    if (kind !== TargetClass.Arp) return Why.Undecided;
    // Packets went on to it, which a host that does not answer never gets.
    const at = table.addressAt(slot, Word.Responder);
    if (this.reached.has(this.hash.address(table.words, at))) return Why.ArpThere;
    return this.silence.whyHarmless(slot);
  }
}
