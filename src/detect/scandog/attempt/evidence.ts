// From outcomes to suspicion: counts what attempts became, for their source and for its network, and
// asks the rules. Knows the tables; nothing of packets.
//
// A first failure only leaves a mark in probation. With the second a source is admitted to real
// state, and what it did before is counted then.

import { inPrefixes } from "../../../address.ts";
import { Actor, type Actors } from "../table/actors.ts";
import type { Charges } from "../rules/charges.ts";
import { classOf, isHostClass, TargetClass } from "../probe/classes.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Mark, Rank, Word } from "../table/conversations.ts";
import type { Companions } from "../rules/companions.ts";
import type { Decoys } from "../source/decoys.ts";
import type { Distributed } from "../source/distributed.ts";
import type { Flood } from "../flood/flood.ts";
import { Why } from "../ledger.ts";
import type { Hash } from "../table/hash.ts";
import type { ScandogOptions } from "../options.ts";
import type { Networks } from "../source/networks.ts";
import { Pair, type Pairs } from "../table/pairs.ts";
import type { Probation } from "../table/probation.ts";
import { ONE_PORT_RUN, Rule, ruleOf } from "../rules/rules.ts";
import { Proof } from "../probe/proof.ts";
import type { Scans } from "../scan/scans.ts";
import type { Spread } from "../rules/spread.ts";
import { Unseen } from "./unseen.ts";
import { EXOTIC } from "../probe/techniques.ts";
import {
  HostRule,
  hostRule,
  isCopied,
  isDataPort,
  isSoft,
  pointsOf,
  PortRule,
  portRule,
  ruleFor,
  weightOf,
} from "../rules/weight.ts";

/** Failures that earn real state. */
const ADMIT_FAILURES = 2;
/** Refused answers after which silent ones count too. */
const UNASKED_MIN = 3;
/** Successes of a source that are remembered when what it failed at is forgotten. */
const USED_KEPT_MAX = 255;
/** Attempts counted late, when their source is admitted. */
const LATE_MAX = 8;

export class Evidence {
  private readonly late = new Int32Array(LATE_MAX);
  declare private readonly options: ScandogOptions;
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly pairs: Pairs;
  declare private readonly probation: Probation;
  declare private readonly scans: Scans;
  declare private readonly decoys: Decoys;
  declare private readonly distributed: Distributed;
  declare private readonly flood: Flood;
  declare private readonly networks: Networks;
  declare private readonly charges: Charges;
  declare private readonly companions: Companions;
  declare private readonly spread: Spread;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly unseen: Unseen;
  declare private scanning: (slot: number) => void;

  constructor(
    options: ScandogOptions,
    table: Conversations,
    actors: Actors,
    pairs: Pairs,
    probation: Probation,
    scans: Scans,
    decoys: Decoys,
    distributed: Distributed,
    flood: Flood,
    networks: Networks,
    charges: Charges,
    companions: Companions,
    spread: Spread,
    hash: Hash,
    clock: Clock,
  ) {
    this.options = options;
    this.table = table;
    this.actors = actors;
    this.pairs = pairs;
    this.probation = probation;
    this.scans = scans;
    this.decoys = decoys;
    this.distributed = distributed;
    this.flood = flood;
    this.networks = networks;
    this.charges = charges;
    this.companions = companions;
    this.spread = spread;
    this.hash = hash;
    this.clock = clock;
    this.unseen = new Unseen(table, actors, scans);
  }

  /** What to do once an attempt's source scans; set once, because each needs the other. */
  connect(scanning: (slot: number) => void): void {
    this.scanning = scanning;
  }

  /** The actor that is the attempt's source, or -1. */
  actorOf(slot: number): number {
    const at = this.table.addressAt(slot, Word.Initiator);
    const hash = this.hash.address(this.table.words, at);
    return this.actors.find(this.table.words, at, 0, hash);
  }

  /** True when the attempt's source is in a scan. */
  isScanning(slot: number): boolean {
    const actor = this.actorOf(slot);
    return actor >= 0 && this.scans.of(actor) !== undefined;
  }

