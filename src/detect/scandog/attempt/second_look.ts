// Attempts of which one look does not tell what they are wait here to be counted: a health check or a
// monitor looks the same, but comes again, while a scanner asks once. They are those that were accepted
// and came to nothing, and datagrams without an answer of a source that no answer was ever seen to.
// Knows slots and times; nothing of weights.
//
// All wait equally long. One that comes again meanwhile is harmless; an accepted one that comes again
// later has what it was charged with taken back. A full queue counts its oldest at once, and so does
// all that waits of one source once that is too much, or once it scans.

import type { AddressSet } from "../table/address_set.ts";
import type { Clock } from "../clock.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { type Conversations, Mark, Verdict, Word } from "../table/conversations.ts";
import type { Evidence } from "./evidence.ts";
import type { Hash } from "../table/hash.ts";
import type { Reached } from "./reached.ts";
import { type Ledger, Why } from "../ledger.ts";
import { PendingQueue } from "../table/pending.ts";
import { isSoft } from "../rules/weight.ts";

/** The responder was heard of. */
const ANSWERED = Mark.Open | Mark.Closed | Mark.Replied;
/** Longer than the pause between two rounds of most monitors, which is five minutes at most. */
const WAIT_MS = 310_000;
const WAITING_MAX = 1 << 14;
/** Counted at most at once. */
const COUNTED_PER_TURN = 1024;
/** What waits of one source, accepted: monitors look after so many services, and few after more. */
const ACCEPTED_MAX = 512;
/** The same without an answer: most sweeps go through more hosts, and are to be told at once. */
const UNANSWERED_MAX = 128;
/** Of a monitor's pings more come back for each that does not. */
const ANSWERS_PER_LOST = 2;
/** Counters of what waits; sources that share one have less patience between them. */
const SOURCES = 1 << 12;
/** A datagram that comes again sooner is sent again because it was lost, or by a scanner's retry. */
const ROUND_MS = 5_000;
/** A scanner asks twice, and seldom more often, what does not answer. */
const ROUNDS_MIN = 3;

export class SecondLook {
  declare private readonly table: Conversations;
  declare private readonly evidence: Evidence;
  declare private readonly heard: AddressSet;
  declare private readonly reached: Reached;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly ledger: Ledger | undefined;
  private readonly queue = new PendingQueue(WAITING_MAX);
  /** Of each source, by its hash, and of each kind: how many wait, and the latest one's slot + 1. */
  private readonly waiting = new Uint16Array(2 * SOURCES);
  private readonly latest = new Int32Array(2 * SOURCES);
  /** The source of each that waits, in the queue's order. */
  private readonly sources = new Uint16Array(WAITING_MAX);
  private pushed = 0;
  private shifted = 0;

  /** `heard`: initiators that were seen to be answered. */
  constructor(
    table: Conversations,
    evidence: Evidence,
    heard: AddressSet,
    reached: Reached,
    hash: Hash,
    clock: Clock,
    ledger: Ledger | undefined,
  ) {
    this.table = table;
    this.evidence = evidence;
    this.heard = heard;
    this.reached = reached;
    this.hash = hash;
    this.clock = clock;
    this.ledger = ledger;
  }

  private source(slot: number): number {
    const { table, hash } = this;
    return hash.address(table.words, table.addressAt(slot, Word.Initiator));
  }

  /** True when the attempt's source was lately seen to be answered; may err towards true. */
  isHeard(slot: number): boolean {
    return this.heard.has(this.source(slot));
  }

  /** An attempt has this verdict. Once one was answered, silence towards its source means something. */
  noteAnswer(slot: number, verdict: number): void {
    const { table } = this;
    if (table.has(slot, Mark.ReplyOnly)) return;
    if (verdict === Verdict.Refused || table.has(slot, ANSWERED)) {
      this.heard.add(this.source(slot), this.clock.ms);
    }
  }

  /** An attempt has failed: true when it waits here to be counted. */
  takes(slot: number): boolean {
    const { table, queue } = this;
    if (!this.isOpen(slot)) return false;
    // What a source does that is known to scan, or to have scanned, is part of that.
    if (table.has(slot, Mark.Learned)) return false;
    if (this.evidence.isScanning(slot)) {
      this.countOf(slot);
      return false;
    }
    if (table.has(slot, Mark.Counted) || table.has(slot, Mark.Deferred)) return true;
    const isUnanswered = this.isUnanswered(slot);
    const at = (this.source(slot) & (SOURCES - 1)) << 1 | +isUnanswered;
    if (this.waiting[at] >= (isUnanswered ? UNANSWERED_MAX : ACCEPTED_MAX)) {
      this.countOf(slot);
      return false;
    }
    table.mark(slot, Mark.Deferred);
    if (queue.isFull()) this.countOldest();
    queue.push(slot, this.clock.ms);
    this.sources[this.pushed++ & (WAITING_MAX - 1)] = at;
    table.set(slot, Word.Link, this.latest[at]);
    this.latest[at] = slot + 1;
    this.waiting[at]++;
    return true;
  }

