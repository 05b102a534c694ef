// The judging half: what became of attempts comes in, scans go out. It knows neither records nor packets: what
// it is told of an attempt stands in the table of attempts and in the queue of outcomes.
//
//   excuse   is there an innocent reason?
//   weigh    what does such a failure cost?
//   charge   who answers for it?
//   shape    which threshold is reached?
//   tell     one story: start, updates, end

import { Decision, isByLooks } from "../../decision.ts";
import type { Emit } from "../../event.ts";
import { Floods } from "./beside/flood/floods.ts";
import { Visits } from "./beside/visit/visits.ts";
import { ZombieSigns } from "./beside/zombie_signs.ts";
import { AnsweredOnce } from "./excuse/answered_once.ts";
import { Excuses } from "./excuse/excuses.ts";
import { SecondLook } from "./excuse/second_look.ts";
import { Arrived, isSentOn } from "./excuse/sent_on.ts";
import type { Memory } from "./memory.ts";
import type { AttemptOutcome } from "../../outcome.ts";
import { OutcomeReport } from "./outcome_report.ts";
import { EXOTIC } from "./probe/techniques.ts";
import { Scans } from "./scan/scans.ts";
import { Campaigns } from "./suspect/campaigns.ts";
import { LookAlikes } from "./suspect/look_alikes.ts";
import { Machines } from "./suspect/machines.ts";
import { Networks } from "./suspect/networks.ts";
import { Charged, Sources } from "./suspect/sources.ts";
import { Mark, Outcome, Rank } from "./table/attempt_state.ts";
import { Change } from "./table/outcome_queue.ts";
import { noteUsesOf, usedBy } from "./table/uses.ts";
import type { View } from "./view.ts";

/** In the value of `Change.Settled`: the outcome, and above it the excuse. */
const OUTCOME_BITS = 0xff;
const EXCUSE_SHIFT = 8;

export class Judge {
  declare readonly flood: Floods;
  /** What scanners found open, and who came back to it. */
  declare readonly visits: Visits;
  declare readonly zombies: ZombieSigns;
  declare private readonly memory: Memory;
  declare private readonly excuses: Excuses;
  declare private readonly secondLook: SecondLook;
  declare private readonly answeredOnce: AnsweredOnce;
  declare private readonly arrived: Arrived;
  declare private readonly scans: Scans;
  declare private readonly lookAlikes: LookAlikes;
  declare private readonly sources: Sources;
  declare private readonly networks: Networks;
  /** Hands outcomes on; undefined: nobody asks. */
  declare private readonly report: OutcomeReport | undefined;

  constructor(memory: Memory, view: View, emit: Emit) {
    this.memory = memory;
    this.flood = new Floods(memory, emit);
    this.visits = new Visits(memory, view.links, emit);
    this.zombies = new ZombieSigns();
    this.excuses = new Excuses(memory, view);
    this.secondLook = new SecondLook(memory, view);
    this.arrived = new Arrived(memory);
    this.scans = new Scans(memory, { view, emit, zombies: this.zombies, visits: this.visits });
    const machines = new Machines(memory, view, this.scans);
    this.lookAlikes = new LookAlikes(memory, this.scans, machines);
    const campaigns = new Campaigns(memory, this.scans, machines);
    this.sources = new Sources(memory, this.scans, this.lookAlikes, machines, campaigns);
    this.networks = new Networks(memory, this.scans, this.sources, machines);
    this.answeredOnce = new AnsweredOnce(memory);
    const { takeOutcome } = memory.options;
    this.report = takeOutcome === undefined ? undefined : new OutcomeReport(memory, takeOutcome);
  }