  /** As `actorOf`, but makes one. -1 only when all its set is in scans. */
  admit(slot: number): number {
    const at = this.table.addressAt(slot, Word.Initiator);
    const hash = this.hash.address(this.table.words, at);
    const actor = this.actors.find(this.table.words, at, 0, hash);
    return actor >= 0 ? actor : this.admitNew(at, hash);
  }

  private admitNew(at: number, hash: number): number {
    const { actors, probation } = this;
    const actor = actors.admit(this.table.words, at, 0, hash, this.clock.ms);
    if (actor < 0) return -1;
    const entry = probation.touch(hash, this.clock.ms);
    actors.set(actor, Actor.Used, this.charges.usedBy(hash));
    actors.set(actor, Actor.Head, probation.head(entry));
    probation.clear(entry);
    this.countLate(actor);
    return actor;
  }

  /** Counts the failures from before the source was admitted, oldest first. */
  private countLate(actor: number): void {
    const { table } = this;
    let found = 0;
    const first = this.actors.get(actor, Actor.Head) - 1;
    for (let slot = first; slot >= 0 && found < LATE_MAX; slot = table.get(slot, Word.Link) - 1) {
      if (!table.sameInitiator(slot, first) || !table.has(slot, Mark.Counted)) break;
      this.late[found++] = slot;
    }
    while (found > 0) {
      const slot = this.late[--found];
      // Each of what no TCP sends counts on its own, as it does when its source is known.
      let exotic = table.get(slot, Word.Techniques) & EXOTIC;
      do {
        const one = exotic & -exotic;
        this.weigh(slot, actor, one);
        exotic ^= one;
      } while (exotic !== 0);
    }
  }

  /** An attempt has failed: its verdict says how. Counts once. */
  fail(slot: number): void {
    this.scans.visits.tried(slot);
    if (!this.table.has(slot, Mark.Counted)) this.charge(slot, 0);
  }

  /** A probe that no TCP sends: counts at once, whatever becomes of it. */
  exotic(slot: number, technique: number): void {
    this.charge(slot, technique);
  }

  private charge(slot: number, exotic: number): void {
    const { table, actors, probation } = this;
    const at = table.addressAt(slot, Word.Initiator);
    if (inPrefixes(this.options.ignore, table.bytes, at * 4)) {
      this.options.ledger?.decided(slot, Why.Ignored);
      return;
    }
    const isFirst = !table.has(slot, Mark.Counted);
    table.mark(slot, Mark.Counted);
    const hash = this.hash.address(table.words, at);
    const actor = actors.find(table.words, at, 0, hash);
    if (actor < 0) {
      const entry = probation.touch(hash, this.clock.ms);
      if (isFirst) table.set(slot, Word.Link, probation.head(entry));
      const failures = probation.fail(entry, isFirst ? slot : probation.head(entry) - 1);
      if (failures < ADMIT_FAILURES) {
        table.rank(slot, Rank.Judged, this.clock.ms);
        this.flood.single();
        this.options.ledger?.decided(slot, Why.Probation);
        if (isFirst) this.networks.charge(slot, exotic);
      } else if (this.admitNew(at, hash) < 0) this.options.ledger?.decided(slot, Why.NoRoom);
      return;
    }
    const { remember } = this.options;
    if (
      this.clock.since(actors.get(actor, Actor.LastMs)) > remember * 1000 &&
      actors.get(actor, Actor.Scan) === 0
    ) {
      const used = Math.min(actors.get(actor, Actor.Used), USED_KEPT_MAX);
      this.options.ledger?.restarted(actor);
      actors.reset(actor, this.clock.ms);
      actors.set(actor, Actor.Used, used);
    }
    if (isFirst) {
      table.set(slot, Word.Link, actors.get(actor, Actor.Head));
      actors.set(actor, Actor.Head, slot + 1);
    }
    this.weigh(slot, actor, exotic);
  }

