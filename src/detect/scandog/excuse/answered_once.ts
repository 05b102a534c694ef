// Questions that were answered once and never again: each alone is what any program does, but a sweep in which
// every host answers is made of nothing else. Knows attempts and time; what so many of them weigh stands in the
// table of classes.
//
// A source that was answered by several hosts on one UDP port is looked at again when its answers have had
// the time that monitors take to come back. What its targets answered a second time, or serve it otherwise,
// is its use of them. The rest counts where it goes through networks, from one socket or with one question:
// resolvers, peers and players change both, and their servers have no network in common.

import {
  ALIKE_FOURTHS,
  ANSWERED_MIN,
  ANSWERED_PER_NETWORK,
  ONCE_PER_AGAIN,
  SECOND_LOOK_MS,
} from "../limits.ts";
import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { payloadIn } from "../probe/form.ts";
import { eachAttempt } from "../table/attempt_chains.ts";
import { Mark, Outcome, Stage } from "../table/attempt_state.ts";
import { isAnswered, usedOfKey } from "../table/uses.ts";
import { Change } from "../table/outcome_queue.ts";
import { PendingQueue } from "../table/pending.ts";

/** Sources, and of each a port, that wait for their second look. */
const WAITING_MAX = 4096;
/** Attempts of a source that are looked through: its latest. */
const LOOKED_MAX = 4096;
/** Of them counted at once, the oldest: a story takes over what else belongs to it. */
const COUNTED_MAX = 256;
/** Sources looked at in one turn. */
const LOOKS_PER_TURN = 8;

export class AnsweredOnce {
  /** Of those that wait, the target key is queued; at its place stands the hash of the source. */
  declare readonly queue: PendingQueue;
  private readonly sources = new Int32Array(WAITING_MAX);
  /** Which of them wait, by hash; two that share a place may wait twice. */
  private readonly waiting = new Int32Array(WAITING_MAX);
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
    this.queue = new PendingQueue(WAITING_MAX, memory.clock, SECOND_LOOK_MS);
  }

  /** An attempt was used. */
  note(slot: number): void {
    const { table } = this.memory;
    const key = table.key.of(slot);
    if (classOf(key) !== TargetClass.Udp || usedOfKey(this.memory, slot) < ANSWERED_MIN) return;
    this.wait(table.sourceHash(slot), key);
  }

  private wait(source: number, key: number): void {
    const both = this.memory.hash.pair(source, key), place = both & (WAITING_MAX - 1);
    if (this.waiting[place] === both || this.queue.isFull()) return;
    this.waiting[place] = both;
    this.sources[this.queue.push(key)] = source;
  }

  /** Looks at those whose time is up, a bounded number. */
  turn(): void {
    for (let i = 0; i < LOOKS_PER_TURN && this.queue.isDue(); i++) this.lookAtFirst(false);
  }

  /** Looks at one, due or not; false when none waits: the capture has ended. */
  hurry(): boolean {
    if (this.queue.size > 0) this.lookAtFirst(true);
    return this.queue.size > 0;
  }

  private lookAtFirst(isLast: boolean): void {
    const source = this.sources[this.queue.oldestAt()], key = this.queue.shift();
    const both = this.memory.hash.pair(source, key), place = both & (WAITING_MAX - 1);
    if (this.waiting[place] === both) this.waiting[place] = 0;
    const isComplete = this.look(source, key, isLast);
    if (!isComplete && !isLast) this.wait(source, key);
  }

  /** Counts what a source was answered once, where it is a sweep's. False while some of it has not waited. */
  private look(source: number, key: number, isLast: boolean): boolean {
    const { memory, memory: { table, clock } } = this;
    /** Attempts at the target key that were answered once, the latest first; and hosts that serve it otherwise. */
    const answered: number[] = [], served = new Set<number>();
    let again = 0, isComplete = true;
    eachAttempt(memory, source, LOOKED_MAX, (slot) => {
      const isOfKey = table.key.of(slot) === key;
      if (isOfKey && this.isOnce(slot)) {
        const isOld = isLast || clock.since(table.createdMs.of(slot)) >= SECOND_LOOK_MS;
        if (isOld) answered.push(slot);
        else isComplete = false;
      } else if (this.isUse(slot)) {
        served.add(table.targetHash(slot));
        if (isOfKey) again++;
      }
    });
    const once = answered
      .filter((slot) => !served.has(table.targetHash(slot)) && !isAnswered(memory, slot));
    if (!this.isSweep(once, again, isLast)) return isComplete;
    const uses = once.filter((slot) => table.outcome(slot) === Outcome.Used);
    for (const slot of uses.slice(-COUNTED_MAX).reverse()) this.fail(slot);
    return isComplete;
  }

  /** True for a datagram that was answered once, whether or not it was counted since. */
  private isOnce(slot: number): boolean {
    const { table, stories } = this.memory;
    if (!table.has(slot, Mark.Replied) || table.stage(slot) === Stage.Again) return false;
    const scan = table.scan.of(slot);
    if (scan !== 0 && !stories.isOver(scan)) return false;
    return table.outcome(slot) === Outcome.Empty ||
      (table.outcome(slot) === Outcome.Used && !table.has(slot, Mark.Counted));
  }

  /** True for a use that is none of datagrams answered once: many ports of a host may be asked so. */
  private isUse(slot: number): boolean {
    const { table } = this.memory;
    return table.outcome(slot) === Outcome.Used &&
      (classOf(table.key.of(slot)) !== TargetClass.Udp || table.stage(slot) === Stage.Again);
  }

  /**
   * True for attempts that go through networks and return to few hosts; `again`: how many were used otherwise. At the
   * end of a capture nobody had the time to come back: then only one socket tells, or answers that nobody waited for.
   */
  private isSweep(once: readonly number[], again: number, isLast: boolean): boolean {
    const { length: count } = once;
    if (count < ANSWERED_MIN || count < again * ONCE_PER_AGAIN) return false;
    const { table, hash } = this.memory;
    const networks = once.map((slot) => hash.network(table.words, table.targetAt(slot)));
    if (count < new Set(networks).size * ANSWERED_PER_NETWORK) return false;
    const isMost = (holds: (slot: number) => boolean) =>
      4 * once.filter(holds).length >= count * ALIKE_FOURTHS;
    const port = commonest(once.map((slot) => table.sourcePort.of(slot)));
    const length = commonest(once.map((slot) => payloadIn(table.form.of(slot))));
    return isMost((slot) => table.sourcePort.of(slot) === port) ||
      isMost((slot) => table.has(slot, Mark.Unwanted)) ||
      (!isLast && isMost((slot) => payloadIn(table.form.of(slot)) === length));
  }

  private fail(slot: number): void {
    const { table, account, outcomes } = this.memory;
    table.setOutcome(slot, Outcome.Empty);
    account?.settled(slot, Decision.Undecided);
    outcomes.push(slot, Change.Failed);
  }
}

/** What most of the values are, if more than half of them are the same (Boyer and Moore 1981). */
function commonest(values: readonly number[]): number {
  let candidate = -1, lead = 0;
  for (const value of values) {
    if (lead === 0) candidate = value;
    lead += value === candidate ? 1 : -1;
  }
  return candidate;
}