  /** Takes one change of an attempt: see `Change`. Those that only a packet explains are not for here. */
  take(slot: number, change: number, value: number): void {
    switch (change) {
      case Change.Begun:
        return this.begun(slot, value);
      case Change.Settled:
        return this.settled(slot, value & OUTCOME_BITS, value >>> EXCUSE_SHIFT);
      case Change.Exotic:
        this.failed(slot, value);
        return this.scans.outcome(slot);
      case Change.Answered:
        this.scans.outcome(slot);
        if (value !== 0) this.sources.answered(slot);
        return;
      case Change.Proved:
        return this.sources.prove(slot, value);
      case Change.Repeated:
        if (this.memory.table.has(slot, Mark.Flooded)) this.flood.again(slot);
        return this.scans.repeat(slot);
      case Change.Reconnected:
        return this.reconnected(slot, value);
      case Change.DatagramAgain:
        return this.datagramAgain(slot);
      case Change.Failed:
        this.memory.table.mark(slot, Mark.LookedTwice);
        return this.failed(slot, 0);
      case Change.Found:
        // What waits of its source belongs to it, and is counted before it is told.
        this.secondLook.releaseAll(slot);
        return this.memory.outcomes.push(slot, Change.Start, value);
      case Change.LeftOut:
        return this.scans.leaveOut(value);
      case Change.Start:
        return this.scans.startFound(value);
      case Change.GaveWay:
        return this.secondLook.release(slot, true);
      case Change.Released:
        // What it caused is in the queue before this, unless it was counted late.
        return this.memory.table.release(slot);
    }
  }

  private begun(slot: number, look: number): void {
    const { table, account } = this.memory;
    account?.begun(slot);
    const known = this.arrived.otherOf(slot);
    const other = known >= 0 ? known : this.copyOf(slot, look);
    if (look !== 0 && other < 0) this.sources.alone(slot, 1);
    if (other >= 0) {
      if (isSentOn(table, slot, other)) return this.sentOn(slot, other);
      // What was sent on may be read first, where two interfaces take turns.
      if (isSentOn(table, other, slot)) this.wasSentOn(other, slot);
    }
    const excuse = this.excuses.ofBegun(slot);
    if (excuse !== Decision.Undecided) this.pardon(slot, excuse);
  }

  /** The attempt in this slot sent on what the one of `origin` had sent. */
  private sentOn(slot: number, origin: number): void {
    this.memory.table.link.set(slot, origin + 1);
    this.pardon(slot, Decision.SentOn);
  }

  /** The same, found out after it was judged. */
  private wasSentOn(slot: number, origin: number): void {
    const { table } = this.memory;
    if (table.scan.of(slot) !== 0) return;
    // One that was counted is linked to others of its source.
    if (!table.has(slot, Mark.Counted | Mark.Deferred)) this.sentOn(slot, origin);
    else if (table.outcome(slot) >= Outcome.Refused) this.excuse(slot, Decision.SentOn);
  }

  /** What was begun is harmless by this `Decision`. */
  private pardon(slot: number, excuse: number): void {
    const { table, account, clock } = this.memory;
    if (table.outcome(slot) === Outcome.Used) return;
    table.setOutcome(slot, Outcome.Harmless);
    table.setExcuse(slot, excuse);
    account?.settled(slot, excuse);
    table.rank(slot, Rank.Judged, clock.ms);
  }

  /**
   * The attempt of another source that the same probe began, or -1. Probes of several sources that are one probe make
   * those a group, unless one sent on what the other had sent.
   */
  private copyOf(slot: number, look: number): number {
    const { table } = this.memory;
    const other = look === 0 ? -1 : this.lookAlikes.note(slot, look);
    if (other < 0 || isSentOn(table, slot, other) || isSentOn(table, other, slot)) return other;
    this.lookAlikes.link(this.sources.admit(slot), this.sources.admit(other));
    if (!table.has(other, Mark.LookAlike)) this.sources.alone(other, -1);
    table.mark(other, Mark.LookAlike);
    table.mark(slot, Mark.LookAlike);
    return other;
  }

