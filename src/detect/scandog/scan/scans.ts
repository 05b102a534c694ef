// All scans that go on: from the moment one is found to its last event. One scan, one story. Knows
// attempts, actors and events; nothing of the rules that found it.
//
// Starts may be told later than found: a scan with forged sources waits for a packet that tells which
// is real. What the budget refuses is counted, and asks again as the scan grows.

import type { DetectorEvent, Emit, ScanEvent } from "../../../event.ts";
import type { Actors } from "../table/actors.ts";
import * as actors from "../table/actors.ts";
import type { AddressSet } from "../table/address_set.ts";
import { Budget, budgetLevel } from "../budget.ts";
import type { Clock } from "../clock.ts";
import type { Conversations } from "../table/conversations.ts";
import * as conversations from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import { Told, Why } from "../ledger.ts";
import type { ScandogOptions } from "../options.ts";
import { Learned } from "../visit/learned.ts";
import * as proof from "../probe/proof.ts";
import { handleOf, indexOf, isAnsweredPing, MEMBERS_MAX, Scan } from "./scan.ts";
import { PROFILE, scanEvent } from "./story.ts";
import { Tools } from "../tool/tools.ts";
import type { Visits } from "../visit/visits.ts";
import type { ZombieSigns } from "./zombie_signs.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Actor } = actors;
const { Word } = conversations;
const { Proof } = proof;

/** Attempts taken over from before the scan was found; bounds the work of one packet. */
const BACKLOG_MAX = 4096;
/** Hosts from which on answered pings belong to the scan. */
const PINGED_MIN = 3;
/** Each update waits so many times longer than the one before. */
const UPDATE_GROWTH = 4;
/** A scan that was not told asks again when it has grown so many times. */
const ASK_GROWTH = 2;
/** Suppressed alerts are said at most so often. */
const SUPPRESSED_MS = 60_000;

/** Which of several sources is the real one: the index into `scan.members`. */
export type Choose = (scan: Scan) => number;

export class Scans {
  declare private readonly pool: Scan[];
  /** Indices of scans that go on, first found first. */
  private readonly active: number[] = [];
  declare private readonly free: number[];
  declare private readonly budget: Budget;
  declare private readonly tools: Tools;
  declare private readonly learned: Learned;
  private readonly backlog = new Int32Array(BACKLOG_MAX);
  private numbers = 0;
  private suppressed = 0;
  private suppressedFromUs = 0;
  private suppressedSaidMs = 0;
  private lastUs = 0;
  declare private readonly options: ScandogOptions;
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly senders: AddressSet;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;
  declare private readonly emit: Emit;
  declare private readonly choose: Choose;
  declare private readonly zombies: ZombieSigns;
  declare readonly visits: Visits;

  constructor(
    count: number,
    options: ScandogOptions,
    table: Conversations,
    actors: Actors,
    senders: AddressSet,
    hash: Hash,
    clock: Clock,
    emit: Emit,
    choose: Choose,
    zombies: ZombieSigns,
    visits: Visits,
  ) {
    this.options = options;
    this.table = table;
    this.actors = actors;
    this.senders = senders;
    this.hash = hash;
    this.clock = clock;
    this.emit = emit;
    this.choose = choose;
    this.zombies = zombies;
    this.visits = visits;
    this.pool = Array.from({ length: count }, () => new Scan());
    this.free = Array.from({ length: count }, (_, i) => count - 1 - i);
    this.tools = new Tools(count);
    this.learned = new Learned(count, table, actors, visits);
    this.budget = new Budget(options.alertBurst, options.alertRefill * 1000);
  }

  /** Begins a scan of one actor; undefined when too many go on. */
  begin(slow: boolean): Scan | undefined {
    let index = this.free.pop();
    if (index === undefined) {
      // The least scan that was never told gives way; if all were told, the smallest ends early.
      index = this.displace();
      if (index === undefined) return undefined;
    }
    const scan = this.pool[index];
    const number = ++this.numbers;
    scan.begin(number, handleOf(number, index), this.clock.ms);
    scan.slow = slow;
    this.tools.begin(index);
    this.learned.begin(index);
    this.active.push(index);
    return scan;
  }

