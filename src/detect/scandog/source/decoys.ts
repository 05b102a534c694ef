// Scans whose probes come from several sources at once, all but one forged (nmap -D). Knows the
// looks of probes and actors; nothing of outcomes.
//
// Such a probe leaves once for each source, back to back, with everything else the same: ports,
// sequence number, IP identification. Two packets that agree in all this and differ in their source
// are twins; sources that are twins more than once are a group. A group's scan is told once.

import { Actor, type Actors } from "../table/actors.ts";
import type { AddressSet } from "../table/address_set.ts";
import type { Clock } from "../clock.ts";
import { type Conversations, Word } from "../table/conversations.ts";
import type { Hash } from "../table/hash.ts";
import type { ScandogOptions } from "../options.ts";
import { MEMBERS_MAX, type Scan } from "../scan/scan.ts";
import { Proof } from "../probe/proof.ts";
import { isInternet } from "../probe/scope.ts";
import type { Scans } from "../scan/scans.ts";

/** Probes remembered while their twins may come. */
const RECENT = 8192;
const WORDS = 3;
/** Twins follow one another at once; even a slow link needs no more for 128 packets. */
const TWIN_MS = 2000;
/** Groups at once. */
const GROUPS = 64;
/** Twins that make a group: one may be chance where only 16 bits agree. */
const TWINS_MIN = 3;
/** A group not heard of for so long is forgotten. */
const GROUP_MS = 600_000;

interface Group {
  members: Int32Array;
  count: number;
  twins: number;
  lastMs: number;
  /** More sources than decoys can be: a flood of equal packets. */
  isFlood: boolean;
}

export class Decoys {
  private readonly recent = new Int32Array(RECENT * WORDS);
  private readonly groups: Group[] = Array.from({ length: GROUPS }, () => ({
    members: new Int32Array(MEMBERS_MAX),
    count: 0,
    twins: 0,
    lastMs: 0,
    isFlood: false,
  }));
  declare private scans: Scans;
  declare private readonly options: ScandogOptions;
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly arpSpeakers: AddressSet;
  declare private readonly hash: Hash;
  declare private readonly clock: Clock;

  constructor(
    options: ScandogOptions,
    table: Conversations,
    actors: Actors,
    arpSpeakers: AddressSet,
    hash: Hash,
    clock: Clock,
  ) {
    this.options = options;
    this.table = table;
    this.actors = actors;
    this.arpSpeakers = arpSpeakers;
    this.hash = hash;
    this.clock = clock;
  }

  /** What they report to; set once, because each needs the other. */
  connect(scans: Scans): void {
    this.scans = scans;
  }

  /** The slot of a probe that this one is a twin of, or -1. `look`: hash of all that must agree. */
  twinOf(slot: number, look: number): number {
    const { recent, table } = this;
    const at = (look & (RECENT - 1)) * WORDS;
    const { ms } = this.clock;
    const other = recent[at + 1];
    if (
      recent[at] === look && ((ms - recent[at + 2]) >>> 0) <= TWIN_MS && other !== slot &&
      !table.sameInitiator(slot, other) && sameTarget(table, slot, other)
    ) {
      recent[at + 2] = ms;
      return other;
    }
    recent[at] = look;
    recent[at + 1] = slot;
    recent[at + 2] = ms;
    return -1;
  }

  /** Two actors sent twins. */
  link(a: number, b: number): void {
    if (a < 0 || b < 0 || a === b) return;
    const { actors } = this;
    const one = actors.get(a, Actor.Group), two = actors.get(b, Actor.Group);
    if (one !== 0 && one === two) return this.renew(this.groups[one - 1]);
    if (one !== 0 && two !== 0) return this.merge(one - 1, two - 1);
    const index = one !== 0 ? one - 1 : two !== 0 ? two - 1 : this.newGroup();
    const group = this.groups[index];
    if (one === 0) this.add(index, a);
    if (two === 0) this.add(index, b);
    this.renew(group);
  }

  /** Two groups that a common probe shows to be one: a capture that began between two copies. */
  private merge(index: number, other: number): void {
    const group = this.groups[other];
    for (let i = 0; i < group.count; i++) {
      if (this.isMember(group, i)) this.add(index, group.members[i]);
    }
    this.groups[index].twins += group.twins;
    group.count = 0;
    this.renew(this.groups[index]);
  }

  private renew(group: Group): void {
    group.twins++;
    group.lastMs = this.clock.ms;
  }

  private newGroup(): number {
    let oldest = 0;
    for (let i = 0; i < GROUPS; i++) {
      const idle = this.clock.since(this.groups[i].lastMs);
      if (this.groups[i].count === 0 || idle > this.clock.since(this.groups[oldest].lastMs)) {
        oldest = i;
        if (this.groups[i].count === 0) break;
      }
    }
    const group = this.groups[oldest];
    for (let i = 0; i < group.count; i++) {
      if (this.actors.get(group.members[i], Actor.Group) === oldest + 1) {
        this.actors.set(group.members[i], Actor.Group, 0);
      }
    }
    group.count = group.twins = 0;
    group.isFlood = false;
    return oldest;
  }

