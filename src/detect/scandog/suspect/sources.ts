// Single sources: what their attempts became is charged to them here, and asked for the shape of a scan.
// Knows attempts and subjects; nothing of packets.
//
// A first failure only leaves a mark in probation. With the second a source is admitted to real
// state, and what it did before is counted then.

import { inPrefixes } from "../../../address.ts";
import { Decision } from "../../../decision.ts";
import { HOST_CLASSES, HostClass, PortClass } from "../../../failure_class.ts";
import { Buckets } from "../excuse/buckets.ts";
import { isEmptyFile, isFtpFile, isLostData, noteEmptyFile } from "../excuse/ftp_data.ts";
import { isGuest } from "../excuse/guests.ts";
import { isClientsFailure, isFirstOfNetwork, noteFailedHost } from "../excuse/spread.ts";
import {
  ADMIT_FAILURES,
  ONE_PORT_RUN,
  REFUSED_END_MS,
  REFUSED_ENDS,
  RUN_OF_A_PEER,
  RUN_OF_A_PEER_MAX,
  UNASKED_MIN,
} from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "../probe/classes.ts";
import { isProved } from "../probe/proof.ts";
import { EXOTIC } from "../probe/techniques.ts";
import type { Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import type { Reached } from "../shape/shapes.ts";
import { Mark, Rank } from "../table/attempt_state.ts";
import { isAnswered, noteUsed, usedBy } from "../table/uses.ts";
import { addFailed, eachFailed } from "../table/attempt_chains.ts";
import { Change } from "../table/outcome_queue.ts";
import { Failure, isRawSyn, isRefusedEnd, isSoft, weightOf } from "../weigh/failures.ts";
import type { Campaigns } from "./campaigns.ts";
import { charge, credit, hostPair, portPair, shapeOf, takeBack } from "./charges.ts";
import type { LookAlikes } from "./look_alikes.ts";
import type { Machines } from "./machines.ts";
import { isFirstSeen, isUnseen } from "./unseen.ts";

/** Successes of a source that are remembered when what it failed at is forgotten. */
const USED_KEPT_MAX = 255;
/** Attempts counted late, when their source is admitted. */
const LATE_MAX = 8;

/** What became of a charge. */
export const Charged = {
  /** The source is never reported, there is no place for it, or what it did is excused. */
  Not: 0,
  /** The attempt is the only failure of its source so far. */
  Single: 1,
  /** The attempt counts against its source. */
  Counted: 2,
} as const;

export class Sources {
  private readonly failure = new Failure();
  declare private readonly memory: Memory;
  declare private readonly scans: Scans;
  declare private readonly lookAlikes: LookAlikes;
  declare private readonly machines: Machines;
  declare private readonly campaigns: Campaigns;
  /** Of two hosts: segments that may have ended old connections, and were refused. */
  declare private readonly refusedEnds: Buckets;

  constructor(
    memory: Memory,
    scans: Scans,
    lookAlikes: LookAlikes,
    machines: Machines,
    campaigns: Campaigns,
  ) {
    this.memory = memory;
    this.scans = scans;
    this.lookAlikes = lookAlikes;
    this.machines = machines;
    this.campaigns = campaigns;
    this.refusedEnds = new Buckets(memory.clock, REFUSED_ENDS, REFUSED_END_MS);
  }

  /** The subject that is the attempt's source, or -1. */
  find(slot: number): number {
    const { table, subjects } = this.memory;
    return subjects.find(table.words, table.sourceAt(slot), 0, table.sourceHash(slot));
  }

  /** True when the attempt's source is in a scan. */
  isScanning(slot: number): boolean {
    const subject = this.find(slot);
    return subject >= 0 && this.scans.of(subject) !== undefined;
  }

  /** As `find`, but makes one. -1 only when all its set is in scans. */
  admit(slot: number): number {
    const subject = this.find(slot);
    return subject >= 0 ? subject : this.admitNew(slot);
  }

  private admitNew(slot: number): number {
    const { table, subjects, probation, clock } = this.memory;
    const hash = table.sourceHash(slot);
    const subject = subjects.admit(table.words, table.sourceAt(slot), 0, hash, clock.ms);
    if (subject < 0) return -1;
    const entry = probation.touch(hash, clock.ms);
    subjects.used.set(subject, usedBy(this.memory, hash));
    subjects.head.set(subject, probation.head.of(entry));
    probation.clear(entry);
    this.countLate(subject);
    return subject;
  }

  /** Counts the failures from before the source was admitted, oldest first. */
  private countLate(subject: number): void {
    const { table } = this.memory;
    const late: number[] = [];
    eachFailed(
      this.memory,
      subject,
      LATE_MAX,
      (slot) => table.has(slot, Mark.Counted) && late.push(slot) > 0,
    );
    for (const slot of late.reverse()) {
      // Each of what no TCP sends counts on its own, as it does when its source is known.
      let exotic = table.techniques.of(slot) & EXOTIC;
      do {
        const one = exotic & -exotic;
        this.count(slot, subject, one);
        exotic ^= one;
      } while (exotic !== 0);
    }
  }

  /** Charges a failed attempt, or (`exotic`) a probe that no TCP sends. One of `Charged`. */
  charge(slot: number, exotic: number): number {
    const { table, options, account } = this.memory;
    if (inPrefixes(options.ignore, table.bytes, table.sourceAt(slot) * 4)) {
      account?.decided(slot, Decision.Ignored);
      return Charged.Not;
    }
    const isFirst = !table.has(slot, Mark.Counted);
    table.mark(slot, Mark.Counted);
    const subject = this.find(slot);
    if (subject < 0) return this.chargeUnknown(slot, isFirst);
    this.restart(subject);
    if (isFirst) addFailed(this.memory, subject, slot);
    return this.count(slot, subject, exotic) ? Charged.Counted : Charged.Not;
  }

  private chargeUnknown(slot: number, isFirst: boolean): number {
    const { table, probation, clock, account } = this.memory;
    const entry = probation.touch(table.sourceHash(slot), clock.ms);
    if (isFirst) table.link.set(slot, probation.head.of(entry));
    const failures = probation.fail(entry, isFirst ? slot : probation.head.of(entry) - 1);
    if (failures < ADMIT_FAILURES) {
      table.rank(slot, Rank.Judged, clock.ms);
      account?.decided(slot, Decision.Probation);
      return isFirst ? Charged.Single : Charged.Not;
    }
    if (this.admitNew(slot) >= 0) return Charged.Counted;
    account?.decided(slot, Decision.NoRoom);
    return Charged.Not;
  }

  /** What a source did longer ago than is remembered is forgotten. */
  private restart(subject: number): void {
    const { subjects, clock, options, account } = this.memory;
    const isOld = clock.since(subjects.lastMs.of(subject)) > options.remember * 1000;
    if (!isOld || subjects.scan.of(subject) !== 0) return;
    const used = Math.min(subjects.used.of(subject), USED_KEPT_MAX);
    account?.happened(subject, "restarts");
    subjects.reset(subject, clock.ms);
    subjects.used.set(subject, used);
  }

  /**
   * A failure of a source that has a place: part of its scan, or weighed and asked for a shape. False when it is
   * excused.
   */
  private count(slot: number, subject: number, exotic: number): boolean {
    const { table, subjects, pairs, clock, account } = this.memory;
    // What it proved before its source had a place to keep it.
    subjects.proof.mark(subject, table.proof(slot));
    let scan = this.scans.of(subject);
    if (scan !== undefined && isFirstSeen(this.memory, scan, slot)) {
      this.drop(scan, slot, subject);
      scan = undefined;
    }
    table.rank(slot, scan === undefined ? Rank.Suspect : Rank.Judged, clock.ms);
    // What a source does that already scans is not counted by host; but what it fetches by FTP is known by its host.
    const isAccepted = isSoft(table, slot);
    const host = scan === undefined || isAccepted ? hostPair(this.memory, slot, subject) : -1;
    if (this.excuseFtpData(slot, subject, host)) {
      // A success of its kind, against those that fail.
      if (scan === undefined && isAccepted) pairs.used.add(host, 1);
      account?.decided(slot, Decision.FtpData);
      return false;
    }
    if (scan !== undefined) {
      this.scans.goOn(scan, slot);
      return true;
    }
    if (this.isCopied(slot)) table.unmark(slot, Mark.ReplyLike);
    this.noteRefusedEnd(slot);
    const onePort = this.noteSourcePort(slot, subject);
    const { failure } = this;
    failure.weigh(this.memory, slot, exotic, onePort);
    this.noteUnasked(failure, subject);
    this.noteRawSocket(failure, subject);
    const port = portPair(this.memory, slot, subject);
    // A host that answered one question and was not asked again is none that the source uses.
    if (failure.hostClass !== HostClass.AnsweredOnce) {
      this.excuseHost(failure, subject, host, port, onePort);
    }
    if (failure.weight === 0 && failure.points === 0) {
      account?.decided(slot, this.whyWeightless(failure));
    } else if (charge(this.memory, failure, subject, host, port)) {
      this.ask(slot, subject, host, port);
    } else account?.decided(slot, Decision.CountedBefore);
    return true;
  }

  /** Notes, and says, whether it is an FTP data connection that came to nothing. */
  private excuseFtpData(slot: number, subject: number, host: number): boolean {
    const { memory, memory: { table, subjects } } = this;
    if (isSoft(table, slot)) {
      const isEmpty = isEmptyFile(memory, slot, subject, host);
      if (isEmpty) noteEmptyFile(memory, slot, subject);
      return isEmpty;
    }
    const isLost = isLostData(memory, slot, subject);
    if (isLost) subjects.lostData.add(subject, 1);
    return isLost;
  }

  /** Ends the scan of a source that was found by answers alone; the attempt is its first that was seen. */
  private drop(scan: Scan, slot: number, subject: number): void {
    const { table, subjects } = this.memory;
    scan.tellMs = 0;
    this.scans.end(scan);
    table.link.set(slot, 0);
    subjects.head.set(subject, slot + 1);
  }

  /** Old connections that two hosts had are so many; what looks like the end of one more is a probe. */
  private noteRefusedEnd(slot: number): void {
    const { table } = this.memory;
    if (!table.has(slot, Mark.ReplyLike) || !isRefusedEnd(table, slot)) return;
    if (this.refusedEnds.isFull(table.hostsHash(slot))) table.unmark(slot, Mark.ReplyLike);
    else this.refusedEnds.add(table.hostsHash(slot));
  }

  /**
   * True for a segment that is numbered like its source's last one to another port: a tool's, however
   * much its ports look like those of an answer. No two connections have the same numbers.
   */
  private isCopied(slot: number): boolean {
    const { table } = this.memory;
    const last = table.link.of(slot) - 1;
    return last >= 0 && table.has(slot, Mark.Ambiguous) && table.has(last, Mark.Ambiguous) &&
      table.sameSource(slot, last) && table.acknowledgement.of(slot) !== 0 &&
      table.acknowledgement.of(slot) === table.acknowledgement.of(last) &&
      table.sequence.of(slot) === table.sequence.of(last);
  }

  /** True when the last attempts of this source all came from one port, as a raw socket's do. */
  private noteSourcePort(slot: number, subject: number): boolean {
    const { table, subjects } = this.memory;
    if (isHostClass(classOf(table.key.of(slot)))) return false;
    return subjects.noteSourcePort(subject, table.sourcePort.of(slot)) >= ONE_PORT_RUN;
  }

  /**
   * Answers that nobody asked for: late DNS answers go to one port each, some of them closed by then.
   * Once several were refused without a question seen, the silent ones count like them.
   */
  private noteUnasked(failure: Failure, subject: number): void {
    const { table, subjects, options } = this.memory;
    const { slot } = failure;
    if (!table.has(slot, Mark.ReplyLike) || classOf(table.key.of(slot)) !== TargetClass.Udp) return;
    const { portClass } = failure;
    if (portClass === PortClass.Target || portClass === PortClass.AnsweredOnce) return;
    if (failure.weight > 0) subjects.unasked.add(subject, 1);
    if (subjects.unasked.of(subject) < UNASKED_MIN) return;
    failure.portClass = PortClass.Unasked;
    failure.weight = weightOf(PortClass.Unasked, options);
  }

  /** Refused SYNs that no kernel sends, one after the other from one port, count like those of ports below 1024. */
  private noteRawSocket(failure: Failure, subject: number): void {
    const { table, subjects, options } = this.memory;
    if (failure.portClass !== PortClass.Other || subjects.sameSourcePort.of(subject) < 1) return;
    if (!isRawSyn(table, failure.slot)) return;
    failure.portClass = PortClass.RawSocket;
    failure.weight = weightOf(PortClass.RawSocket, options);
  }

  /** A host counts nothing that its source uses otherwise, nor the first one of its network in what clients do. */
  private excuseHost(
    failure: Failure,
    subject: number,
    host: number,
    port: number,
    onePort: boolean,
  ): void {
    const { memory, memory: { pairs } } = this;
    const { slot } = failure;
    if (failure.points === 0) return;
    const isUsed = pairs.used.of(host) > pairs.failed.of(host) || isAnswered(memory, slot) ||
      isGuest(memory, slot);
    if (isUsed) failure.hostClass = HostClass.UsedHost;
    else {
      noteFailedHost(memory, slot, subject);
      const isSpread = isFirstOfNetwork(memory, slot, subject) &&
        isClientsFailure(memory, slot, port, onePort);
      if (isSpread) failure.hostClass = HostClass.Spread;
    }
    failure.points = Math.min(failure.points, HOST_CLASSES[failure.hostClass].points);
  }

  private whyWeightless({ slot, portClass, hostClass }: Failure): number {
    if (portClass === PortClass.Target) return Decision.Weightless;
    if (this.memory.table.has(slot, Mark.ReplyLike)) return Decision.ReplyLike;
    return hostClass === HostClass.UsedHost ? Decision.UsedHost : Decision.Midstream;
  }

  private ask(slot: number, subject: number, host: number, port: number): void {
    const found = shapeOf(this.memory, slot, subject, host, port);
    if (found === undefined) {
      // What look-alikes have in common is their group's.
      const isGroups = this.lookAlikes.actingFor(subject) !== undefined;
      if (!isGroups) this.campaigns.consider(slot, subject, host, port);
    } else if (
      !this.lookAlikes.begin(subject, found.shape) &&
      !this.machines.begin(slot, subject, found.shape)
    ) this.begin(slot, subject, found);
  }

  /** Begins a scan; it is told once what waits of its source was counted. */
  private begin(slot: number, subject: number, { shape }: Reached): void {
    const scan = this.scans.begin(subject, shape);
    if (scan === undefined) return;
    this.scans.join(scan, subject);
    this.machines.began(slot, scan);
    scan.isUnseen = isUnseen(this.memory, subject);
    this.memory.outcomes.push(slot, Change.Found, scan.handle);
  }

  /** An attempt was used: in its source's favour, once; what it was charged with is taken back. */
  use(slot: number): number {
    const { table, subjects, clock, account } = this.memory;
    if (table.has(slot, Mark.Credited)) return Charged.Not;
    table.mark(slot, Mark.Credited);
    table.rank(slot, Rank.Used, clock.ms);
    const isSeen = table.has(slot, Mark.Open | Mark.Replied);
    account?.decided(slot, isSeen ? Decision.Used : Decision.UsedUnseen);
    const subject = this.find(slot);
    const scan = subject < 0 ? undefined : this.scans.of(subject);
    if (scan !== undefined) { // what it finds it may use; but a file that it fetches is no port it found
      if (!isFtpFile(this.memory, slot)) this.scans.use(scan, slot);
      return Charged.Counted;
    }
    // That a neighbour is there does not make it one that is used.
    const isArp = classOf(table.key.of(slot)) === TargetClass.Arp;
    if (subject >= 0) {
      if (!isArp) subjects.used.add(subject, 1);
      if (this.isPeers(slot)) {
        const port = table.sourcePort.of(slot);
        subjects.noteUsedSourcePort(subject, port, RUN_OF_A_PEER, RUN_OF_A_PEER_MAX);
      }
      credit(this.memory, slot, subject);
    }
    noteUsed(this.memory, slot);
    return subject < 0 && !isArp ? Charged.Single : Charged.Counted;
  }

  /** True for what peers use between two ports that are the same: a socket that listens sent it, no scanner's. */
  private isPeers(slot: number): boolean {
    const { table } = this.memory;
    const key = table.key.of(slot), port = portOf(key);
    const hasPort = classOf(key) === TargetClass.Udp || classOf(key) === TargetClass.Tcp;
    return hasPort && !isPrivileged(port) && table.sourcePort.of(slot) === port;
  }

  /** Takes back what an attempt was charged with, when its source has a place. */
  takeBack(slot: number): void {
    const subject = this.find(slot);
    if (subject >= 0) takeBack(this.memory, slot, subject);
  }

  /** A packet shows that the source's address is its own, or is not: a bit of `Proof`. */
  prove(slot: number, proof: number): void {
    const subject = this.find(slot);
    if (subject < 0) return;
    this.memory.subjects.proof.mark(subject, proof);
    if (isProved(proof)) this.lookAlikes.proved(subject);
  }

  /** One more attempt of the source that no other source repeated, or one less. */
  alone(slot: number, by: 1 | -1): void {
    const subject = this.find(slot);
    if (subject < 0) return;
    if (by > 0) this.memory.subjects.alone.add(subject, 1);
    else this.memory.subjects.alone.take(subject, 1);
  }

  /** The source got an answer. */
  answered(slot: number): void {
    const subject = this.find(slot);
    if (subject >= 0) this.memory.subjects.answered.add(subject, 1);
  }
}
