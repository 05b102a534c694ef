// Scanners that change their address within one network (IPv4 /24, IPv6 /64 and /48): each address fails
// once and is never heard of again, but together they have the shape of a scan. Knows attempts of sources
// on probation; those of sources with state of their own count there.

import type { Acquaintances } from "../table/acquaintances.ts";
import { Actor, type Actors } from "../table/actors.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Counters } from "../rules/counters.ts";
import type { Hash } from "../table/hash.ts";
import type { ScandogOptions } from "../options.ts";
import { isMappedAt, networkOf, Width } from "../table/network_prefix.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import type { Probation } from "../table/probation.ts";
import {
  enoughPoints,
  enoughWeight,
  factorOf,
  isHorizontal,
  isVertical,
  Rule,
} from "../rules/rules.ts";
import { MEMBERS_MAX, type Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import { EXOTIC } from "../probe/techniques.ts";
import { hostPoints, isSoft, portWeight } from "../rules/weight.ts";

/** Sources that fail once before their network gets state: a flood's sources share none. */
const ADMIT_SOURCES = 4;
/** Attempts of a site looked through for those of one of its networks; bounds the work of one packet. */
const LOOKED_MAX = 1024;

/** Makes an actor of an attempt's source. */
export type Admit = (slot: number) => number;

export class Networks {
  /** The network of the attempt at hand. */
  private readonly prefix = new Int32Array(4);
  /** Attempts of the sources that a scan will be made of. */
  private readonly suspects = new Int32Array(MEMBERS_MAX);
  declare private admit: Admit;
  declare private readonly options: ScandogOptions;
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly pairs: Pairs;
  declare private readonly counters: Counters;
  declare private readonly probation: Probation;
  declare private readonly acquaintances: Acquaintances;
  declare private readonly scans: Scans;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(
    options: ScandogOptions,
    table: Conversations,
    actors: Actors,
    pairs: Pairs,
    counters: Counters,
    probation: Probation,
    acquaintances: Acquaintances,
    scans: Scans,
    hash: Hash,
    clock: Clock,
  ) {
    this.options = options;
    this.table = table;
    this.actors = actors;
    this.pairs = pairs;
    this.counters = counters;
    this.probation = probation;
    this.acquaintances = acquaintances;
    this.scans = scans;
    this.hash = hash;
    this.clock = clock;
  }

  /** How sources become actors; set once, because each needs the other. */
  connect(admit: Admit): void {
    this.admit = admit;
  }

  private locate(slot: number, width: number): number {
    const { words } = this.table;
    networkOf(words, this.table.addressAt(slot, Word.Initiator), width, this.prefix);
    return this.hash.pair(this.hash.address(this.prefix, 0), width);
  }

  /** The widest network that the source of an attempt is counted with. */
  private widestOf(slot: number): number {
    const { words } = this.table;
    const isFour = isMappedAt(words, this.table.addressAt(slot, Word.Initiator));
    return isFour ? Width.Link : Width.Site;
  }

  /** A source's first failed attempt. */
  charge(slot: number, exotic: number): void {
    const widest = this.widestOf(slot);
    for (let width: number = Width.Link; width <= widest; width++) {
      if (this.goesOn(slot, width)) return;
    }
    // The widest first: attempts are linked by it.
    for (let width: number = widest; width >= Width.Link; width--) {
      if (this.chargeTo(slot, exotic, width, width === widest)) return;
    }
  }

  /** True when a scan was found by it. */
  private chargeTo(slot: number, exotic: number, width: number, isLinked: boolean): boolean {
    const { table, actors, options } = this;
    const hash = this.locate(slot, width);
    let actor = actors.find(this.prefix, 0, width, hash);
    if (actor < 0) {
      const entry = this.probation.touch(hash, this.clock.ms);
      if (isLinked) table.set(slot, Word.Link, this.probation.head(entry));
      if (this.probation.fail(entry, slot) < ADMIT_SOURCES) return false;
      actor = actors.admit(this.prefix, 0, width, hash, this.clock.ms);
      if (actor < 0) return false;
      this.probation.clear(entry);
      this.countLate(slot, actor, hash, width);
    } else if (isLinked) table.set(slot, Word.Link, actors.get(actor, Actor.Head));
    actors.set(actor, Actor.Head, slot + 1);
    if (!this.weigh(slot, actor, exotic)) return false;
    const host = this.counters.host(slot, actor), port = this.counters.port(slot, actor);
    const factor = factorOf(width, options);
    options.ledger?.asked(slot, actor, host, port);
    return (isVertical(this.pairs, host, factor, options) ||
      isHorizontal(actors, actor, this.pairs, port, false, factor, options)) &&
      this.begin(slot, actor, hash, width);
  }

  /** Counts the attempts from before the network was admitted. */
  private countLate(slot: number, actor: number, hash: number, width: number): void {
    const { table, suspects } = this;
    for (let i = this.gather(table.get(slot, Word.Link), hash, width) - 1; i >= 0; i--) {
      this.weigh(suspects[i], actor, table.get(suspects[i], Word.Techniques) & EXOTIC);
    }
  }

  /** Counts an attempt against its network; false when the same target was counted before. */
  private weigh(slot: number, actor: number, exotic: number): boolean {
    const { table, actors, pairs, options } = this;
    const soft = isSoft(table, slot);
    const weight = portWeight(table, slot, soft, exotic, false, options);
    const points = hostPoints(table, slot, soft, exotic, false);
    const key = table.get(slot, Word.Key);
    const target = this.hash.address(table.words, table.addressAt(slot, Word.Responder));
    const host = this.counters.host(slot, actor), port = this.counters.port(slot, actor);
    const newPort = weight > 0 && pairs.note(host, this.hash.pair(key, exotic));
    const newHost = points > 0 && pairs.note(port, target);
    if (!newPort && !newHost) return false;
    if (newPort) {
      pairs.add(host, Pair.Weight, weight);
      pairs.add(host, Pair.Failed, 1);
    }
    if (newHost) {
      pairs.add(port, Pair.Points, points);
      pairs.add(port, Pair.Failed, 1);
    }
    actors.add(actor, Actor.Failed, 1);
    actors.add(actor, Actor.Weight, weight);
    actors.setBit(actor, Actor.PortBits, this.hash.pair(key, 0) & 127);
    actors.set(actor, Actor.LastMs, this.clock.ms);
    return true;
  }

  /**
   * The scan of the source's network goes on: one more source of it, if that does the same. Not the first
   * few: one of them may be a neighbour that errs.
   */
  private goesOn(slot: number, width: number): boolean {
    const { actors, table } = this;
    const hash = this.locate(slot, width);
    const actor = actors.find(this.prefix, 0, width, hash);
    const scan = actor < 0 ? undefined : this.scans.withHandle(actors.get(actor, Actor.Group));
    if (scan === undefined || !this.isSuspect(slot) || !this.scans.resembles(scan, slot)) {
      return false;
    }
    actors.add(actor, Actor.Failed, 1);
    const came = actors.get(actor, Actor.Failed);
    if (came > ADMIT_SOURCES) {
      this.join(scan, slot);
      return true;
    }
    table.set(slot, Word.Link, actors.get(actor, Actor.Head));
    actors.set(actor, Actor.Head, slot + 1);
    if (came < ADMIT_SOURCES) return true;
    for (let i = this.gather(slot + 1, hash, width) - 1; i >= 0; i--) {
      this.join(scan, this.suspects[i]);
    }
    return true;
  }

  private join(scan: Scan, slot: number): void {
    if (scan.memberCount < MEMBERS_MAX) {
      const member = this.admit(slot);
      if (member >= 0) this.scans.join(scan, member);
    } else scan.others++;
    this.scans.goOn(scan, slot);
  }

  /** A source without failures used something: in its networks' favour, when those have state. */
  credit(slot: number): void {
    for (let width: number = this.widestOf(slot); width >= Width.Link; width--) {
      const hash = this.locate(slot, width);
      const actor = this.actors.find(this.prefix, 0, width, hash);
      if (actor < 0) continue;
      this.actors.add(actor, Actor.Used, 1);
      this.pairs.add(this.counters.host(slot, actor), Pair.Used, 1);
      this.pairs.add(this.counters.port(slot, actor), Pair.Used, 1);
    }
  }

  /**
   * All sources that failed once become one scan's, but for those that belong to another or that got
   * what they wanted elsewhere: an ordinary client may live next to scanners. `slot`: the attempt
   * that the rules were asked about. False when what is left is not enough.
   */
  private begin(slot: number, actor: number, hash: number, width: number): boolean {
    const { actors, suspects, options } = this;
    const slow = this.clock.since(actors.get(actor, Actor.FirstMs)) > options.slowAfter * 1000;
    const count = this.gather(actors.get(actor, Actor.Head), hash, width);
    actors.reset(actor, this.clock.ms);
    if (!this.isEnough(count, factorOf(width, options))) {
      options.ledger?.overlooked(slot);
      return false;
    }
    const scan = this.scans.begin(slow);
    if (scan === undefined) return false;
    scan.kindOfSources = "distributed";
    scan.foundBy = Rule.Network;
    for (let i = 0; i < count; i++) {
      const member = this.admit(suspects[i]);
      if (member >= 0) this.scans.join(scan, member);
    }
    if (scan.memberCount > 0) this.scans.start(scan, 0);
    // A network is in no decoy group; there it keeps its scan, so that the sources to come join it.
    actors.set(actor, Actor.Group, scan.handle);
    return true;
  }

  /** Fills `suspects` from a chain of attempts, latest first; how many there are. */
  private gather(head: number, hash: number, width: number): number {
    const { table, suspects } = this;
    if (head === 0) return 0;
    const widest = this.widestOf(head - 1);
    const chain = this.locate(head - 1, widest);
    let count = 0;
    for (let next = head, i = 0; next !== 0 && count < MEMBERS_MAX && i < LOOKED_MAX; i++) {
      const slot = next - 1;
      if (this.locate(slot, widest) !== chain) break; // its place was taken over
      next = table.get(slot, Word.Link);
      if (width !== widest && this.locate(slot, width) !== hash) continue;
      if (this.isSuspect(slot)) suspects[count++] = slot;
    }
    return count;
  }

  private isSuspect(slot: number): boolean {
    const { table, actors } = this;
    const at = table.addressAt(slot, Word.Initiator);
    const hash = this.hash.address(table.words, at);
    const actor = actors.find(table.words, at, 0, hash);
    if (actor >= 0) {
      return actors.get(actor, Actor.Scan) === 0 && actors.get(actor, Actor.Used) === 0;
    }
    return this.acquaintances.count(hash) === 0;
  }

  /** True when the suspects' own attempts, each target once, have the shape of a scan. */
  private isEnough(count: number, factor: number): boolean {
    const { table, suspects, options } = this;
    if (count < options.groupSources) return false;
    let weight = 0, points = 0;
    for (let i = 0; i < count; i++) {
      const slot = suspects[i];
      if (this.isRepeated(i)) continue;
      const soft = isSoft(table, slot);
      const exotic = table.get(slot, Word.Techniques) & EXOTIC;
      if (this.table.sameResponder(slot, suspects[0])) {
        weight += portWeight(table, slot, soft, exotic, false, options);
      }
      if (this.sameKey(slot, suspects[0])) {
        points += hostPoints(table, slot, soft, exotic, false);
      }
    }
    return weight >= enoughWeight(factor, options) || points >= enoughPoints(factor, options);
  }

  /** True when another suspect before this one tried the same target. */
  private isRepeated(index: number): boolean {
    const { suspects } = this;
    for (let i = 0; i < index; i++) {
      if (
        this.sameKey(suspects[i], suspects[index]) &&
        this.table.sameResponder(suspects[i], suspects[index])
      ) {
        return true;
      }
    }
    return false;
  }

  private sameKey(a: number, b: number): boolean {
    return this.table.get(a, Word.Key) === this.table.get(b, Word.Key);
  }
}
