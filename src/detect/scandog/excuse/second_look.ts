// Attempts of which one look does not tell what they are wait here to be counted: a health check or a
// monitor looks the same, but comes again, while a scanner asks once. They are those that were accepted
// and came to nothing, and datagrams without an answer of a source that no answer was ever seen to.
// Knows slots and times; nothing of weights.
//
// All wait equally long. One that comes again meanwhile is harmless, if it is a connection as soon as it has
// come as long, or as often, as checks do; an accepted one that comes again later has what it was charged with
// taken back. A full queue counts its oldest at once, and so does all that waits of one source once that is too
// much, or once it scans.

import { Decision } from "../../../decision.ts";
import {
  ACCEPTED_MAX,
  ANSWERS_PER_LOST,
  CHECK_MS,
  CHECK_PACKETS,
  PORTS_OF_A_CHECK,
  ROUND_MS,
  ROUNDS_MIN,
  SECOND_LOOK_MS,
  UNANSWERED_MAX,
} from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { Mark, Outcome } from "../table/attempt_state.ts";
import { Change } from "../table/outcome_queue.ts";
import { noteAccepted } from "../table/uses.ts";
import { PendingQueue } from "../table/pending.ts";
import type { View } from "../view.ts";
import { isSoft } from "../weigh/failures.ts";

const WAITING_MAX = 1 << 14;
/** Counted at most at once. */
const COUNTED_PER_TURN = 1024;
/** Counters of what waits; sources that share one have less patience between them. */
const SOURCES = 1 << 12;
/** The same of sources and targets. */
const PAIRS = 1 << 14;

export class SecondLook {
  declare readonly queue: PendingQueue;
  /** Of each source, by its hash, and of each kind: how many wait, and the latest one's slot + 1. */
  private readonly waiting = new Uint16Array(2 * SOURCES);
  private readonly latest = new Int32Array(2 * SOURCES);
  /** The source of each that waits, at its place in the queue. */
  private readonly sources = new Uint16Array(WAITING_MAX);
  /** Of each source and target, by their hash: unanswered ports that waited lately. */
  private readonly ports = new Uint8Array(PAIRS);
  private readonly portsMs = new Int32Array(PAIRS);
  declare private readonly view: View;
  declare private readonly memory: Memory;

  constructor(memory: Memory, view: View) {
    this.memory = memory;
    this.queue = new PendingQueue(WAITING_MAX, memory.clock, SECOND_LOOK_MS);
    this.view = view;
  }

  /** True for a failure that one look does not explain. */
  isOpen(slot: number): boolean {
    const { table } = this.memory;
    if (isSoft(table, slot)) return true;
    if (!this.isUnanswered(slot)) return false;
    // Where the capture sees what the target sends, its silence says enough.
    return !this.view.isTargetSideSeen(table, slot) || this.isMostlyAnswered(slot);
  }

  /** True for pings of a source that mostly come back: a monitor misses some, a sweep finds few. */
  private isMostlyAnswered(slot: number): boolean {
    const { table } = this.memory;
    if (classOf(table.key.of(slot)) !== TargetClass.IcmpEcho) return false;
    const at = (table.sourceHash(slot) & (SOURCES - 1)) << 1;
    return this.waiting[at] > ANSWERS_PER_LOST * this.waiting[at + 1];
  }

  /** True for a datagram that nobody answered: all there is to see of it where answers are not captured. */
  private isUnanswered(slot: number): boolean {
    const { table } = this.memory;
    if (table.outcome(slot) !== Outcome.Silent) return false;
    const kind = classOf(table.key.of(slot));
    return kind === TargetClass.Udp || kind === TargetClass.IcmpEcho;
  }

  private placeOf(slot: number): number {
    return (this.memory.table.sourceHash(slot) & (SOURCES - 1)) << 1 | +this.isUnanswered(slot);
  }

  /** True when so much waits of the attempt's source, or waited at its target, that it is no monitor's. */
  isFull(slot: number): boolean {
    if (this.isUnanswered(slot) && this.portsOf(slot) >= PORTS_OF_A_CHECK) return true;
    const most = this.isUnanswered(slot) ? UNANSWERED_MAX : ACCEPTED_MAX;
    return this.waiting[this.placeOf(slot)] >= most;
  }

  /** Unanswered ports of the target that waited here, of this source; those of another pair may be counted too. */
  private portsOf(slot: number): number {
    const at = this.pairOf(slot);
    return this.memory.clock.since(this.portsMs[at]) > SECOND_LOOK_MS ? 0 : this.ports[at];
  }

  private pairOf(slot: number): number {
    return this.memory.table.hostsHash(slot) & (PAIRS - 1);
  }

