// Scanners that change their address within one network (IPv4 /24, IPv6 /64): each address fails once
// and is never heard of again, but together they have the shape of a scan. Knows attempts of sources
// on probation; those of sources with state of their own count there.

import type { Acquaintances } from "../table/acquaintances.ts";
import { Actor, type Actors } from "../table/actors.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Counters } from "../rules/counters.ts";
import type { Hash } from "../table/hash.ts";
import type { ScandogOptions } from "../options.ts";
import { networkOf } from "../table/network_prefix.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import type { Probation } from "../table/probation.ts";
import { isHorizontal, isVertical, Rule } from "../rules/rules.ts";
import { MEMBERS_MAX } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import { EXOTIC } from "../probe/techniques.ts";
import { FULL_POINTS, hostPoints, isSoft, portWeight } from "../rules/weight.ts";

/** Sources that fail once before their network gets state: a flood's sources share none. */
const ADMIT_SOURCES = 4;

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

  private locate(slot: number): number {
    const { words } = this.table;
    networkOf(words, this.table.addressAt(slot, Word.Initiator), this.prefix);
    return this.hash.pair(this.hash.address(this.prefix, 0), 1);
  }

  /** A source's first failed attempt. */
  charge(slot: number, exotic: number): void {
    const { table, actors, pairs, options } = this;
    const hash = this.locate(slot);
    let actor = actors.find(this.prefix, 0, 1, hash);
    if (actor < 0) {
      const entry = this.probation.touch(hash, this.clock.ms);
      table.set(slot, Word.Link, this.probation.head(entry));
      if (this.probation.fail(entry, slot) < ADMIT_SOURCES) return;
      actor = actors.admit(this.prefix, 0, 1, hash, this.clock.ms);
      if (actor < 0) return;
      this.probation.clear(entry);
    } else table.set(slot, Word.Link, actors.get(actor, Actor.Head));
    actors.set(actor, Actor.Head, slot + 1);
    const soft = isSoft(table, slot);
    const weight = portWeight(table, slot, soft, exotic, false, options);
    const points = hostPoints(table, slot, soft, exotic, false);
    const key = table.get(slot, Word.Key);
    const target = this.hash.address(table.words, table.addressAt(slot, Word.Responder));
    const host = this.counters.host(slot, actor), port = this.counters.port(slot, actor);
    const newPort = weight > 0 && pairs.note(host, this.hash.pair(key, exotic));
    const newHost = points > 0 && pairs.note(port, target);
    if (!newPort && !newHost) return;
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
    const factor = options.networkFactor;
    options.ledger?.asked(slot, actor, host, port);
    if (
      isVertical(pairs, host, factor, options) ||
      isHorizontal(actors, actor, pairs, port, false, factor, options)
    ) this.begin(slot, actor, hash);
  }

  /** A source without failures used something: in its network's favour, when that has state. */
  credit(slot: number): void {
    const hash = this.locate(slot);
    const actor = this.actors.find(this.prefix, 0, 1, hash);
    if (actor < 0) return;
    this.actors.add(actor, Actor.Used, 1);
    this.pairs.add(this.counters.host(slot, actor), Pair.Used, 1);
    this.pairs.add(this.counters.port(slot, actor), Pair.Used, 1);
  }

  /**
   * All sources that failed once become one scan's, but for those that belong to another or that got
   * what they wanted elsewhere: an ordinary client may live next to scanners. `slot`: the attempt
   * that the rules were asked about.
   */
  private begin(slot: number, actor: number, hash: number): void {
    const { actors, suspects, options } = this;
    const slow = this.clock.since(actors.get(actor, Actor.FirstMs)) > options.slowAfter * 1000;
    const count = this.gather(actors.get(actor, Actor.Head), hash);
    actors.reset(actor, this.clock.ms);
    if (!this.isEnough(count)) {
      options.ledger?.overlooked(slot);
      return;
    }
    const scan = this.scans.begin(slow);
    if (scan === undefined) return;
    scan.kindOfSources = "distributed";
    scan.foundBy = Rule.Network;
    for (let i = 0; i < count; i++) {
      const member = this.admit(suspects[i]);
      if (member >= 0) this.scans.join(scan, member);
    }
    if (scan.memberCount > 0) this.scans.start(scan, 0);
  }

  /** Fills `suspects` from a chain of attempts, latest first; how many there are. */
  private gather(head: number, hash: number): number {
    const { table, suspects } = this;
    let count = 0;
    for (let next = head; next !== 0 && count < MEMBERS_MAX;) {
      const slot = next - 1;
      if (this.locate(slot) !== hash) break;
      next = table.get(slot, Word.Link);
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
  private isEnough(count: number): boolean {
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
    const { scanWeight, sweepHosts, networkFactor } = options;
    return weight >= scanWeight * networkFactor ||
      points >= sweepHosts * FULL_POINTS * networkFactor;
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