  private add(index: number, actor: number): void {
    const group = this.groups[index];
    if (group.count === MEMBERS_MAX) {
      group.isFlood = true;
      return;
    }
    group.members[group.count++] = actor;
    this.actors.set(actor, Actor.Group, index + 1);
    const scan = this.scanOf(group);
    if (scan !== undefined) this.scans.join(scan, actor);
  }

  private scanOf(group: Group): Scan | undefined {
    for (let i = 0; i < group.count; i++) {
      if (this.isMember(group, i)) {
        const scan = this.scans.of(group.members[i]);
        if (scan?.kindOfSources === "decoy") return scan;
      }
    }
    return undefined;
  }

  /** An actor's place in the table may have been taken over. */
  private isMember(group: Group, i: number): boolean {
    return this.actors.get(group.members[i], Actor.Group) === this.groups.indexOf(group) + 1;
  }

  /**
   * An actor is found scanning by a rule: when it is one of a group, begins (or is in) the group's
   * scan.
   */
  begin(actor: number, rule: number): boolean {
    const index = this.actors.get(actor, Actor.Group);
    if (index === 0) return false;
    const group = this.groups[index - 1];
    if (group.twins < TWINS_MIN || this.clock.since(group.lastMs) > GROUP_MS) return false;
    if (group.isFlood) { // nobody's scan
      this.options.ledger?.dismissed(actor);
      return true;
    }
    const slow = this.clock.since(this.actors.get(actor, Actor.FirstMs)) >
      this.options.slowAfter * 1000;
    const scan = this.scans.begin(slow);
    if (scan === undefined) return true;
    scan.kindOfSources = "decoy";
    scan.foundBy = rule;
    for (let i = 0; i < group.count; i++) {
      if (this.isMember(group, i)) this.scans.join(scan, group.members[i]);
    }
    this.scans.start(scan, this.options.decoyWait * 1000);
    return true;
  }

  /** Which member of a scan is the likeliest to be real; the first seen among equals. */
  readonly choose = (scan: Scan): number => {
    let best = 0;
    for (let i = 1; i < scan.memberCount; i++) {
      const better = this.rank(scan.members[i]) - this.rank(scan.members[best]);
      if (better > 0 || (better === 0 && this.isOdder(scan, i, best))) best = i;
    }
    return best;
  };

  /**
   * The weakest of reasons, where no packet tells. Decoys made up at random are of the internet: where the
   * target is not, a source that is not either is likelier to be real. And people write decoys down as
   * neighbours (.21, .22, .23), so the address whose last octet stands alone is likelier to be their own.
   */
  private isOdder(scan: Scan, i: number, than: number): boolean {
    const nearer = this.isNear(scan, i) - this.isNear(scan, than);
    return nearer !== 0 ? nearer > 0 : this.solitude(scan, i) > this.solitude(scan, than);
  }

  /** 1 for a member that is of the internet where the target is, and of none where it is of none. */
  private isNear(scan: Scan, i: number): 0 | 1 {
    const { words } = this.actors;
    const at = this.actors.addressAt(scan.members[i]);
    return isInternet(words, at) === isInternet(scan.destination, 0) ? 1 : 0;
  }

  /** Distance to the nearest other member, by the last octet. */
  private solitude(scan: Scan, i: number): number {
    let nearest = 256;
    for (let j = 0; j < scan.memberCount; j++) {
      if (j === i) continue;
      const distance = Math.abs(this.lastOctet(scan.members[i]) - this.lastOctet(scan.members[j]));
      if (distance < nearest) nearest = distance;
    }
    return nearest;
  }

  private lastOctet(actor: number): number {
    return this.actors.bytes[this.actors.addressAt(actor) * 4 + 15];
  }

  /**
   * What speaks for an address being real: it acknowledged our own sequence number; it reset a
   * connection that it could only know from our answer; it spoke ARP on this link; it was answered;
   * it did other things that nobody repeated.
   */
  private rank(actor: number): number {
    const { actors } = this;
    const proof = actors.get(actor, Actor.Proof);
    const speaks = this.arpSpeakers.has(
      this.hash.address(actors.words, actors.addressAt(actor)),
    );
    return ((proof & Proof.Handshake) !== 0 ? 1e12 : 0) + ((proof & Proof.Reset) !== 0 ? 1e11 : 0) +
      ((proof & Proof.Likely) !== 0 ? 2e10 : 0) - ((proof & Proof.Absent) !== 0 ? 1e9 : 0) +
      (speaks ? 1e10 : 0) + magnitude(actors.get(actor, Actor.Answered)) * 1e5 +
      magnitude((actors.get(actor, Actor.Alone) >>> 2) + actors.get(actor, Actor.Used));
  }
}

/** Only differences of a factor tell: the first answers may have come before the count began. */
function magnitude(count: number): number {
  return 32 - Math.clz32(count);
}

function sameTarget(table: Conversations, a: number, b: number): boolean {
  if (table.get(a, Word.Key) !== table.get(b, Word.Key)) return false;
  for (let i = 0; i < 4; i++) {
    if (table.get(a, Word.Responder + i) !== table.get(b, Word.Responder + i)) return false;
  }
  return true;
}