  private displace(): number | undefined {
    let least: number | undefined;
    for (const index of this.active) {
      if (least === undefined || this.cost(index) < this.cost(least)) least = index;
    }
    if (least === undefined) return undefined;
    this.end(least);
    return this.free.pop();
  }

  private cost(index: number): number {
    const scan = this.pool[index];
    return scan.attempts + (scan.announced ? 1e9 : 0);
  }

  /** The scan of an actor, or undefined. */
  of(actor: number): Scan | undefined {
    const scan = this.actors.get(actor, Actor.Scan);
    return scan === 0 ? undefined : this.pool[scan - 1];
  }

  /** Takes an actor into a scan, with its failed attempts so far. */
  join(scan: Scan, actor: number): void {
    const { actors } = this;
    if (actors.get(actor, Actor.Scan) !== 0 || scan.memberCount === MEMBERS_MAX) return;
    scan.members[scan.memberCount++] = actor;
    if (scan.primary < 0) scan.primary = actor;
    actors.set(actor, Actor.Scan, (scan.index()) + 1);
    this.options.ledger?.joined(scan, actor);
    // How it paced itself so far says how patient its end must be.
    const span = (actors.get(actor, Actor.LastMs) - actors.get(actor, Actor.FirstMs)) >>> 0;
    const pause = span / Math.max(1, actors.get(actor, Actor.Failed) - 1);
    if (pause > scan.gapMs) scan.gapMs = pause;
    this.takeBacklog(scan, actor);
  }

  private takeBacklog(scan: Scan, actor: number): void {
    const { table } = this;
    let found = 0;
    let next = this.actors.get(actor, Actor.Head);
    while (next !== 0 && found < BACKLOG_MAX) {
      const slot = next - 1;
      if (!this.isMembers(slot, actor)) break;
      this.backlog[found++] = slot;
      next = table.get(slot, Word.Link);
    }
    while (found > 0) {
      const slot = this.backlog[--found];
      // What was told of an earlier scan of this source is not told again.
      if (table.get(slot, Word.Scan) !== 0) continue;
      if (isAnsweredPing(table, slot) && this.actors.bits(actor, Actor.HostBits) < PINGED_MIN) {
        this.options.ledger?.decided(slot, Why.Greeting);
        continue;
      }
      this.count(scan, slot);
    }
  }

  private isMembers(slot: number, actor: number): boolean {
    const at = this.table.addressAt(slot, Word.Initiator);
    const a = this.actors.addressAt(actor);
    for (let i = 0; i < 4; i++) {
      if (this.table.words[at + i] !== this.actors.words[a + i]) return false;
    }
    return true;
  }

  private count(scan: Scan, slot: number): void {
    if (!scan.count(this.table, slot, this.upper(slot))) return;
    this.options.ledger?.scanned(slot, scan);
    this.tools.count(scan.index(), this.table, slot);
    this.learned.outcome(scan, slot);
  }

  /** Hash of all but the last 16 bits of the target's address, which are a little-endian word's upper half. */
  private upper(slot: number): number {
    const { words } = this.table;
    const at = this.table.addressAt(slot, Word.Responder);
    return this.hash.pair(
      this.hash.triple(words[at], words[at + 1], words[at + 2]),
      words[at + 3] & 0xffff,
    ) & 0xffff;
  }

  /** Counts an attempt that failed after its source's scan was found. */
  goOn(scan: Scan, slot: number): void {
    if (isAnsweredPing(this.table, slot) && scan.hosts.count < PINGED_MIN) {
      this.options.ledger?.decided(slot, Why.Greeting);
      return;
    }
    this.count(scan, slot);
    scan.goOn(this.clock.ms);
    if (scan.suppressed && scan.attempts >= scan.updatedAttempts * ASK_GROWTH) this.tell(scan);
  }

