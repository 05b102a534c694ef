// The judging half alone: outcomes as plain data in, events out. It knows neither records nor packets: what a
// packet would have shown of an attempt stands in its outcome. For outcomes of many sensors, and for tests.
//
// A sensor says each outcome once, and once more when it has changed. What a sensor had excused is said only
// where it had said before that the attempt failed.

import { OUTCOMES } from "../../account.ts";
import { parseAddress } from "../../address.ts";
import { Decision, decisionNamed } from "../../decision.ts";
import type { Emit } from "../../event.ts";
import {
  type AttemptOutcome,
  bitsOf,
  type Fact,
  OPTION_LISTS,
  TARGET_NAMES,
  TECHNIQUES,
} from "../../outcome.ts";
import { Judge } from "./judge.ts";
import { Memory } from "./memory.ts";
import { checkOptions, type ScandogOptions } from "./options.ts";
import { FACT_ARP_MARKS, FACT_MARKS } from "./outcome_report.ts";
import { targetKey } from "./probe/classes.ts";
import { DONT_FRAGMENT, packLook } from "./probe/form.ts";
import { EXOTIC } from "./probe/techniques.ts";
import { Mark, Outcome, OUTCOME_SHIFT } from "./table/attempt_state.ts";
import { Change } from "./table/outcome_queue.ts";
import { copiesOf } from "./table/probe_copies.ts";
import { View } from "./view.ts";

/** How often scans and floods are looked at. */
const TURN_MS = 500;
/** Where both addresses of an outcome lie, in words. */
const SOURCE = 0, TARGET = 4;

export class OutcomeIntake {
  declare private readonly memory: Memory;
  declare private readonly view: View;
  declare private readonly judge: Judge;
  declare private readonly rememberUs: number;
  private turnMs = 0;
  /** The outcome whose addresses and key are at hand, and the hashes of each and of all; null: none. */
  private located: AttemptOutcome | null = null;
  private key = 0;
  private source = 0;
  private target = 0;
  private hash = 0;
  private readonly words = new Int32Array(8);
  private readonly bytes = new Uint8Array(this.words.buffer);

  /** Throws a RangeError for impossible options. */
  constructor(options: ScandogOptions, emit: Emit) {
    checkOptions(options);
    this.memory = new Memory(options);
    this.view = new View(this.memory);
    // What a sensor did not see it says itself.
    this.view.isSynOnly = false;
    this.judge = new Judge(this.memory, this.view, emit);
    this.rememberUs = options.remember * 1e6;
    options.account?.open(this.memory);
  }

  /** The attempt that an outcome is of: its slot, or -1. Throws as `take`. */
  find(outcome: AttemptOutcome): number {
    this.locate(outcome);
    return this.memory.table.find(this.words, SOURCE, TARGET, this.key, this.hash);
  }

  /** True when the outcome is of the very packet that the attempt began with, give or take the clocks. */
  isSameProbe(slot: number, outcome: AttemptOutcome, withinUs: number): boolean {
    const { table } = this.memory;
    const { sequence, ipId, sourcePort } = outcome;
    // A probe without a sequence number is told by the IP identification of its packet.
    const isNumbered = sequence !== 0 || ipId !== 0;
    return isNumbered && (sequence | 0) === table.sequence.of(slot) &&
      (sequence !== 0 || ipId === (table.wire.of(slot) & 0xffff)) &&
      sourcePort === table.sourcePort.of(slot) &&
      Math.abs(outcome.firstUs - table.firstUs(slot)) <= withinUs;
  }

  /** True for an attempt that counts for its source, or not at all. */
  isExcused(slot: number): boolean {
    const { table } = this.memory;
    return table.outcome(slot) === Outcome.Used || table.outcome(slot) === Outcome.Harmless;
  }

  /** What scanners found open, and who came back to it. */
  get visits(): Judge["visits"] {
    return this.judge.visits;
  }