  /** True for a failure that one look does not explain. */
  private isOpen(slot: number): boolean {
    if (isSoft(this.table, slot)) return true;
    return this.isUnanswered(slot) && (!this.isHeard(slot) || this.isMostlyAnswered(slot));
  }

  /** True for pings of a source that mostly come back: a monitor misses some, a sweep finds few. */
  private isMostlyAnswered(slot: number): boolean {
    if (classOf(this.table.get(slot, Word.Key)) !== TargetClass.IcmpEcho) return false;
    const at = (this.source(slot) & (SOURCES - 1)) << 1;
    return this.waiting[at] > ANSWERS_PER_LOST * this.waiting[at + 1];
  }

  /** True for a datagram that nobody answered: all there is to see of it where answers are not captured. */
  private isUnanswered(slot: number): boolean {
    const { table } = this;
    if (table.verdict(slot) !== Verdict.Silent) return false;
    const kind = classOf(table.get(slot, Word.Key));
    return kind === TargetClass.Udp || kind === TargetClass.IcmpEcho;
  }

  /** The same source tries the same target anew, with another connection. */
  again(slot: number): void {
    const { table } = this;
    if (!isSoft(table, slot) || table.has(slot, Mark.Learned)) return;
    if (table.get(slot, Word.Scan) !== 0) return;
    if (!table.has(slot, Mark.Deferred)) this.evidence.takeBack(slot);
    this.pass(slot);
  }

  /** The same source sends one more datagram to the same target, or gets one more back. */
  datagram(slot: number): void {
    const { table } = this;
    if (table.get(slot, Word.RepeatMs) < ROUND_MS) return;
    if (isSoft(table, slot)) return this.again(slot);
    const isWaiting = table.has(slot, Mark.Deferred) && this.isUnanswered(slot);
    if (isWaiting && table.packets(slot) >= ROUNDS_MIN) this.pass(slot);
  }

  private pass(slot: number, why: number = Why.CameAgain): void {
    this.table.unmark(slot, Mark.Deferred);
    this.table.setVerdict(slot, Verdict.Neutral);
    this.ledger?.settled(slot, why);
  }

  /** Its place is wanted: what waits is counted now. */
  giveUp(slot: number): void {
    const { table } = this;
    if (!table.has(slot, Mark.Deferred)) return;
    table.unmark(slot, Mark.Deferred);
    if (this.isDelivered(slot)) this.pass(slot, Why.ArpThere);
    else if (isSoft(table, slot) || this.isUnanswered(slot)) this.evidence.fail(slot);
  }

  /** True for an answered ARP request of a router that then had something to deliver. */
  private isDelivered(slot: number): boolean {
    const { table, hash } = this;
    return classOf(table.get(slot, Word.Key)) === TargetClass.Arp &&
      this.reached.hasRouted(hash.address(table.words, table.addressAt(slot, Word.Responder)));
  }

  /** Counts all that waits of the attempt's source, a bounded number. */
  countOf(slot: number): void {
    const at = (this.source(slot) & (SOURCES - 1)) << 1;
    this.countChain(slot, at);
    this.countChain(slot, at + 1);
  }

  private countChain(slot: number, at: number): void {
    const { table } = this;
    let next = this.latest[at];
    this.latest[at] = 0;
    for (let i = 0; i < 2 * ACCEPTED_MAX && next !== 0; i++) {
      const other = next - 1;
      // Its place, or its link, may be another's by now; one that was passed is still in its place.
      if (!table.has(other, Mark.Deferred) && table.verdict(other) !== Verdict.Neutral) break;
      next = table.get(other, Word.Link);
      if (table.sameInitiator(other, slot)) this.giveUp(other);
    }
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
    this.waiting[this.sources[this.shifted++ & (WAITING_MAX - 1)]]--;
    // Its place may have been taken over, by an attempt that waits further back.
    if (((this.table.get(slot, Word.CreatedMs) - queuedMs) | 0) > 0) return;
    this.giveUp(slot);
  }
}