  /** An attempt was used. Where it was aimed at a host of the scan, it found an open port. */
  use(scan: Scan, slot: number): void {
    if (scan.knows(this.table, slot, this.upper(slot))) this.goOn(scan, slot);
  }

  /** See `Scan.resembles`. */
  resembles(scan: Scan, slot: number): boolean {
    return scan.resembles(this.table, slot, this.upper(slot));
  }

  /** A probe that was counted came again. */
  repeat(slot: number, timeUs: number): void {
    const scan = this.ofAttempt(slot);
    if (scan === undefined) return;
    this.tools.again(scan.index(), this.table, slot);
    if (timeUs > scan.endUs) scan.endUs = timeUs;
  }

  /** Tells the start, now or when it is due. */
  start(scan: Scan, waitMs: number): void {
    scan.nextUpdateMs = (this.clock.ms + this.options.updateFirst * 1000) >>> 0;
    if (waitMs === 0) return this.tell(scan);
    scan.tellMs = Math.max(1, (this.clock.ms + waitMs) >>> 0);
  }

  private tell(scan: Scan): void {
    scan.tellMs = 0;
    // A source that is seen sending other things would have been seen probing: it sent no probe. And
    // of a scan whose attempts were all another scan's, or are forgotten by now, nothing can be told.
    const isForged = scan.isUnseen && this.isSender(scan.primary);
    if (scan.attempts === 0 || isForged) {
      scan.isDropped = true;
      this.options.ledger?.told(scan, isForged ? Told.Forged : Told.Nothing);
      return;
    }
    if (scan.memberCount > 1) scan.primary = scan.members[this.choose(scan)];
    const { actors } = this;
    const told = actors.get(scan.primary, Actor.Scans);
    const proof = actors.get(scan.primary, Actor.Proof) & (Proof.Reset | Proof.Handshake);
    const level = budgetLevel(scan.attempts, proof !== 0);
    const isTooMany = told >= this.options.sourceAlerts;
    if (isTooMany || !this.budget.take(level, this.clock.ms)) {
      if (!scan.suppressed && this.suppressed++ === 0) this.suppressedFromUs = scan.endUs;
      scan.suppressed = true;
      scan.updatedAttempts = scan.attempts;
      this.options.ledger?.told(scan, isTooMany ? Told.SourceAlerts : Told.Budget);
      return;
    }
    actors.set(scan.primary, Actor.Scans, told + 1);
    scan.suppressed = false;
    scan.announced = true;
    this.options.ledger?.told(scan, Told.Yes);
    scan.namedUs = scan.startUs;
    scan.updatedAttempts = scan.attempts;
    this.learned.told(scan);
    // The clock may have stepped back since the scan's last attempt.
    this.sayScan(scan, "scan-start", Math.max(this.clock.lastUs, scan.endUs));
  }

  private isSender(actor: number): boolean {
    const { words } = this.actors;
    return this.senders.has(this.hash.address(words, this.actors.addressAt(actor)));
  }

  /** Looks which scans are due: to be told, updated, ended. `lastUs`: the latest packet's time. */
  turn(lastUs: number): void {
    this.lastUs = lastUs;
    const { ms } = this.clock;
    for (let i = this.active.length - 1; i >= 0; i--) {
      const scan = this.pool[this.active[i]];
      if (scan.tellMs !== 0 && ((ms - scan.tellMs) | 0) >= 0) this.tell(scan);
      if (((ms - scan.lastMs) >>> 0) >= this.patience(scan)) this.end(this.active[i]);
      else if (((ms - scan.nextUpdateMs) | 0) >= 0) this.update(scan);
    }
    if (((ms - this.suppressedSaidMs) >>> 0) >= SUPPRESSED_MS) this.saySuppressed();
  }

  /** Silence that ends a scan: longer for one that pauses. */
  private patience(scan: Scan): number {
    const { endSilence, remember } = this.options;
    return Math.min(remember, Math.max(endSilence, 4 * scan.gapMs / 1000)) * 1000;
  }

