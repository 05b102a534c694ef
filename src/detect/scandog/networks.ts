// Scanners that change their address within one network (IPv4 /24, IPv6 /64): each address fails once
// and is never heard of again, but together they have the shape of a scan. Knows attempts of sources
// on probation; those of sources with state of their own count there.

import { Actor, type Actors } from "./actors.ts";
import type { Clock } from "./clock.ts";
import { type Conversations, Word } from "./conversations.ts";
import type { Counters } from "./counters.ts";
import type { Hash } from "./hash.ts";
import type { ScandogOptions } from "./options.ts";
import { Pair, type Pairs } from "./pairs.ts";
import type { Probation } from "./probation.ts";
import { isHorizontal, isVertical } from "./rules.ts";
import { MEMBERS_MAX } from "./scan.ts";
import type { Scans } from "./scans.ts";
import { hostPoints, isSoft, portWeight } from "./weight.ts";

/** Sources that fail once before their network gets state: a flood's sources share none. */
const ADMIT_SOURCES = 4;
/** Third word of an IPv4-mapped address; the last octet is the upper byte of the fourth. */
const MAPPED = new Int32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0];
const LAST_OCTET = 0x00ffffff;

/** Makes an actor of an attempt's source. */
export type Admit = (slot: number) => number;

export class Networks {
  /** The network of the attempt at hand. */
  private readonly prefix = new Int32Array(4);
  private admit!: Admit;

  constructor(
    private readonly options: ScandogOptions,
    private readonly table: Conversations,
    private readonly actors: Actors,
    private readonly pairs: Pairs,
    private readonly counters: Counters,
    private readonly probation: Probation,
    private readonly scans: Scans,
    private readonly hash: Hash,
    private readonly clock: Clock,
  ) {}

  /** How sources become actors; set once, because each needs the other. */
  connect(admit: Admit): void {
    this.admit = admit;
  }

  private locate(slot: number): number {
    const { words } = this.table;
    const at = this.table.addressAt(slot, Word.Initiator);
    const { prefix } = this;
    const isMapped = words[at] === 0 && words[at + 1] === 0 && words[at + 2] === MAPPED;
    prefix[0] = words[at];
    prefix[1] = words[at + 1];
    prefix[2] = isMapped ? words[at + 2] : 0;
    prefix[3] = isMapped ? words[at + 3] & LAST_OCTET : 0;
    return this.hash.pair(this.hash.address(prefix, 0), 1);
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
      actors.set(actor, Actor.Used, this.probation.used(entry));
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
    if (
      isVertical(pairs, host, factor, options) ||
      isHorizontal(actors, actor, pairs, port, factor, options)
    ) this.begin(actor);
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

  /** All sources that failed once become one scan's. */
  private begin(actor: number): void {
    const { actors, table } = this;
    const slow = this.clock.since(actors.get(actor, Actor.FirstMs)) > this.options.slowAfter * 1000;
    const scan = this.scans.begin(slow);
    if (scan === undefined) return;
    scan.kindOfSources = "distributed";
    const hash = this.locate(actors.get(actor, Actor.Head) - 1);
    let next = actors.get(actor, Actor.Head);
    for (let i = 0; next !== 0 && i < MEMBERS_MAX; i++) {
      const slot = next - 1;
      if (!table.isTaken(slot) || this.locate(slot) !== hash) break;
      // Making an actor may rewrite the link, so the next is read first.
      next = table.get(slot, Word.Link);
      const member = this.admit(slot);
      if (member >= 0) this.scans.join(scan, member);
    }
    actors.reset(actor, this.clock.ms);
    if (scan.memberCount > 0) this.scans.start(scan, 0);
  }
}
