// Scans whose probes come from several sources at once, all but one forged (nmap -D). Knows the
// looks of probes and subjects; nothing of outcomes.
//
// Such a probe leaves once for each source, back to back, with everything else the same: ports,
// sequence number, IP identification. Two packets that agree in all this and differ in their source
// are copies; sources that sent copies more than once are a group. A group's scan is told once.

import { COPIES_MIN } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { MEMBERS_MAX, type Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";

/** Probes remembered while their copies may come. */
const RECENT = 8192;
const WORDS = 3;
/** Copies follow one another at once; even a slow link needs no more for 128 packets. */
const COPY_MS = 2000;
/** Groups at once. */
const GROUPS = 64;
/** A group not heard of for so long is forgotten. */
const GROUP_MS = 600_000;

interface Group {
  members: Int32Array;
  count: number;
  copies: number;
  lastMs: number;
  /** More sources than decoys can be: a flood of equal packets. */
  isFlood: boolean;
}

export class LookAlikes {
  private readonly recent = new Int32Array(RECENT * WORDS);
  private readonly groups: Group[] = Array.from({ length: GROUPS }, () => ({
    members: new Int32Array(MEMBERS_MAX),
    count: 0,
    copies: 0,
    lastMs: 0,
    isFlood: false,
  }));
  declare private readonly memory: Memory;
  declare private readonly scans: Scans;

  constructor(memory: Memory, scans: Scans) {
    this.memory = memory;
    this.scans = scans;
  }

  /**
   * Remembers the probe of a new attempt: the slot of another source's attempt that the same probe began, or
   * -1. `look`: hash of all that must agree.
   */
  note(slot: number, look: number): number {
    const { recent } = this;
    const { table, clock: { ms } } = this.memory;
    const at = (look & (RECENT - 1)) * WORDS;
    const other = recent[at + 1];
    if (
      recent[at] === look && ((ms - recent[at + 2]) >>> 0) <= COPY_MS && other !== slot &&
      !table.sameSource(slot, other) && table.key(slot) === table.key(other) &&
      table.sameTarget(slot, other)
    ) {
      recent[at + 2] = ms;
      return other;
    }
    recent[at] = look;
    recent[at + 1] = slot;
    recent[at + 2] = ms;
    return -1;
  }

  /** Two subjects sent the same probe. */
  link(a: number, b: number): void {
    if (a < 0 || b < 0 || a === b) return;
    const { subjects } = this.memory;
    const one = subjects.group(a), two = subjects.group(b);
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
    this.groups[index].copies += group.copies;
    group.count = 0;
    this.renew(this.groups[index]);
  }

  private renew(group: Group): void {
    group.copies++;
    group.lastMs = this.memory.clock.ms;
  }

  private newGroup(): number {
    let oldest = 0;
    for (let i = 0; i < GROUPS; i++) {
      const idle = this.memory.clock.since(this.groups[i].lastMs);
      if (
        this.groups[i].count === 0 || idle > this.memory.clock.since(this.groups[oldest].lastMs)
      ) {
        oldest = i;
        if (this.groups[i].count === 0) break;
      }
    }
    const group = this.groups[oldest];
    for (let i = 0; i < group.count; i++) {
      if (this.memory.subjects.group(group.members[i]) === oldest + 1) {
        this.memory.subjects.setGroup(group.members[i], 0);
      }
    }
    group.count = group.copies = 0;
    group.isFlood = false;
    return oldest;
  }

  private add(index: number, subject: number): void {
    const group = this.groups[index];
    if (group.count === MEMBERS_MAX) {
      group.isFlood = true;
      return;
    }
    group.members[group.count++] = subject;
    this.memory.subjects.setGroup(subject, index + 1);
    const scan = this.scanOf(group);
    if (scan !== undefined) this.scans.join(scan, subject);
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

  /** A subject's place in the table may have been taken over. */
  private isMember(group: Group, i: number): boolean {
    return this.memory.subjects.group(group.members[i]) === this.groups.indexOf(group) + 1;
  }

  /**
   * A subject reached a shape: when it is one of a group, begins (or is in) the group's
   * scan.
   */
  begin(subject: number, shape: number): boolean {
    const index = this.memory.subjects.group(subject);
    if (index === 0) return false;
    const group = this.groups[index - 1];
    if (group.copies < COPIES_MIN || this.memory.clock.since(group.lastMs) > GROUP_MS) return false;
    if (group.isFlood) { // nobody's scan
      this.memory.account?.dismissed(subject);
      return true;
    }
    const { subjects } = this.memory;
    const slow = this.scans.isSlow(subjects.firstMs(subject));
    const scan = this.scans.begin(subject, subjects.failed(subject), slow);
    if (scan === undefined) return true;
    scan.kindOfSources = "decoy";
    scan.foundBy = shape;
    for (let i = 0; i < group.count; i++) {
      if (this.isMember(group, i)) this.scans.join(scan, group.members[i]);
    }
    this.scans.start(scan, this.memory.options.decoyWait * 1000);
    return true;
  }
}
