// Questions that were answered once and never again: each alone is what any program does, but a sweep in which
// every host answers is made of nothing else. Knows attempts and time; what so many of them weigh stands in the
// table of classes.
//
// A source that was answered by several hosts on one UDP port is looked at again when its answers have had
// the time that monitors take to come back. What its targets answered a second time, or serve it otherwise,
// is its use of them. The rest counts where it goes through networks, from one socket or with one question:
// resolvers, peers and players change both, and their servers have no network in common.

import { Outcome } from "../table/attempt_state.ts";
import {
  ALIKE_FOURTHS,
  ANSWERED_MIN,
  ANSWERED_PER_NETWORK,
  ONCE_PER_AGAIN,
  SECOND_LOOK_MS,
} from "../limits.ts";
import { Decision } from "../../../decision.ts";
import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import { payloadIn } from "../probe/form.ts";
import { Mark, Stage } from "../table/attempt_state.ts";
import { HashSet } from "../table/hash_set.ts";
import { usedOfKey } from "../table/uses.ts";
import { Change } from "../table/outcome_queue.ts";
import { PendingQueue } from "../table/pending.ts";

/** Sources, and of each a port, that wait for their second look. */
const WAITING_MAX = 4096;
/** Attempts of a source that are looked through: its latest. */
const LOOKED_MAX = 4096;
/** Of them counted at once, the oldest: a story takes over what else belongs to it. */
const COUNTED_MAX = 256;
/** Sources looked at in one turn. */
const LOOKS_PER_TURN = 8;

/** Who asked so, and how: see `weighUp`. */
interface Alike {
  /** Attempts that were answered once, and those used otherwise. */
  once: number;
  again: number;
  networks: number;
  /** From the commonest source port, of the commonest length, refused when they were answered. */
  socket: number;
  question: number;
  unwanted: number;
}

