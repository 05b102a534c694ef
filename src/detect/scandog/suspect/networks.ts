// Scanners that change their address within one network (IPv4 /24, IPv6 /64 and /48): each address fails
// once and is never heard of again, but together they have the shape of a scan. Knows attempts of sources
// on probation; those of sources with state of their own count there.

import type { Memory } from "../memory.ts";
import { ADMIT_SOURCES, CROWD } from "../limits.ts";
import { EXOTIC } from "../probe/techniques.ts";
import { MEMBERS_MAX, type Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import { enoughPoints, enoughWeight, factorOf, ShapeCode } from "../shape/shapes.ts";
import { addFailed } from "../table/attempt_chains.ts";
import { Mark } from "../table/attempt_state.ts";
import { isMappedAt, networkOf, Width } from "../table/network_prefix.ts";
import { Failure } from "../weigh/failures.ts";
import { charge, shapeOf } from "./charges.ts";
import type { Machines } from "./machines.ts";
import type { Sources } from "./sources.ts";

/** Attempts of a site looked through for those of one of its networks; bounds the work of one packet. */
const LOOKED_MAX = 1024;

export class Networks {
  /** The network of the attempt at hand. */
  private readonly prefix = new Int32Array(4);
  private readonly failure = new Failure();
  declare private readonly memory: Memory;
  declare private readonly scans: Scans;
  declare private readonly sources: Sources;
  declare private readonly machines: Machines;

  constructor(memory: Memory, scans: Scans, sources: Sources, machines: Machines) {
    this.memory = memory;
    this.scans = scans;
    this.sources = sources;
    this.machines = machines;
  }

  private locate(slot: number, width: number): number {
    const { table, hash } = this.memory;
    networkOf(table.words, table.sourceAt(slot), width, this.prefix);
    return hash.pair(hash.address(this.prefix, 0), width);
  }

  /** The widest network that the source of an attempt is counted with. */
  private widestOf(slot: number): number {
    const { table } = this.memory;
    return isMappedAt(table.words, table.sourceAt(slot)) ? Width.Link : Width.Site;
  }

  /**
   * A source's first failed attempt; true when it is part of a scan of its network. Answers alone, one to each of many
   * addresses, are no such scan: so does a victim answer who was flooded in the network's name.
   */
  charge(slot: number, exotic: number): boolean {
    if (this.memory.table.has(slot, Mark.ReplyOnly)) return false;
    const widest = this.widestOf(slot);
    for (let width: number = Width.Link; width <= widest; width++) {
      if (this.goesOn(slot, width)) return true;
    }
    // The widest first: attempts are linked by it.
    for (let width: number = widest; width >= Width.Link; width--) {
      if (this.chargeTo(slot, exotic, width, width === widest)) return true;
    }
    return false;
  }

  /** True when a scan was found by it. */
  private chargeTo(slot: number, exotic: number, width: number, isLinked: boolean): boolean {
    const { table, subjects, probation, clock } = this.memory;
    const hash = this.locate(slot, width);
    let subject = subjects.find(this.prefix, 0, width, hash);
    if (subject < 0) {
      const entry = probation.touch(hash, clock.ms);
      if (isLinked) table.link.set(slot, probation.head.of(entry));
      if (probation.fail(entry, slot) < ADMIT_SOURCES) return false;
      subject = subjects.admit(this.prefix, 0, width, hash, clock.ms);
      if (subject < 0) return false;
      probation.clear(entry);
      this.countLate(slot, subject, hash, width);
    } else if (isLinked) table.link.set(slot, subjects.head.of(subject));
    subjects.head.set(subject, slot + 1);
    if (!this.count(slot, subject, exotic)) return false;
    const { pairsOf } = this.memory;
    const host = pairsOf.host(slot, subject), port = pairsOf.port(slot, subject);
    const found = shapeOf(this.memory, slot, subject, host, port);
    return found !== undefined && this.begin(slot, subject, hash, width);
  }

  /** Counts the attempts from before the network was admitted. */
  private countLate(slot: number, subject: number, hash: number, width: number): void {
    const { table } = this.memory;
    for (const earlier of this.gather(table.link.of(slot), hash, width).reverse()) {
      this.count(earlier, subject, table.techniques.of(earlier) & EXOTIC);
    }
  }

  /** Counts a failure against its network; false when it weighs nothing, or its target was counted before. */
  private count(slot: number, subject: number, exotic: number): boolean {
    const { failure, memory: { pairsOf } } = this;
    failure.weigh(this.memory, slot, exotic, false);
    if (failure.weight === 0 && failure.points === 0) return false;
    const host = pairsOf.host(slot, subject), port = pairsOf.port(slot, subject);
    return charge(this.memory, failure, subject, host, port);
  }

  /**
   * The scan of the source's network goes on: one more source of it, if that does the same. Not the first
   * few: one of them may be a neighbour that errs.
   */
  private goesOn(slot: number, width: number): boolean {
    const { subjects } = this.memory;
    const hash = this.locate(slot, width);
    const subject = subjects.find(this.prefix, 0, width, hash);
    const scan = subject < 0 ? undefined : this.scans.withHandle(subjects.group.of(subject));
    if (scan === undefined || !this.isSuspect(slot) || !scan.resembles(slot)) {
      return false;
    }
    // Who tries what was tried before is not told with it, and begins no other scan: it may be a neighbour that errs.
    if (scan.hasTried(slot)) return true;
    subjects.failed.add(subject, 1);
    const came = subjects.failed.of(subject);
    if (came > ADMIT_SOURCES) {
      this.join(scan, slot);
      return true;
    }
    addFailed(this.memory, subject, slot);
    if (came < ADMIT_SOURCES) return true;
    for (const other of this.gather(slot + 1, hash, width).reverse()) this.join(scan, other);
    return true;
  }

  private join(scan: Scan, slot: number): void {
    if (scan.members.length < MEMBERS_MAX) {
      const member = this.sources.admit(slot);
      if (member >= 0) this.machines.join(scan, member);
    } else scan.others++;
    this.scans.goOn(scan, slot);
  }

  /** A source without failures used something: in its networks' favour, when those have state. */
  credit(slot: number): void {
    const { subjects, pairs, pairsOf } = this.memory;
    for (let width: number = this.widestOf(slot); width >= Width.Link; width--) {
      const hash = this.locate(slot, width);
      const subject = subjects.find(this.prefix, 0, width, hash);
      if (subject < 0) continue;
      pairs.used.add(pairsOf.host(slot, subject), 1);
      pairs.used.add(pairsOf.port(slot, subject), 1);
    }
  }

  /**
   * All sources that failed once become one scan's, but for those that belong to another or that got
   * what they wanted elsewhere: an ordinary client may live next to scanners. `slot`: the attempt
   * by which the shape was reached. False when what is left is not enough.
   */
  private begin(slot: number, subject: number, hash: number, width: number): boolean {
    const { subjects, clock, options, account } = this.memory;
    const firstMs = subjects.firstMs.of(subject);
    const all = this.gather(subjects.head.of(subject), hash, width);
    subjects.reset(subject, clock.ms);
    const factor = factorOf(width, options);
    const crowds = all.filter((suspect) => this.sharing(suspect, all).length >= CROWD);
    const others = all.filter((suspect) => !crowds.includes(suspect));
    const suspects = [others, [...others, ...crowds]].find((some) => this.isEnough(some, factor));
    if (suspects === undefined) {
      account?.overlooked(slot);
      return false;
    }
    const { length } = suspects;
    const scan = this.scans.begin(subject, ShapeCode.Network, "distributed", length, firstMs);
    if (scan === undefined) return false;
    for (const suspect of suspects) {
      const member = this.sources.admit(suspect);
      if (member >= 0) this.scans.join(scan, member);
    }
    if (scan.members.length > 0) this.scans.start(scan, this.machines.complete(scan));
    // A network is in no decoy group; there it keeps its scan, so that the sources to come join it.
    subjects.group.set(subject, scan.handle);
    return true;
  }

  /** The attempts in a chain of which a scan of the network would be made, the latest first. */
  private gather(head: number, hash: number, width: number): number[] {
    const { table } = this.memory;
    const suspects: number[] = [];
    let chain: number | undefined;
    for (let next = head, i = 0; next !== 0 && i < LOOKED_MAX; i++) {
      const slot = next - 1;
      const widest = this.widestOf(slot), wide = this.locate(slot, widest);
      if (wide !== (chain ??= wide)) break; // its place was taken over
      next = table.link.of(slot);
      if (width !== widest && this.locate(slot, width) !== hash) continue;
      if (this.isSuspect(slot) && suspects.push(slot) === MEMBERS_MAX) break;
    }
    return suspects;
  }

  /** Those of the suspects that tried the target of an attempt: several that fail at one may be clients of it. */
  private sharing(slot: number, suspects: readonly number[]): number[] {
    const { table } = this.memory;
    const key = table.key.of(slot);
    return suspects.filter((other) => table.key.of(other) === key && table.sameTarget(other, slot));
  }

  private isSuspect(slot: number): boolean {
    const { table, subjects, acquaintances } = this.memory;
    const subject = this.sources.find(slot);
    if (subject >= 0) return subjects.scan.of(subject) === 0 && subjects.used.of(subject) === 0;
    return acquaintances.count(table.sourceHash(slot)) === 0;
  }

  /** True when the suspects' own attempts, each target once, have the shape of a scan. */
  private isEnough(suspects: readonly number[], factor: number): boolean {
    const { table, options } = this.memory;
    const { failure } = this;
    const [first] = suspects;
    if (suspects.length < options.groupSources) return false;
    let weight = 0, points = 0;
    for (const slot of suspects) {
      if (this.sharing(slot, suspects)[0] !== slot) continue;
      failure.weigh(this.memory, slot, table.techniques.of(slot) & EXOTIC, false);
      if (table.sameTarget(slot, first)) weight += failure.weight;
      if (table.key.of(slot) === table.key.of(first)) points += failure.points;
    }
    return weight >= enoughWeight(factor, options) || points >= enoughPoints(factor, options);
  }
}