  /** What an attempt has become; `given`: the excuse that the packet itself gave. */
  private settled(slot: number, outcome: number, given: number): void {
    const { table, clock, account } = this.memory;
    const isOfScan = table.scan.of(slot) !== 0;
    // Meanwhile an excuse was found, or a later packet said more.
    if (table.outcome(slot) !== outcome) return;
    if (given === Decision.Expired && !this.isTraced(slot)) {
      table.setExcuse(slot, Decision.Undecided);
      table.setOutcome(slot, Outcome.Silent);
      return this.settled(slot, Outcome.Silent, Decision.Undecided);
    }
    const excuse = given === Decision.Undecided ? this.excuseOf(slot, outcome) : given;
    if (excuse !== given) {
      table.setOutcome(slot, Outcome.Harmless);
      table.setExcuse(slot, excuse);
    }
    account?.settled(slot, excuse);
    if (outcome === Outcome.Used) this.used(slot);
    else if (table.outcome(slot) === Outcome.Harmless) table.rank(slot, Rank.Judged, clock.ms);
    else if (!this.waits(slot)) this.failed(slot, 0);
    // One that was counted in a scan just now was counted as what it has become.
    if (isOfScan) this.scans.outcome(slot);
  }

  /** True for an attempt that died on its way as a traceroute's do, and a scan's do not. */
  private isTraced(slot: number): boolean {
    return !this.sources.isScanning(slot) && this.excuses.ofExpired(slot) === Decision.Expired;
  }

  /** The `Decision` of the excuse that holds for an attempt that failed; what its own packets look like excuses no scanner. */
  private excuseOf(slot: number, outcome: number): number {
    const excuse = outcome === Outcome.Silent
      ? this.excuses.ofSilent(slot)
      : outcome === Outcome.Refused
      ? this.excuses.ofRefused(slot)
      : Decision.Undecided;
    const isScanners = isByLooks(excuse) && this.sources.isScanning(slot);
    return isScanners ? Decision.Undecided : excuse;
  }

  /** True when one look does not tell what a failed attempt is: it waits, and is counted later. */
  private waits(slot: number): boolean {
    const { table, outcomes } = this.memory;
    const { secondLook, visits } = this;
    // What a source does that is known to scan, or to have scanned, is part of that.
    if (!secondLook.isOpen(slot) || table.has(slot, Mark.Learned) || visits.isAtOwnFind(slot)) {
      return false;
    }
    const isScanning = this.sources.isScanning(slot);
    if (!isScanning && table.has(slot, Mark.Counted | Mark.Deferred)) return true;
    if (isScanning || secondLook.isFull(slot)) {
      secondLook.releaseAll(slot);
      outcomes.push(slot, Change.Failed);
      return true;
    }
    if (table.has(slot, Mark.LookedTwice)) return false;
    secondLook.add(slot);
    return true;
  }

  /** Counts a failed attempt, once; or (`exotic`) a probe that no TCP sends, whatever becomes of it. */
  private failed(slot: number, exotic: number): void {
    const { table } = this.memory;
    if (exotic === 0) {
      this.visits.tried(slot);
      if (table.has(slot, Mark.Counted)) {
        // Where it is known elsewhere, what it has become is too; a probe that no TCP sends was only counted.
        const isTold = table.has(slot, Mark.HandedOn) || (table.techniques.of(slot) & EXOTIC) !== 0;
        if (isTold) this.report?.say(slot);
        return;
      }
    }
    const charged = this.sources.charge(slot, exotic);
    if (exotic === 0 && charged !== Charged.Not) this.report?.say(slot);
    if (charged === Charged.Counted && table.scan.of(slot) === 0) this.countInFlood(slot);
    if (charged !== Charged.Single) return;
    if (!this.networks.charge(slot, exotic)) this.flood.single(slot);
  }

  /** Sources that look alike have a place from their first failure on; and so has each that fails again. */
  private countInFlood(slot: number): void {
    const subject = this.sources.find(slot);
    const isFirst = subject >= 0 && this.memory.subjects.failed.of(subject) <= 1;
    if (isFirst) this.flood.single(slot);
    else this.flood.more(slot);
  }