  /**
   * Takes one outcome. `sensor`: who saw it, any number that is its own. `watcher`: the same, unless several see
   * the same packets: then they have one number between them, and what they say of uses is not added up. In the
   * order of `settledUs`; what comes late counts as of now. `isAnew`: what is known of the attempt is not to be
   * believed. Gives the attempt's slot; -1: it was not taken. Throws a TypeError when an address is none.
   */
  take(outcome: AttemptOutcome, sensor = 0, watcher = sensor, isAnew = false): number {
    this.memory.clock.advance(outcome.settledUs);
    const known = this.find(outcome);
    const { table } = this.memory;
    const isNew = known < 0 || isAnew || this.isOver(known, outcome);
    // A sensor that takes back what it had said, of what is forgotten here.
    if (isNew && outcome.outcome === "harmless") return -1;
    this.noteSeen(outcome);
    const slot = isNew ? this.begin(known, outcome, sensor) : known;
    const isUsed = outcome.outcome === "used" && !table.has(slot, Mark.Credited);
    this.judge.noteUses(slot, outcome.uses, watcher, isUsed);
    if (!isNew) this.repeat(slot, outcome);
    this.settle(slot, outcome);
    this.drain();
    if (this.memory.clock.since(this.turnMs) >= TURN_MS) this.turn();
    return slot;
  }

  /** No outcome came, but time passed. Microseconds since 1970. */
  advance(timeUs: number): void {
    this.memory.clock.advance(timeUs);
    this.turn();
  }

  /** There are no more: what waits is counted, and every scan ends. */
  finish(): void {
    do this.drain(); while (this.judge.hurry());
    this.drain();
    this.judge.flood.finish();
    this.judge.finish();
  }

  /** Puts the addresses of an outcome into `words`, and what it is found by beside them. */
  private locate(outcome: AttemptOutcome): void {
    if (outcome === this.located) return;
    this.located = null;
    this.bytes.set(addressOf(outcome.source), SOURCE * 4);
    this.bytes.set(addressOf(outcome.destination), TARGET * 4);
    const { hash } = this.memory;
    this.key = targetKey(TARGET_NAMES.indexOf(outcome.target) + 1, outcome.port);
    this.source = hash.address(this.words, SOURCE);
    this.target = hash.address(this.words, TARGET);
    this.hash = hash.triple(this.source, this.target, this.key);
    this.located = outcome;
  }

  /** An attempt whose story has ended, or that rested longer than is remembered, is a new one. */
  private isOver(slot: number, { firstUs }: AttemptOutcome): boolean {
    const { table, stories } = this.memory;
    return stories.isOver(table.scan.of(slot)) || firstUs - table.latestUs(slot) > this.rememberUs;
  }

  private noteSeen({ facts, target }: AttemptOutcome): void {
    const { view } = this;
    const isSeen = !facts.includes("reply-only");
    if (isSeen) view.noteSender(this.source, this.words, SOURCE);
    if (isSeen && target === "arp") view.speakers.add(this.source);
    const isHeard = (["open", "closed", "replied"] as const).some((fact) => facts.includes(fact));
    if (isHeard) view.noteSender(this.target, this.words, TARGET);
  }

  /** Makes the entry of a new attempt, in the place of the one that is over or (-1) in one of its own. */
  private begin(over: number, outcome: AttemptOutcome, sensor: number): number {
    const { table, clock, outcomes } = this.memory;
    const { ms } = clock;
    const slot = over >= 0 ? over : this.place(outcome.firstUs);
    if (over >= 0) table.renew(over, ms, outcome.firstUs);
    table.earlier.set(slot, this.memory.heads.push(table.sourceHash(slot), slot));
    table.sourcePort.set(slot, outcome.sourcePort);
    table.sequence.set(slot, outcome.sequence | 0);
    table.acknowledgement.set(slot, outcome.acknowledgement | 0);
    table.signature.set(slot, outcome.signature | 0);
    table.replyBytes.set(slot, outcome.replyBytes | 0);
    table.setPackets(slot, outcome.packets, outcome.interface);
    const { ttl, trafficClass, tcpFlags, ipVersion } = outcome;
    table.look.set(slot, packLook(ttl, trafficClass, tcpFlags, ipVersion));
    table.wire.set(slot, outcome.window << 16 | outcome.ipId);
    const options = OPTION_LISTS.indexOf(outcome.options);
    table.form.set(slot, outcome.size << 16 | options | (outcome.dontFragment ? DONT_FRAGMENT : 0));
    // Link-layer addresses mean something on one link only.
    const { linkSource } = outcome;
    const link = linkSource === 0 ? 0 : this.memory.hash.pair(linkSource | 0, sensor) || 1;
    table.linkSource.set(slot, link);
    const { facts, sequence, ipId, acknowledgement } = outcome;
    const copies = facts.includes("reply-only")
      ? 0
      : copiesOf(this.memory, slot, sequence | 0, ipId, acknowledgement | 0);
    outcomes.push(slot, Change.Begun, copies);
    this.noteFacts(slot, outcome);
    this.noteLatest(slot, outcome);
    return slot;
  }

