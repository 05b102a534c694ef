// Whether there is time to follow a packet. Knows the gate, the budget of attempts and who is known; nothing of what
// becomes of attempts.

import { Kind, RECORD_BYTES, type Records } from "../../../record.ts";
import type { Clock } from "../clock.ts";
import type { Memory } from "../memory.ts";
import { isProved } from "../probe/proof.ts";
import { Change, type OutcomeQueue } from "../table/outcome_queue.ts";
import { AttemptBudget } from "./attempt_budget.ts";
import type { FloodGate } from "./flood_gate.ts";
import type { Packet } from "./packet.ts";
import { isOneMore } from "./probeable.ts";
import { isGoingOn, isOpening } from "./segment.ts";
import { Unfollowed } from "./unfollowed.ts";

/**
 * In a crowd nearly every SYN is of a source that was there before: after so many in a row only one in so many is tried
 * as one more of a flood. What is not tried is looked at by itself, with the same result.
 */
const KNOWN_IN_ROW = 4, TRIED_OF = 8;

export class Admission {
  /** What a flood left no time for. */
  declare readonly unfollowed: Unfollowed;
  declare readonly packet: Packet;
  declare protected readonly memory: Memory;
  declare protected readonly records: Records;
  declare protected readonly clock: Clock;
  declare protected readonly outcomes: OutcomeQueue;
  declare private readonly gate: FloodGate;
  declare private readonly budget: AttemptBudget;
  /** Segments alike that were of a source that was there before, in a row; and how many were not tried since the last. */
  private knownInRow = 0;
  private untried = 0;

  constructor(memory: Memory, packet: Packet, gate: FloodGate) {
    this.memory = memory;
    this.packet = packet;
    this.gate = gate;
    this.records = packet.records;
    this.clock = memory.clock;
    this.outcomes = memory.outcomes;
    this.budget = new AttemptBudget(memory.options.floodRate);
    this.unfollowed = new Unfollowed(packet.records);
  }

  /**
   * True where there is time for a new attempt of the packet's source. In a flood there is none for its first packet,
   * nor for what `AttemptBudget` has no room for: those are only counted.
   */
  follow(): boolean {
    const { gate, packet, clock } = this;
    if (!gate.pass(packet.from, clock.ms, this.isOpening(packet.base))) return this.leaveOut(true);
    const isGoingOn = this.isGoingOn();
    // A crowd's clients must not pass for sources that begin much.
    const effort = isGoingOn ? gate.goesOn(packet.from) : gate.begins(packet.from);
    if (gate.isFlood()) {
      if (!this.budget.take(effort, clock.ms)) {
        const known = this.knownSource();
        if (known < 0) return this.leaveOut(false);
        if (!this.budget.takeKnown(effort, clock.ms)) return this.leaveOutOf(known);
      }
      if (!isGoingOn) this.cameAgain();
    }
    gate.note(packet.to); // its answers are to be seen as well
    return true;
  }

  /** As `follow`, for an attempt of which only the answer was seen. */
  followAnswer(): boolean {
    return !this.gate.isFlood() && this.budget.take(0, this.clock.ms);
  }

  /** Notes a packet that a flood leaves no time for; `isFirst`: it is the first of its source. */
  private leaveOut(isFirst: boolean): false {
    const { base, to } = this.packet;
    if (this.unfollowed.isAsking(base)) this.noteVictim();
    if (this.unfollowed.take(base, to, isFirst)) this.outcomes.push(-1, Change.Unfollowed);
    return this.gated();
  }

  /** The same where the source, which is known, has a scan: it is told there how much of it was left out. */
  private leaveOutOf(subject: number): false {
    if (this.memory.subjects.scan.of(subject) === 0) return this.leaveOut(false);
    this.outcomes.push(-1, Change.LeftOut, subject);
    return this.gated();
  }

  private gated(): false {
    const { packet, memory, records } = this;
    memory.account?.gated(records.bytes, records.sourceAt(packet.base) * 4);
    return false;
  }

