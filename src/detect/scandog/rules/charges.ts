// What attempts were charged with, and how it is given back. Knows actors, pairs and attempts; nothing of
// rules.

import type { Acquaintances } from "../table/acquaintances.ts";
import { Actor, type Actors } from "../table/actors.ts";
import { classOf, isHostClass, isPrivileged, portOf, TargetClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import type { Counters } from "./counters.ts";
import { type Conversations, Mark, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import { type Ledger, Why } from "../ledger.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import { isPlain } from "./weight.ts";

/** Failed attempts looked through for those at a host that is used: the latest. */
const LOOKED_MAX = 16;
/** Keeps what was used at a host and what was used at a port apart. */
const HABIT = 0x3c6f;
/** Marks in `Word.Weight`: what was charged to the pair with the host, and to that with the port. */
const OF_HOST = 1 << 16;
const OF_PORT = 1 << 17;
/** It was weighed by a rule of `isPlain`. */
const PLAIN = 1 << 18;

export class Charges {
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly pairs: Pairs;
  declare private readonly counters: Counters;
  declare private readonly acquaintances: Acquaintances;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly ledger: Ledger | undefined;

  constructor(
    table: Conversations,
    actors: Actors,
    pairs: Pairs,
    counters: Counters,
    acquaintances: Acquaintances,
    hash: Hash,
    clock: Clock,
    ledger: Ledger | undefined,
  ) {
    this.table = table;
    this.actors = actors;
    this.pairs = pairs;
    this.counters = counters;
    this.acquaintances = acquaintances;
    this.hash = hash;
    this.clock = clock;
    this.ledger = ledger;
  }

  /** The pair of the actor and the attempt's host, with all that the actor used there. */
  host(slot: number, actor: number): number {
    const { pairs } = this;
    const host = this.counters.host(slot, actor);
    pairs.atLeast(host, Pair.Used, this.acquaintances.count(this.known(slot)));
    return host;
  }

  private source(slot: number): number {
    const { table } = this;
    return this.hash.address(table.words, table.addressAt(slot, Word.Initiator));
  }

  private target(slot: number): number {
    const { table } = this;
    return this.hash.address(table.words, table.addressAt(slot, Word.Responder));
  }

  /** Hash of the attempt's two hosts: what its source used at its target. */
  private known(slot: number): number {
    return this.hash.pair(this.source(slot), this.target(slot));
  }

  /** Hash of a source, by its hash, and a target key: what it used on whatever hosts. */
  private habit(source: number, key: number): number {
    return this.hash.triple(source, key, HABIT);
  }

  /**
   * A source, by its hash, was answered from a target key of some host; its question was not seen. It
   * does not count as known to that host, which may be a scanner that sends from a service's port.
   */
  noteUse(source: number, key: number): void {
    this.acquaintances.add(this.habit(source, key), this.clock.ms);
  }

  /** True when the attempt's target itself lately used something at its source. */
  isAnswered(slot: number): boolean {
    return this.acquaintances.count(this.hash.pair(this.target(slot), this.source(slot))) > 0;
  }

  /** An attempt was used: known of its source from now on, whether or not it has a place. */
  acquaint(slot: number): void {
    const source = this.source(slot);
    this.noteUse(source, this.table.get(slot, Word.Key));
    if (this.isArp(slot)) return; // its target is there, not used
    this.acquaintances.add(this.hash.pair(source, this.target(slot)), this.clock.ms);
    this.acquaintances.add(source, this.clock.ms);
  }

  /** What a source used on all hosts, at most 255. `hash`: of its address. */
  usedBy(hash: number): number {
    return this.acquaintances.count(hash);
  }

  /** The pair of the actor and the attempt's target key, with all that the actor used of it. */
  port(slot: number, actor: number): number {
    const { pairs } = this;
    const port = this.counters.port(slot, actor);
    pairs.atLeast(
      port,
      Pair.Used,
      this.acquaintances.count(this.habit(this.source(slot), this.table.get(slot, Word.Key))),
    );
    return port;
  }

  private isArp(slot: number): boolean {
    return classOf(this.table.get(slot, Word.Key)) === TargetClass.Arp;
  }

  /**
   * Charges a failed attempt to the pair with its host and to that with its port; -1: not to that one.
   * `rule`: one of `PortRule`.
   */
  charge(
    slot: number,
    host: number,
    port: number,
    weight: number,
    points: number,
    rule: number,
  ): void {
    const { pairs } = this;
    let charged = weight | points << 8;
    if (host >= 0) {
      pairs.add(host, Pair.Weight, weight);
      pairs.add(host, Pair.Failed, 1);
      charged |= OF_HOST;
      if (isPlain(rule)) {
        pairs.addPlainWeight(host, weight);
        charged |= PLAIN;
      }
    }
    if (port >= 0) {
      pairs.add(port, Pair.Points, points);
      pairs.add(port, Pair.Failed, 1);
      charged |= OF_PORT;
    }
    this.table.set(slot, Word.Weight, charged);
  }

  /** An attempt was used: in the actor's favour, and in that of what it failed at on the same host. */
  credit(slot: number, actor: number): void {
    const { pairs } = this;
    pairs.add(this.port(slot, actor), Pair.Used, 1);
    this.takeBack(slot, actor);
    // That a neighbour is there does not make it one that is used.
    if (this.isArp(slot)) return;
    const host = this.host(slot, actor);
    pairs.add(host, Pair.Used, 1);
    if (isLowPort(this.table.get(slot, Word.Key))) pairs.addPlainUse(host);
    if (
      pairs.get(host, Pair.Failed) > 0 && pairs.get(host, Pair.Used) >= pairs.get(host, Pair.Failed)
    ) {
      this.forgive(slot, actor);
    }
  }

  /** Takes back what an attempt was charged with. */
  takeBack(slot: number, actor: number): void {
    const { table, actors, pairs } = this;
    if (!table.has(slot, Mark.Counted)) return;
    const charged = table.get(slot, Word.Weight);
    if (charged === 0) return;
    this.takePoints(slot, actor);
    table.set(slot, Word.Weight, 0);
    this.ledger?.decided(slot, Why.TakenBack);
    const weight = charged & 0xff;
    actors.take(actor, Actor.Failed, 1);
    actors.take(actor, Actor.Weight, weight);
    if ((charged & OF_HOST) === 0) return;
    const host = this.counters.host(slot, actor);
    pairs.take(host, Pair.Weight, weight);
    if ((charged & PLAIN) !== 0) pairs.addPlainWeight(host, -weight);
    pairs.take(host, Pair.Failed, 1);
  }

  /** The host is used after all: that other ports of it failed does not make it part of a sweep. */
  private forgive(slot: number, actor: number): void {
    const { table } = this;
    let next = this.actors.get(actor, Actor.Head);
    for (let i = 0; next !== 0 && i < LOOKED_MAX; i++) {
      const other = next - 1;
      if (!table.sameInitiator(other, slot)) return;
      if (table.sameResponder(other, slot)) this.takePoints(other, actor);
      next = table.get(other, Word.Link);
    }
  }

  private takePoints(slot: number, actor: number): void {
    const { table, pairs } = this;
    const charged = table.get(slot, Word.Weight);
    const points = charged >>> 8 & 0xff;
    this.actors.take(actor, Actor.Points, points);
    if ((charged & OF_PORT) !== 0) {
      const port = this.counters.port(slot, actor);
      pairs.take(port, Pair.Points, points);
      pairs.take(port, Pair.Failed, 1);
    }
    table.set(slot, Word.Weight, charged & ~(0xff << 8 | OF_PORT));
  }
}

/** True for a privileged port. */
function isLowPort(key: number): boolean {
  const kind = classOf(key);
  return !isHostClass(kind) && kind !== TargetClass.IpProtocol && isPrivileged(portOf(key));
}