  /** An attempt that failed waits here to be counted. */
  add(slot: number): void {
    const { table, clock } = this.memory;
    const { queue } = this;
    if (this.isUnanswered(slot)) {
      const pair = this.pairOf(slot);
      this.ports[pair] = this.portsOf(slot) + 1;
      this.portsMs[pair] = clock.ms;
    }
    if (isConnection(table, slot)) noteAccepted(this.memory, slot, false);
    const at = this.placeOf(slot);
    table.mark(slot, Mark.Deferred);
    if (queue.isFull()) this.releaseOldest(true);
    this.sources[queue.push(slot)] = at;
    table.link.set(slot, this.latest[at]);
    this.latest[at] = slot + 1;
    this.waiting[at]++;
  }

  /** True for an attempt that comes again as a check does, so that what it was charged with is taken back. */
  isCheck(slot: number): boolean {
    const { table } = this.memory;
    return isSoft(table, slot) && !table.has(slot, Mark.Learned) && table.scan.of(slot) === 0 &&
      (!isConnection(table, slot) || isRegular(table, slot));
  }

  /** One that waits comes again, not yet as a check does, but later than a retry. */
  noteAgain(slot: number): void {
    if (this.isNextRound(slot)) this.memory.table.mark(slot, Mark.CameAgain);
  }

  /** True for one more datagram, answer or connection of a later round. */
  isNextRound(slot: number): boolean {
    return this.memory.table.repeatMs.of(slot) >= ROUND_MS;
  }

  /** True for an unanswered attempt that waits here and was asked in so many rounds. */
  isMonitors(slot: number): boolean {
    const { table } = this.memory;
    return table.has(slot, Mark.Deferred) && this.isUnanswered(slot) &&
      table.packets(slot) >= ROUNDS_MIN;
  }

  /** The attempt is harmless after all. */
  pass(slot: number, why: number = Decision.CameAgain): void {
    const { table, account } = this.memory;
    table.unmark(slot, Mark.Deferred);
    table.setOutcome(slot, Outcome.Harmless);
    table.setExcuse(slot, why);
    account?.settled(slot, why);
  }

  /**
   * An attempt waits no longer: it is counted now, if nothing explains it. `isEarly`: its time is not up, so one that
   * came again may be a check of which no more could be seen.
   */
  release(slot: number, isEarly: boolean): void {
    const { table, outcomes } = this.memory;
    if (!table.has(slot, Mark.Deferred)) return;
    table.unmark(slot, Mark.Deferred);
    if (this.isDelivered(slot)) this.pass(slot, Decision.ArpThere);
    else if (isEarly && table.has(slot, Mark.CameAgain)) this.pass(slot);
    else if (isSoft(table, slot) || this.isUnanswered(slot)) {
      if (isConnection(table, slot)) noteAccepted(this.memory, slot, true);
      outcomes.push(slot, Change.Failed);
    }
  }

  /** True for an answered ARP request of a router that then had something to deliver. */
  private isDelivered(slot: number): boolean {
    const { table } = this.memory;
    return classOf(table.key.of(slot)) === TargetClass.Arp &&
      this.view.routed.has(table.targetHash(slot));
  }

  /** Releases all that waits of the attempt's source, a bounded number. */
  releaseAll(slot: number): void {
    const at = (this.memory.table.sourceHash(slot) & (SOURCES - 1)) << 1;
    this.releaseChain(slot, at);
    this.releaseChain(slot, at + 1);
  }

  private releaseChain(slot: number, at: number): void {
    const { table } = this.memory;
    let next = this.latest[at];
    this.latest[at] = 0;
    for (let i = 0; i < 2 * ACCEPTED_MAX && next !== 0; i++) {
      const other = next - 1;
      // Its place, or its link, may be another's by now; one that was passed is still in its place.
      if (!table.has(other, Mark.Deferred) && table.outcome(other) !== Outcome.Harmless) break;
      next = table.link.of(other);
      if (table.sameSource(other, slot)) this.release(other, false);
    }
  }

  /** Releases what has waited long enough, a bounded number. */
  turn(): void {
    for (let i = 0; i < COUNTED_PER_TURN && this.queue.isDue(); i++) this.releaseOldest(false);
  }

  /** Releases what waits, due or not, a bounded number; false when nothing waits: the capture has ended. */
  hurry(): boolean {
    for (let i = 0; i < COUNTED_PER_TURN && this.queue.size > 0; i++) this.releaseOldest(true);
    return this.queue.size > 0;
  }

  private releaseOldest(isEarly: boolean): void {
    const { queue } = this;
    const queuedMs = queue.oldestMs();
    this.waiting[this.sources[queue.oldestAt()]]--;
    const slot = queue.shift();
    // Its place may have been taken over, by an attempt that waits further back.
    if (((this.memory.table.createdMs.of(slot) - queuedMs) | 0) > 0) return;
    this.release(slot, isEarly);
  }
}

/** True for a connection that was accepted and came to nothing. */
function isConnection(table: Memory["table"], slot: number): boolean {
  return classOf(table.key.of(slot)) === TargetClass.Tcp && isSoft(table, slot);
}

/** True for a connection that came again as long, or as often, as checks do, and repetitions of a scan do not. */
function isRegular(table: Memory["table"], slot: number): boolean {
  return table.repeatMs.of(slot) >= CHECK_MS || table.packets(slot) >= CHECK_PACKETS;
}