  /** Weighs one failed attempt against its actor and asks the rules. */
  private weigh(slot: number, actor: number, exotic: number): void {
    const { table, actors, pairs, options } = this;
    const key = table.get(slot, Word.Key);
    const soft = isSoft(table, slot);
    const host = this.charges.host(slot, actor);
    const isCompanion = isDataPort(key) &&
      (soft ? this.companions.has(slot, host) : this.companions.hasLost(slot, actor));
    this.takeProof(slot, actor);
    const scan = this.scans.of(actor);
    if (scan !== undefined && !this.unseen.isOver(scan, slot, actor)) {
      table.rank(slot, Rank.Judged, this.clock.ms);
      if (!isCompanion) this.scans.goOn(scan, slot);
      else options.ledger?.decided(slot, Why.Companion);
      return;
    }
    table.rank(slot, Rank.Suspect, this.clock.ms);
    if (isCompanion) {
      if (soft) pairs.add(host, Pair.Used, 1); // a success of its kind, against those that fail
      options.ledger?.decided(slot, Why.Companion);
      return;
    }
    if (isCopied(table, slot)) table.unmark(slot, Mark.ReplyLike);
    const onePort = this.noteSourcePort(slot, actor, key);
    let ofPort: number = portRule(table, slot, soft, exotic, onePort);
    if (table.has(slot, Mark.ReplyLike)) ofPort = this.unasked(slot, actor, ofPort);
    let ofHost: number = hostRule(table, slot, soft, exotic, onePort);
    let weight = weightOf(ofPort, options);
    let points = pointsOf(ofHost);
    const rule = ruleFor(options.rules, table, slot);
    if (rule !== undefined) {
      ofPort = PortRule.Target;
      weight = rule.weight;
      points = rule.weight === 0 ? 0 : points;
    }
    const port = this.charges.port(slot, actor);
    const isKnown = pairs.get(host, Pair.Used) > pairs.get(host, Pair.Failed) ||
      this.charges.isAnswered(slot);
    if (points > 0 && isKnown) {
      ofHost = HostRule.UsedHost;
      points = 0;
    } else if (points > 0 && this.spread.has(slot, actor, port, onePort)) {
      ofHost = HostRule.Spread;
      points = 0;
    }
    if (weight === 0 && points === 0) {
      const isAnswer = table.has(slot, Mark.ReplyLike);
      const why = ofPort === PortRule.Target
        ? Why.TargetRule
        : isAnswer
        ? Why.ReplyLike
        : Why.Midstream;
      options.ledger?.decided(slot, why);
      return;
    }

    const mixed = this.hash.pair(key, exotic);
    const target = this.hash.address(table.words, table.addressAt(slot, Word.Responder));
    const newPort = pairs.note(host, mixed);
    const newHost = pairs.note(port, target);
    if (!newPort && !newHost) { // forgotten since, and tried again
      options.ledger?.decided(slot, Why.Again);
      return;
    }
    this.charges.charge(slot, newPort ? host : -1, newHost ? port : -1, weight, points, ofPort);
    if (actors.get(actor, Actor.Failed) === 0) actors.set(actor, Actor.FirstMs, this.clock.ms);
    actors.add(actor, Actor.Failed, 1);
    actors.add(actor, Actor.Weight, weight);
    actors.set(actor, Actor.LastMs, this.clock.ms);
    // ARP comes before every packet to a neighbour; with its points each would count twice.
    if (classOf(key) !== TargetClass.Arp) actors.add(actor, Actor.Points, points);
    actors.setBit(actor, Actor.PortBits, key & 0x7f ^ (key >>> 7 & 0x7f) ^ (key >>> 14));
    actors.setBit(actor, Actor.HostBits, target & 127);
    options.ledger?.weighed(slot, newPort ? weight : 0, newHost ? points : 0, ofPort, ofHost);
    this.ask(slot, actor, host, port);
  }

  private ask(slot: number, actor: number, host: number, port: number): void {
    const { actors, pairs, options } = this;
    const isDatagram = classOf(this.table.get(slot, Word.Key)) === TargetClass.Udp;
    options.ledger?.asked(slot, actor, host, port);
    const rule = ruleOf(actors, actor, pairs, host, port, isDatagram, options);
    if (rule === Rule.None) {
      this.distributed.consider(slot, actor);
      return;
    }
    if (this.decoys.begin(actor, rule)) return;
    const slow = this.clock.since(actors.get(actor, Actor.FirstMs)) > options.slowAfter * 1000;
    const scan = this.scans.begin(slow);
    if (scan === undefined) return;
    scan.foundBy = rule;
    this.scans.join(scan, actor);
    scan.isUnseen = this.unseen.isActor(actor);
    this.scanning(slot);
    this.scans.start(scan, scan.isUnseen ? options.decoyWait * 1000 : 0);
  }