  /** Counts an attempt in its source's favour. What a scanner uses while it scans belongs to the scan. */
  private used(slot: number): void {
    if (this.visits.ports.size > 0 && !this.sources.isScanning(slot)) this.visits.ask(slot);
    // It was charged because it had been used once and never again; now it is used again.
    if (this.memory.table.has(slot, Mark.Credited)) this.sources.takeBack(slot);
    const credited = this.sources.use(slot);
    if (credited !== Charged.Not) this.answeredOnce.note(slot);
    if (credited === Charged.Single) this.networks.credit(slot);
    if (this.report === undefined) return;
    // What was used concerns nobody elsewhere, unless its source has failed before.
    const hasFailed = this.memory.table.has(slot, Mark.HandedOn) || this.sources.find(slot) >= 0;
    if (hasFailed) this.report.say(slot);
  }

  /** Somebody else who watched (`watcher`) says what the attempt's source had used: see `noteUsesOf`. */
  noteUses(slot: number, uses: AttemptOutcome["uses"], watcher: number, isAdded: boolean): void {
    noteUsesOf(this.memory, slot, uses, watcher, isAdded);
    const subject = this.sources.find(slot);
    if (subject < 0) return;
    const { subjects, table } = this.memory;
    const used = usedBy(this.memory, table.sourceHash(slot)) - (isAdded ? 1 : 0);
    if (used > subjects.used.of(subject)) subjects.used.set(subject, used);
  }

  /** The source connects to the same target once more. */
  private reconnected(slot: number, look: number): void {
    const { visits, secondLook } = this;
    this.copyOf(slot, look);
    if (visits.ports.size > 0) visits.reconnected(slot, this.sources.isScanning(slot));
    // The source tries the same target anew, as a check does.
    const isAnew = this.memory.table.outcome(slot) !== Outcome.Used && !visits.isAtOwnFind(slot);
    if (isAnew && secondLook.isCheck(slot)) this.excuse(slot, Decision.CameAgain);
    else if (isAnew) secondLook.noteAgain(slot);
    this.report?.sayAgain(slot);
  }

  /** An attempt is harmless after all, by this `Decision`: what its source was charged with for it is taken back. */
  excuse(slot: number, decision: number): void {
    const { table } = this.memory;
    if (!table.has(slot, Mark.Deferred)) this.sources.takeBack(slot);
    this.secondLook.pass(slot, decision);
    if (table.has(slot, Mark.HandedOn)) this.report?.say(slot, decision);
  }

  private datagramAgain(slot: number): void {
    const { secondLook } = this;
    this.report?.sayAgain(slot);
    if (!secondLook.isNextRound(slot)) return;
    if (secondLook.isCheck(slot)) this.excuse(slot, Decision.CameAgain);
    else if (secondLook.isMonitors(slot)) secondLook.pass(slot);
  }

  /** Looks which scans are due to be told or to end by time alone; `flood` has a turn of its own. */
  turn(): void {
    this.scans.turn();
    this.visits.ration.turn();
  }

  /** In how many milliseconds any of its turns has something to do, if nothing comes. */
  dueMs(): number {
    return Math.min(
      this.scans.dueMs(),
      this.visits.ration.dueMs(),
      this.secondLook.queue.dueMs(),
      this.answeredOnce.queue.dueMs(),
      this.flood.dueMs(),
    );
  }

  /** What waits for a second look, a bounded number of what has waited long enough. */
  turnSecondLook(): void {
    this.secondLook.turn();
    this.answeredOnce.turn();
  }

  /** Counts what waits for a second look, due or not; false when nothing waits. */
  hurry(): boolean {
    return this.secondLook.hurry() || this.answeredOnce.hurry();
  }

  /** The capture has ended, everything was counted and floods were told: every scan ends. */
  finish(): void {
    this.scans.finish();
    this.visits.ration.finish();
  }
}