  private place(firstUs: number): number {
    const { table, clock, outcomes } = this.memory;
    const { key, hash } = this;
    const place = table.placeFor(hash);
    const before = table.moveAside(place);
    if (before >= 0) {
      outcomes.push(before, Change.GaveWay);
      outcomes.push(before, Change.Released);
      this.drain();
    }
    return table.take(place, this.words, SOURCE, TARGET, key, hash, clock.ms, firstUs);
  }

  /** The attempt is known: what its sensor, or another, has to say of it now. */
  private repeat(slot: number, outcome: AttemptOutcome): void {
    const { table, outcomes } = this.memory;
    const isAgain = outcome.latestUs > table.latestUs(slot);
    const isReconnected = outcome.sourcePort !== table.sourcePort.of(slot);
    table.sourcePort.set(slot, outcome.sourcePort);
    this.noteFacts(slot, outcome);
    this.noteLatest(slot, outcome);
    if (isAgain && table.scan.of(slot) !== 0) outcomes.push(slot, Change.Repeated);
    if (isAgain && isReconnected) outcomes.push(slot, Change.Reconnected);
  }

  private noteLatest(slot: number, { latestUs, packets }: AttemptOutcome): void {
    const { table } = this.memory;
    table.repeat(slot, latestUs);
    table.setPackets(slot, packets, table.interface(slot));
  }

  /** Techniques and facts that were not known of the attempt, and what follows from them at once. */
  private noteFacts(slot: number, { techniques, facts }: AttemptOutcome): void {
    const { table, outcomes } = this.memory;
    const before = table.techniques.of(slot), marksBefore = table.state(slot);
    const now = before | bitsOf(TECHNIQUES, techniques);
    table.techniques.set(slot, now);
    table.mark(slot, marksOf(facts, FACT_MARKS));
    table.markArp(slot, marksOf(facts, FACT_ARP_MARKS));
    for (let left = now & ~before & EXOTIC; left !== 0; left &= left - 1) {
      outcomes.push(slot, Change.Exotic, left & -left);
    }
    const answered = Mark.Open | Mark.Closed, proved = Mark.Handshake | Mark.Reset;
    const isFirst = (marksBefore & answered) === 0 && table.has(slot, answered);
    if (isFirst) outcomes.push(slot, Change.Answered, 1);
    const isProof = (table.state(slot) & ~marksBefore & proved) !== 0;
    if (isProof) outcomes.push(slot, Change.Proved, table.proof(slot));
  }

  /** As `Attempts.settle`: a used attempt stays used, and a refusal tells more than silence. */
  private settle(slot: number, outcome: AttemptOutcome): void {
    const { table, outcomes } = this.memory;
    const before = table.outcome(slot);
    const now = OUTCOMES.indexOf(outcome.outcome) << OUTCOME_SHIFT;
    // What was used once and never again is said to be so later.
    const isOnce = before === Outcome.Used && now === Outcome.Empty;
    if (before === now || (before === Outcome.Used && !isOnce)) return;
    if (now === Outcome.Harmless) {
      this.drain();
      const { code } = decisionNamed(outcome.excuse ?? "") ?? { code: Decision.CameAgain };
      return this.judge.excuse(slot, code);
    }
    if (before === Outcome.Harmless && now !== Outcome.Used) return;
    if (before >= Outcome.Refused && now > Outcome.Refused) return;
    table.setOutcome(slot, now);
    outcomes.push(slot, Change.Settled, now);
  }

  /** Judges what was put into the queue, in its order. */
  private drain(): void {
    const { outcomes } = this.memory;
    while (outcomes.next()) this.judge.take(outcomes.slot, outcomes.change, outcomes.value);
  }

  private turn(): void {
    this.turnMs = this.memory.clock.ms;
    this.judge.turnSecondLook();
    this.drain();
    this.judge.flood.turn();
    this.judge.turn();
  }
}

function addressOf(text: string): Uint8Array {
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`Cannot take an outcome: ${text} is no address`);
  return address;
}

function marksOf(facts: readonly Fact[], marks: Partial<Record<Fact, number>>): number {
  return facts.reduce((all, fact) => all | (marks[fact] ?? 0), 0);
}