  /**
   * Answers that nobody asked for: late DNS answers go to one port each, some of them closed by then.
   * Once several were refused without a question seen, the silent ones count like them.
   */
  private unasked(slot: number, actor: number, rule: number): number {
    const { table, actors, options } = this;
    if (classOf(table.get(slot, Word.Key)) !== TargetClass.Udp) return rule;
    if (weightOf(rule, options) > 0) actors.add(actor, Actor.Unasked, 1);
    return actors.get(actor, Actor.Unasked) >= UNASKED_MIN ? PortRule.Unasked : rule;
  }

  /** True when the last attempts of this actor all came from one port, as a raw socket's do. */
  private noteSourcePort(slot: number, actor: number, key: number): boolean {
    if (isHostClass(classOf(key))) return false;
    return this.actors.noteSourcePort(actor, this.table.get(slot, Word.SourcePort)) >= ONE_PORT_RUN;
  }

  /** An attempt was used: in its source's favour, once; what it was charged with is taken back. */
  use(slot: number): void {
    const { table, actors } = this;
    // Before all else: what came back may have been credited long ago.
    this.askVisits(slot);
    if (table.has(slot, Mark.Credited)) return;
    table.mark(slot, Mark.Credited);
    table.rank(slot, Rank.Used, this.clock.ms);
    this.options.ledger?.decided(slot, Why.Used);
    const actor = this.actorOf(slot);
    const isArp = classOf(table.get(slot, Word.Key)) === TargetClass.Arp; // it is there, not used
    if (actor < 0) {
      if (!isArp) this.networks.credit(slot);
      this.charges.acquaint(slot);
      return;
    }
    const scan = this.scans.of(actor);
    if (scan !== undefined) { // what it finds it may use; but a file that it fetches is no port it found
      if (!this.companions.isFile(slot)) this.scans.use(scan, slot);
      return;
    }
    if (!isArp) actors.add(actor, Actor.Used, 1);
    this.charges.credit(slot, actor);
    this.charges.acquaint(slot);
  }

  /** See `Charges.noteUse`. */
  noteUse(source: number, key: number): void {
    this.charges.noteUse(source, key);
  }

  /** Takes back what an attempt was charged with, when its source has a place. */
  takeBack(slot: number): void {
    const actor = this.actorOf(slot);
    if (actor >= 0) this.charges.takeBack(slot, actor);
  }

  /** What a scanner uses while it scans belongs to the scan. */
  private askVisits(slot: number): void {
    const { visits } = this.scans;
    if (visits.ports.size === 0) return;
    const actor = this.actorOf(slot);
    if (actor < 0 || this.scans.of(actor) === undefined) visits.ask(slot);
  }

  /** What an attempt proved before its source had a place to keep it. */
  private takeProof(slot: number, actor: number): void {
    const { table, actors } = this;
    const proof = (table.has(slot, Mark.Handshake) ? Proof.Handshake : 0) |
      (table.has(slot, Mark.Reset) ? Proof.Reset : 0);
    if (proof !== 0) actors.set(actor, Actor.Proof, actors.get(actor, Actor.Proof) | proof);
  }

  /** A packet shows that the source's address is its own (`proof`), or that it got an answer (0). */
  prove(slot: number, proof: number): void {
    const actor = this.actorOf(slot);
    if (actor < 0) return;
    const { actors } = this;
    if (proof === 0) actors.add(actor, Actor.Answered, 1);
    else actors.set(actor, Actor.Proof, actors.get(actor, Actor.Proof) | proof);
  }

  /** One more attempt that no other source repeated, or one less. */
  alone(slot: number, by: 1 | -1): void {
    const actor = this.actorOf(slot);
    if (actor < 0) return;
    if (by > 0) this.actors.add(actor, Actor.Alone, 1);
    else this.actors.take(actor, Actor.Alone, 1);
  }
}
