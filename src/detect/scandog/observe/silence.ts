// Attempts that wait for an answer: when their time is up, and what is seen of them then. Knows stages;
// nothing of what silence means.

import { Decision } from "../../../decision.ts";
import { Mark, Outcome, Rank, Stage } from "../table/attempt_state.ts";
import { networkOf, Width } from "../table/network_prefix.ts";
import { Protocol } from "./protocol.ts";

/** How many attempts before their turn they are read, and what they lead to. */
const FAR = 16, NEAR = 8;

export class Silence extends Protocol {
  /** What was read ahead: kept, for what nobody keeps is not read. */
  seen = 0;
  private readonly prefix = new Int32Array(4);

  /** Settles what has waited longest, due or not; only when something waits. */
  settleOldest(): void {
    const { waiting } = this.attempts;
    const queuedMs = waiting.oldestMs();
    this.readAhead();
    const slot = waiting.shift();
    if (this.attempts.isStill(slot, queuedMs)) this.settle(slot);
  }

  /**
   * Attempts fall due long after they began, when what is known of them is no longer in the processor's cache: it
   * is read some attempts before its turn, so that many wait for memory at once. First the attempt; once it is
   * there, what a first failure of its source, and of its network, is noted in.
   */
  private readAhead(): void {
    const { table, memory: { probation, hash }, attempts: { waiting } } = this;
    const near = table.sourceAt(waiting.later(NEAR));
    networkOf(table.words, near, Width.Link, this.prefix);
    this.seen = table.touch(waiting.later(FAR)) ^ probation.read(hash.address(table.words, near)) ^
      probation.read(hash.pair(hash.address(this.prefix, 0), Width.Link));
  }

  /** Data that nobody acknowledged, of no connection that was seen: a probe, where the target would be seen. */
  private settleMid(slot: number): void {
    const { table, view } = this;
    if (table.has(slot, Mark.Replied)) return;
    if (!view.isTargetSideSeen(table, slot)) {
      return this.attempts.settle(slot, Outcome.Harmless, Decision.Midstream);
    }
    table.mark(slot, Mark.Ambiguous);
    this.attempts.settle(slot, Outcome.Silent);
  }

  /** Settles an attempt, due or not. */
  settle(slot: number): void {
    const { table, view } = this;
    table.unmark(slot, Mark.Pending);
    if (table.outcome(slot) !== Outcome.None) return;
    const isKernels = table.has(slot, Mark.Stack);
    switch (table.stage(slot)) {
      case Stage.Mid:
        return this.settleMid(slot);
      case Stage.Sent:
        // Where of TCP nothing but SYNs is seen, a client's answered connections look silent: that is noted.
        if (isKernels && view.isSynOnly) table.mark(slot, Mark.MaybeAnswered);
        return this.attempts.settle(slot, Outcome.Silent);
      case Stage.Answered:
        // A kernel acknowledges what it is answered, and whoever answered would ask again: a filter hides it.
        return this.attempts.settle(
          slot,
          isKernels && view.isEndsOnly ? Outcome.Used : Outcome.HalfOpen,
        );
      default:
        // Connected and quiet so far: no outcome until it is used or closed.
        table.rank(slot, Rank.Idle, this.clock.ms);
    }
  }
}