  /** True for a packet that a flood has no time for: the first one of its source. */
  passOver(): boolean {
    const { gate, packet } = this;
    if (!gate.isFlood()) return false;
    if (!gate.pass(packet.from, this.clock.ms, this.isOpening(packet.base))) {
      return !this.leaveOut(true);
    }
    // Its source is there if it goes on with what it began. Of what asks, `follow` and `repeat` say it.
    if (this.isGoingOn() || !this.unfollowed.isAsking(packet.base)) this.cameAgain();
    return false;
  }

  /**
   * The packet at hand, in a flood, is of a source that was there before: what it asks is said where a flood may go to
   * its destination, and that it answers where one may go to its source.
   */
  protected cameAgain(): void {
    const { packet, records, memory: { flooded } } = this;
    if (!flooded.isAny()) return;
    if (this.unfollowed.isAsking(packet.base)) {
      if (flooded.has(packet.to)) this.outcomes.push(-1, Change.FloodAgain, packet.to);
    } else if (records.kind(packet.base) === Kind.Udp && flooded.has(packet.from)) {
      this.outcomes.push(-1, Change.FloodAnswer, packet.from);
    }
  }

  /** The packet at hand asks: said where a flood of answers may go to its source. */
  protected noteVictim(): void {
    const { packet, memory: { answered } } = this;
    if (!answered.isAny() || !answered.has(packet.from)) return;
    this.outcomes.push(-1, Change.VictimAsks, packet.from);
  }

  /**
   * Takes TCP segments from `base` on, before `end`, that are like those which a flood has no time for, and come before
   * `untilUs`, each not before the one before it. Byte offset of the first that is not, or need not be tried.
   */
  passOverAlike(base: number, end: number, untilUs: number): number {
    const { gate, unfollowed, packet, records, memory, clock } = this;
    if (memory.account !== undefined || !gate.isShutAt(clock.ms)) return base;
    if (this.knownInRow >= KNOWN_IN_ROW && ++this.untried < TRIED_OF) return base;
    this.untried = 0;
    const isOpening = unfollowed.isOpening();
    const last = Math.min(end, base + unfollowed.room() * RECORD_BYTES);
    const beforeUs = Math.min(untilUs, unfollowed.untilUs());
    let lastUs = unfollowed.fromUs();
    let at = base, isKnown = false;
    for (; at < last; at += RECORD_BYTES) {
      const timeUs = records.timeUs(at);
      if (!(timeUs >= lastUs && timeUs < beforeUs) || records.kind(at) !== Kind.Tcp) break;
      if (!unfollowed.isAlike(at) || !isOneMore(records, at)) break;
      if (!gate.passOver(packet.sourceHashAt(at), isOpening)) {
        isKnown = true;
        break;
      }
      unfollowed.takeAlike(at, true);
      lastUs = timeUs;
    }
    if (at > base) {
      unfollowed.seen(lastUs);
      this.knownInRow = 0;
    } else if (isKnown) this.knownInRow++;
    return at;
  }

  /** Reads what the gate knows of a source, by its hash, so that it comes from memory. What it gives means nothing. */
  readGate(source: number): number {
    return this.gate.touch(source);
  }

  /** True for the SYN of a connection. */
  private isOpening(base: number): boolean {
    const { records } = this;
    return records.kind(base) === Kind.Tcp && isOpening(records.tcpFlags(base));
  }

  /** True for a segment of a connection whose SYN was not followed. */
  private isGoingOn(): boolean {
    const { records, packet: { base, from } } = this;
    return records.kind(base) === Kind.Tcp &&
      isGoingOn(records.tcpFlags(base)) && this.gate.hasOpened(from);
  }

  /** The packet's source, where it has a scan, or its address is proved to be its own; else -1. */
  private knownSource(): number {
    const { records, packet, memory: { subjects } } = this;
    const subject = subjects.find(records.i32, records.sourceAt(packet.base), 0, packet.from);
    if (subject < 0 || subjects.scan.of(subject) !== 0) return subject;
    return isProved(subjects.proof.of(subject)) ? subject : -1;
  }

  /** True while answers to what was not followed are answers to a flood. */
  isFlood(): boolean {
    return this.gate.isFlood();
  }
}