export class AnsweredOnce {
  /** Of those that wait, the target key is queued; at its place stands the hash of the source. */
  declare readonly queue: PendingQueue;
  private readonly sources = new Int32Array(WAITING_MAX);
  /** Which of them wait, by hash; two that share a place may wait twice. */
  private readonly waiting = new Int32Array(WAITING_MAX);
  private readonly found = new Int32Array(LOOKED_MAX);
  private readonly networks = new HashSet(LOOKED_MAX);
  /** Hosts that the source uses otherwise. */
  private readonly served = new HashSet(LOOKED_MAX);

  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
    this.queue = new PendingQueue(WAITING_MAX, memory.clock, SECOND_LOOK_MS);
  }

  /** An attempt was used. */
  note(slot: number): void {
    const { table } = this.memory;
    const key = table.key.of(slot);
    if (classOf(key) !== TargetClass.Udp || usedOfKey(this.memory, slot) < ANSWERED_MIN) return;
    this.wait(table.sourceHash(slot), key);
  }

  private wait(source: number, key: number): void {
    const both = this.memory.hash.pair(source, key), place = both & (WAITING_MAX - 1);
    if (this.waiting[place] === both || this.queue.isFull()) return;
    this.waiting[place] = both;
    this.sources[this.queue.push(key)] = source;
  }

  /** Looks at those whose time is up, a bounded number. */
  turn(): void {
    for (let i = 0; i < LOOKS_PER_TURN && this.queue.isDue(); i++) this.lookAtFirst(false);
  }

  /** Looks at one, due or not; false when none waits: the capture has ended. */
  hurry(): boolean {
    if (this.queue.size > 0) this.lookAtFirst(true);
    return this.queue.size > 0;
  }

  private lookAtFirst(isLast: boolean): void {
    const source = this.sources[this.queue.oldestAt()], key = this.queue.shift();
    const both = this.memory.hash.pair(source, key), place = both & (WAITING_MAX - 1);
    if (this.waiting[place] === both) this.waiting[place] = 0;
    const isComplete = this.look(source, key, isLast);
    if (!isComplete && !isLast) this.wait(source, key);
  }

  /** Counts what a source was answered once, where it is a sweep's. False while some of it has not waited. */
  private look(source: number, key: number, isLast: boolean): boolean {
    const { table, clock } = this.memory;
    const { found } = this;
    let count = 0, isComplete = true;
    const again = this.gather(source, key, (slot) => {
      const isOld = isLast || clock.since(table.createdMs.of(slot)) >= SECOND_LOOK_MS;
      if (isOld) found[count++] = slot;
      else isComplete = false;
    });
    count = this.withoutServed(count);
    if (!isSweep(this.weighUp(count, again), isLast)) return isComplete;
    // The latest come first.
    let counted = 0;
    for (let i = count - 1; i >= 0 && counted < COUNTED_MAX; i--) {
      if (table.outcome(found[i]) !== Outcome.Used) continue;
      this.fail(found[i]);
      counted++;
    }
    return isComplete;
  }

  /**
   * Calls back with each attempt of a source at the target key that was answered once, the latest first, and
   * notes the hosts that it uses otherwise. How many it used again at the same key.
   */
  private gather(source: number, key: number, take: (slot: number) => void): number {
    const { table, heads } = this.memory;
    this.served.clear();
    let again = 0, beforeUs = Infinity;
    let next = heads.latest(source);
    for (let i = 0; next !== 0 && i < LOOKED_MAX; i++) {
      const slot = next - 1;
      // A place that was taken over leads elsewhere, or forward in time.
      if (table.sourceHash(slot) !== source || table.firstUs(slot) > beforeUs) break;
      beforeUs = table.firstUs(slot);
      next = table.earlier.of(slot);
      if (table.key.of(slot) === key && this.isOnce(slot)) take(slot);
      else if (this.isUse(slot)) {
        this.served.add(table.targetHash(slot));
        if (table.key.of(slot) === key) again++;
      }
    }
    return again;
  }

  /** True for a datagram that was answered once, whether or not it was counted since. */
  private isOnce(slot: number): boolean {
    const { table, stories } = this.memory;
    if (!table.has(slot, Mark.Replied) || table.stage(slot) === Stage.Again) return false;
    const scan = table.scan.of(slot);
    if (scan !== 0 && !stories.isOver(scan)) return false;
    return table.outcome(slot) === Outcome.Empty ||
      (table.outcome(slot) === Outcome.Used && !table.has(slot, Mark.Counted));
  }

  /** True for a use that is none of datagrams answered once: many ports of a host may be asked so. */
  private isUse(slot: number): boolean {
    const { table } = this.memory;
    return table.outcome(slot) === Outcome.Used &&
      (classOf(table.key.of(slot)) !== TargetClass.Udp || table.stage(slot) === Stage.Again);
  }

  /** Leaves out hosts that the source uses otherwise, or that use something at the source; how many stay. */
  private withoutServed(count: number): number {
    const { table, hash, acquaintances } = this.memory;
    const { found, served } = this;
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const slot = found[i], target = table.targetHash(slot);
      const isClient = acquaintances.count(hash.pair(target, table.sourceHash(slot))) > 0;
      if (!isClient && !served.has(target)) found[kept++] = slot;
    }
    return kept;
  }

  private weighUp(once: number, again: number): Alike {
    const { table, hash } = this.memory;
    const { found, networks } = this;
    const port = commonest(found, once, (slot) => table.sourcePort.of(slot));
    const length = commonest(found, once, (slot) => payloadIn(table.form.of(slot)));
    const alike: Alike = { once, again, networks: 0, socket: 0, question: 0, unwanted: 0 };
    networks.clear();
    for (let i = 0; i < once; i++) {
      const slot = found[i];
      if (networks.add(hash.network(table.words, table.targetAt(slot)))) {
        alike.networks++;
      }
      if (table.sourcePort.of(slot) === port) alike.socket++;
      if (payloadIn(table.form.of(slot)) === length) alike.question++;
      if (table.has(slot, Mark.Unwanted)) alike.unwanted++;
    }
    return alike;
  }

  private fail(slot: number): void {
    const { table, account, outcomes } = this.memory;
    table.setOutcome(slot, Outcome.Empty);
    account?.settled(slot, Decision.Undecided);
    outcomes.push(slot, Change.Failed);
  }
}

/**
 * True for what goes through networks and returns to few hosts. At the end of a capture nobody had the time to
 * come back: then only one socket tells, or answers that nobody waited for.
 */
function isSweep(alike: Alike, isLast: boolean): boolean {
  const { once, again, networks, socket, question, unwanted } = alike;
  if (once < ANSWERED_MIN || once < again * ONCE_PER_AGAIN) return false;
  if (once < networks * ANSWERED_PER_NETWORK) return false;
  const isMost = (count: number) => 4 * count >= once * ALIKE_FOURTHS;
  return isMost(socket) || isMost(unwanted) || (isMost(question) && !isLast);
}

/** What most of the slots have, if more than half of them have it (Boyer and Moore 1981). */
function commonest(slots: Int32Array, count: number, of: (slot: number) => number): number {
  let candidate = -1, lead = 0;
  for (let i = 0; i < count; i++) {
    const value = of(slots[i]);
    if (lead === 0) candidate = value;
    lead += value === candidate ? 1 : -1;
  }
  return candidate;
}