  private update(scan: Scan): void {
    const { ms } = this.clock;
    scan.nextUpdateMs = (ms + UPDATE_GROWTH * ((ms - scan.beganMs) >>> 0)) >>> 0;
    if (!scan.announced || scan.attempts === scan.updatedAttempts) return;
    scan.updatedAttempts = scan.attempts;
    this.sayScan(scan, "scan-update", scan.endUs);
  }

  /** Ends the scan with this place in the pool. */
  end(index: number): void {
    const scan = this.pool[index];
    if (scan.tellMs !== 0) this.tell(scan);
    if (scan.announced) this.sayScan(scan, "scan-end", scan.endUs);
    this.learned.end(scan);
    for (let i = 0; i < scan.memberCount; i++) {
      this.actors.set(scan.members[i], Actor.Scan, 0);
      this.actors.reset(scan.members[i], this.clock.ms);
    }
    scan.handle = 0;
    this.active.splice(this.active.indexOf(index), 1);
    this.free.push(index);
  }

  /** The capture has ended: all scans end. */
  finish(lastUs: number): void {
    this.lastUs = lastUs;
    for (const index of [...this.active]) this.end(index);
    this.saySuppressed();
  }

  private saySuppressed(): void {
    const { visits } = this;
    if (this.suppressed > 0) this.say("scan-start", this.suppressed, this.suppressedFromUs);
    if (visits.suppressed > 0) this.say("scan-visit", visits.suppressed, visits.suppressedFromUs);
    if (this.suppressed + visits.suppressed > 0) this.suppressedSaidMs = this.clock.ms;
    this.suppressed = visits.suppressed = 0;
  }

  private sayScan(scan: Scan, action: ScanEvent["action"], timeUs: number): void {
    const event = scanEvent(scan, this.actors, this.tools, timeUs, action);
    const zombie = this.zombieSigns(scan, event);
    scan.isZombie = zombie !== undefined;
    this.emit(zombie === undefined ? event : { ...event, zombie });
  }

  /**
   * Of several sources each has a path of its own, and which is real is known otherwise. One that
   * completed a handshake saw our answers, so it is none.
   */
  private zombieSigns(scan: Scan, event: ScanEvent): string[] | undefined {
    const { hops, sourcePort, evidence } = event;
    if (scan.kindOfSources !== "one" || evidence === "handshake") return undefined;
    const { words } = this.actors;
    const at = this.actors.addressAt(scan.primary);
    return this.zombies.of(words, at, this.hash.address(words, at), hops, sourcePort);
  }

  /** Says that something was found and not told one by one. */
  say(of: string, count: number, fromUs: number): void {
    const event: DetectorEvent = {
      action: "alerts-suppressed",
      profile: PROFILE,
      timeUs: this.lastUs,
      // The clock may have stepped back since.
      startUs: Math.min(fromUs, this.lastUs),
      endUs: this.lastUs,
      count,
      of,
    };
    this.emit(event);
  }

  /** Notes what an attempt that was counted has become. */
  outcome(slot: number): void {
    const scan = this.ofAttempt(slot);
    if (scan === undefined) return;
    scan.outcome(this.table, slot);
    this.learned.outcome(scan, slot);
  }

  /** See `Visits.isBack`; for an attempt that was learned from. */
  isBack(slot: number): boolean {
    return this.visits.isBack(slot, this.ofAttempt(slot) !== undefined);
  }

  /** The scan that goes on and has counted the attempt, if any. */
  ofAttempt(slot: number): Scan | undefined {
    return this.withHandle(this.table.get(slot, Word.Scan));
  }

  /** The scan with this handle, if it goes on. */
  withHandle(handle: number): Scan | undefined {
    if (handle === 0) return undefined;
    const scan = this.pool[indexOf(handle)];
    return scan.handle === handle ? scan : undefined;
  }
}
