// Scans whose probes come from several sources at once, all but one forged (nmap -D). Knows the
// looks of probes and subjects; nothing of outcomes.
//
// Such a probe leaves once for each source, back to back, with everything else the same: ports and numbers.
// Two packets that agree in all this and differ in their source are copies; sources that sent copies more than
// once are a group. A group's scan is told once, however many it has; and being one of a group dismisses nobody
// who does more than the others do.

import { COPIES_MIN, COPY_MS, GROUP_MS, MORE_FACTOR } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { isProved } from "../probe/proof.ts";
import { MEMBERS_MAX, type Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import { Mark } from "../table/attempt_state.ts";
import { Entries } from "../table/entries.ts";
import { eachFailed } from "../table/attempt_chains.ts";
import type { Machines } from "./machines.ts";

/** Probes remembered while their copies may come. */
const RECENT = 8192;
const RECENT_WORDS = 3;
/** Groups at once, a power of two. */
const GROUPS = 64;
const LOOKED_MAX = 32;

class Group {
  /** Its running number, with its place in the lowest bits: what its members carry; never 0. */
  declare readonly id: number;
  /** Subjects, as many as a scan can have. */
  readonly members: number[] = [];
  /** Sources for which there was no place among the members. */
  others = 0;
  copies = 0;
  declare lastMs: number;
  /** Handle of its scan; 0 before. */
  scan = 0;

  constructor(id: number, ms: number) {
    this.id = id;
    this.lastMs = ms;
  }
}

export class LookAlikes {
  private readonly recent = new Entries(RECENT, RECENT_WORDS);
  /** Of a probe: hash of all that copies agree in, slot of its attempt, detector time. */
  private readonly look = this.recent.column(0);
  private readonly slot = this.recent.column(1);
  private readonly ms = this.recent.column(2);
  /** By place; undefined: free. */
  private readonly groups = Array.from({ length: GROUPS }, (): Group | undefined => undefined);
  private begun = 0;
  declare private readonly memory: Memory;
  declare private readonly scans: Scans;
  declare private readonly machines: Machines;

  constructor(memory: Memory, scans: Scans, machines: Machines) {
    this.memory = memory;
    this.scans = scans;
    this.machines = machines;
  }

  /**
   * Remembers the probe of a new attempt: the slot of another source's attempt that the same probe began, or
   * -1. `look`: hash of all that must agree.
   */
  note(slot: number, look: number): number {
    const { table, clock } = this.memory;
    const place = look & (RECENT - 1);
    const other = this.slot.of(place);
    const isCopy = this.look.of(place) === look && clock.since(this.ms.of(place)) <= COPY_MS &&
      other !== slot && !table.sameSource(slot, other) &&
      table.key.of(slot) === table.key.of(other) && table.sameTarget(slot, other);
    this.ms.set(place, clock.ms);
    if (isCopy) return other;
    this.look.set(place, look);
    this.slot.set(place, slot);
    return -1;
  }

  /** Two subjects sent the same probe. */
  link(a: number, b: number): void {
    if (a < 0 || b < 0 || a === b) return;
    const one = this.groupOf(a), two = this.groupOf(b);
    if (one !== undefined && one === two) return this.renew(one);
    if (one !== undefined && two !== undefined) return this.merge(one, two);
    const group = one ?? two ?? this.newGroup();
    if (one === undefined) this.add(group, a);
    if (two === undefined) this.add(group, b);
    this.renew(group);
  }

  /** The group of a subject; undefined: none, or one whose scan has ended. */
  private groupOf(subject: number): Group | undefined {
    const id = this.memory.subjects.group.of(subject);
    const group = this.groups[placeOf(id)];
    if (group === undefined || group.id !== id) return undefined;
    if (this.memory.stories.isOver(group.scan)) this.scanEnded(group);
    return this.groups[placeOf(id)];
  }

  /** With its scan a group ends as well; unless that gave way to another, and is to be found anew. */
  private scanEnded(group: Group): void {
    group.scan = 0;
    if (2 * this.membersOf(group).length <= group.members.length) this.end(group);
  }

  /** Those that carry its number are in no group from now on. */
  private end({ id }: Group): void {
    this.groups[placeOf(id)] = undefined;
  }

  /** Two groups that a common probe shows to be one: a capture that began between two copies. */
  private merge(group: Group, other: Group): void {
    for (const member of this.membersOf(other)) this.add(group, member);
    group.copies += other.copies;
    this.end(other);
    this.renew(group);
  }

  private renew(group: Group): void {
    group.copies++;
    group.lastMs = this.memory.clock.ms;
  }

  private newGroup(): Group {
    const { clock } = this.memory;
    const ages = this.groups.map((group) => group ? clock.since(group.lastMs) : Infinity);
    const place = ages.indexOf(Math.max(...ages));
    // Those that carry the number of one that was there are in no group from now on.
    const id = (++this.begun * GROUPS | place) || GROUPS;
    return this.groups[place] = new Group(id, clock.ms);
  }

  private add(group: Group, subject: number): void {
    this.memory.subjects.group.set(subject, group.id);
    const scan = this.scans.withHandle(group.scan);
    if (group.members.length < MEMBERS_MAX) {
      group.members.push(subject);
      if (scan !== undefined) this.machines.join(scan, subject);
    } else {
      group.others++;
      if (scan !== undefined) scan.others++;
    }
  }

  /** Those that are members still: a subject's place in the table may have been taken over. */
  private membersOf({ id, members }: Group): number[] {
    return members.filter((member) => this.memory.subjects.group.of(member) === id);
  }

  /** A subject's address has proved to be its own: where a group has no place for it, another gives way. */
  proved(subject: number): void {
    const { subjects } = this.memory;
    const group = this.groupOf(subject);
    if (group === undefined || group.members.length < MEMBERS_MAX) return;
    if (group.members.includes(subject) || subjects.scan.of(subject) !== 0) return;
    const scan = this.scans.withHandle(group.scan);
    const proved = this.membersOf(group).filter((other) => isProved(subjects.proof.of(other)));
    for (let place = MEMBERS_MAX - 1; place >= 0; place--) {
      const other = group.members[place];
      if (proved.includes(other)) continue;
      if (scan !== undefined && !this.scans.exchange(scan, other, subject)) continue;
      group.members[place] = subject;
      return;
    }
  }

  /**
   * A subject reached a shape: when it is one of a group and does what they do, begins (or is in) the group's
   * scan.
   */
  begin(subject: number, shape: number): boolean {
    const { memory, scans } = this;
    const group = this.actingFor(subject);
    if (group === undefined) return false;
    if (scans.withHandle(group.scan) === undefined) this.beginScan(group, subject, shape);
    if (group.scan !== 0 && memory.subjects.scan.of(subject) === 0) this.fold(group, subject);
    return true;
  }

  /** There is no place for a subject among the sources of its group's scan: what it did is part of that scan. */
  private fold(group: Group, subject: number): void {
    const { table, subjects, clock, account } = this.memory;
    eachFailed(this.memory, subject, LOOKED_MAX, (slot) => {
      if (table.scan.of(slot) === 0) table.scan.set(slot, group.scan);
    });
    subjects.reset(subject, clock.ms);
    subjects.group.set(subject, group.id);
    account?.happened(subject, "dismissed");
  }

  /** The group that answers for what a subject did lately: of its probes a group's scan is made, or will be. */
  actingFor(subject: number): Group | undefined {
    const group = this.groupOf(subject);
    if (group === undefined || group.copies < COPIES_MIN) return undefined;
    const isOld = this.memory.clock.since(group.lastMs) > GROUP_MS;
    return isOld || this.doesMore(subject) ? undefined : group;
  }

  /** True for one who failed lately at much that no other source tried with the same probes. */
  private doesMore(subject: number): boolean {
    const { table } = this.memory;
    let copies = 0, own = 0;
    eachFailed(this.memory, subject, LOOKED_MAX, (slot) => {
      if (table.has(slot, Mark.LookAlike)) copies++;
      else own++;
      // Each lies elsewhere in memory: no more are looked at than it takes to know.
      const rest = LOOKED_MAX - copies - own;
      return MORE_FACTOR * copies < own + rest && own <= MORE_FACTOR * (copies + rest);
    });
    return own > MORE_FACTOR * copies;
  }

  private beginScan(group: Group, subject: number, shape: number): void {
    const { memory, scans } = this;
    const latest = memory.subjects.head.of(subject) - 1;
    const story = this.storyOf(group, memory.table.linkSource.of(latest));
    const scan = story ?? scans.begin(subject, shape, "decoy");
    if (scan === undefined) return;
    scan.kindOfSources = "decoy";
    for (const member of this.membersOf(group)) scans.join(scan, member);
    scan.others += group.others;
    group.scan = scan.handle;
    this.machines.complete(scan);
    if (story !== undefined) return scans.hurryUpdate(story);
    scans.start(scan, memory.options.decoyWait * 1000);
  }

  /**
   * The scan of one source that goes on and has a member of the group for its source: then the group's probes are
   * laid to it. Not where several members have one, or another has proved to be real, or they come from elsewhere on
   * the link: then they do not tell. `link`: where the group's probes come from.
   */
  private storyOf(group: Group, link: number): Scan | undefined {
    const { subjects } = this.memory;
    const members = this.membersOf(group);
    const [story, ...others] = new Set(
      members.map((member) => this.scans.of(member)).filter((scan) => scan !== undefined),
    );
    if (story === undefined || others.length > 0) return undefined;
    const isOtherProved = members.some((member) =>
      this.scans.of(member) === undefined && isProved(subjects.proof.of(member))
    );
    const from = story.linkSource();
    const isElsewhere = from !== 0 && link !== 0 && from !== link;
    const isOther = isOtherProved || isElsewhere || story.kindOfSources === "distributed";
    return isOther ? undefined : story;
  }
}

function placeOf(id: number): number {
  return id & (GROUPS - 1);
}
