// Several sources that are one machine on the link: their probes come from one link-layer address, and that claims
// an address of the same network. Knows link-layer addresses and subjects; nothing of outcomes.
//
// Such a machine has one story. The address that it claims by ARP is its own, the others it made up; but whoever can
// forge an IP address can forge a link-layer address too, so the claimed one is named only where probes of its own
// are among them. A router's link-layer address joins nobody.

import { PART_FACTOR } from "../limits.ts";
import type { Memory } from "../memory.ts";
import { classOf, TargetClass } from "../probe/classes.ts";
import type { Scan } from "../scan/scan.ts";
import type { Scans } from "../scan/scans.ts";
import { latestFailed } from "../table/attempt_chains.ts";
import type { View } from "../view.ts";

/** Machines whose story is remembered; a collision forgets one. */
const MACHINES = 256;

export class Machines {
  /** Link-layer addresses, and the handles of their stories. */
  private readonly links = new Int32Array(MACHINES);
  private readonly handles = new Int32Array(MACHINES);
  declare private readonly memory: Memory;
  declare private readonly view: View;
  declare private readonly scans: Scans;

  constructor(memory: Memory, view: View, scans: Scans) {
    this.memory = memory;
    this.view = view;
    this.scans = scans;
  }

  /**
   * A subject reached a shape with the attempt in this slot: when it is an address that a machine made up, or that
   * machine's own while others have a story, begins (or is in) the machine's story.
   */
  begin(slot: number, subject: number, shape: number): boolean {
    const { memory, scans } = this;
    const link = memory.table.linkSource.of(slot);
    if (!this.isOfMachine(link, subject)) return false;
    const story = this.storyOf(link);
    if (story !== undefined) {
      scans.join(story, subject);
      this.name(story, link);
      const isIn = scans.of(subject) === story; // unless it has no place for more
      if (isIn) scans.hurryUpdate(story);
      return isIn;
    }
    if (this.isClaimed(link, subject)) return false;
    const scan = scans.begin(subject, shape);
    if (scan === undefined) return true;
    scans.join(scan, subject);
    this.note(link, scan.handle);
    scans.start(scan, this.complete(scan));
    return true;
  }

  /** A scan was begun of a source with an attempt in this slot: it is the story of its machine, if it is one's. */
  began(slot: number, scan: Scan): void {
    const link = this.memory.table.linkSource.of(slot);
    if (link !== 0) this.note(link, scan.handle);
  }

  /**
   * Takes the address that a machine claims into the scan whose sources are all that machine's, if it failed there
   * too. Milliseconds that the scan is to wait for it to do so: 0 where it is in, or has tried nothing.
   */
  complete(scan: Scan): number {
    const { subjects, hash, heads, options } = this.memory;
    const { links } = this.view;
    const link = scan.linkSource();
    if (!this.isOfMachine(link, scan.primary)) return 0;
    let isHeard = false, isIn = false;
    for (const at of links.claimsOf(link)) {
      const address = hash.address(links.words, at);
      const own = subjects.find(links.words, at, 0, address);
      if (own >= 0 && this.hasPart(scan, own, link)) this.scans.join(scan, own);
      if (own >= 0 && this.scans.of(own) === scan) isIn = true;
      else if (this.hasTried(heads.latest(address) - 1)) isHeard = true;
    }
    this.name(scan, link);
    this.note(link, scan.handle);
    return isHeard && !isIn ? options.decoyWait * 1000 : 0;
  }

  /** True where the attempt in a slot is more than a look for the neighbour that packets go to. */
  private hasTried(slot: number): boolean {
    return slot >= 0 && classOf(this.memory.table.key.of(slot)) !== TargetClass.Arp;
  }

  /** Takes one more source into a scan that goes on: it may be the one that the machine claims. */
  join(scan: Scan, subject: number): void {
    this.scans.join(scan, subject);
    const link = scan.linkSource();
    if (this.isOfMachine(link, scan.primary)) this.name(scan, link);
  }

  /** True for one that failed as well at what the scan is after, from the link-layer address. */
  private hasPart(scan: Scan, subject: number, link: number): boolean {
    const { table, subjects } = this.memory;
    const slot = latestFailed(this.memory, subject);
    const isMuch = PART_FACTOR * subjects.failed.of(subject) >= subjects.failed.of(scan.primary);
    return isMuch && slot >= 0 && table.linkSource.of(slot) === link &&
      scan.resembles(slot);
  }

  /** What the several sources of a machine's story are: its own addresses, or one of them and others. */
  private name(scan: Scan, link: number): void {
    const { members } = scan;
    if (members.length < 2) return;
    const own = members.filter((member) => this.isClaimed(link, member));
    scan.kindOfSources = own.length === members.length ? "distributed" : "decoy";
    // What was told under a name that the machine made up is from now on told under its own.
    if (own.length === 0) return;
    if (!own.includes(scan.primary)) scan.primary = own[own.length - 1];
    scan.isGuess = false;
  }

  private isOfMachine(link: number, subject: number): boolean {
    const { subjects } = this.memory;
    const { links } = this.view;
    return links.isMachine(link) && links.isNear(link, subjects.words, subjects.addressAt(subject));
  }

  private isClaimed(link: number, subject: number): boolean {
    const { subjects } = this.memory;
    return this.view.links.claims(link, subjects.words, subjects.addressAt(subject));
  }

  /** The story that goes on of the machine with this link-layer address. */
  private storyOf(link: number): Scan | undefined {
    const place = link & (MACHINES - 1);
    return this.links[place] === link ? this.scans.withHandle(this.handles[place]) : undefined;
  }

  private note(link: number, handle: number): void {
    const place = link & (MACHINES - 1);
    this.links[place] = link;
    this.handles[place] = handle;
  }
}
