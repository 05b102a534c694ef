// What each scan that goes on has found open, until it may be remembered: only scans that were told
// count, and of a scan with forged sources only the one source that is proved. Knows scans and attempts;
// nothing of what a visit is.

import { Actor, type Actors } from "../table/actors.ts";
import { type Conversations, Mark, Word } from "../table/conversations.ts";
import { Proof } from "../probe/proof.ts";
import type { Scan } from "../scan/scan.ts";
import type { Visits } from "./visits.ts";

/** Finds of one scan that wait. A scan of more is told long before. */
const WAITING_MAX = 64;

export class Learned {
  declare private readonly slots: Int32Array;
  declare private readonly waiting: Int32Array;
  /** Finds handed on. */
  declare private readonly counts: Int32Array;
  declare private readonly table: Conversations;
  declare private readonly actors: Actors;
  declare private readonly visits: Visits;

  /** `scans`: how many go on at most. */
  constructor(
    scans: number,
    table: Conversations,
    actors: Actors,
    visits: Visits,
  ) {
    this.table = table;
    this.actors = actors;
    this.visits = visits;

    this.slots = new Int32Array(scans * WAITING_MAX);
    this.waiting = new Int32Array(scans);
    this.counts = new Int32Array(scans);
  }

  begin(index: number): void {
    this.waiting[index] = this.counts[index] = 0;
  }

  /** An attempt of the scan has become something; it may come here many times. */
  outcome(scan: Scan, slot: number): void {
    if (this.table.has(slot, Mark.Learned) || !this.visits.isFind(slot)) return;
    const index = scan.index();
    if (scan.announced && scan.kindOfSources !== "decoy") return this.learn(scan, slot);
    if (this.waiting[index] === WAITING_MAX) return;
    this.slots[index * WAITING_MAX + this.waiting[index]++] = slot;
    this.table.mark(slot, Mark.Learned);
  }

  /** The scan was told. */
  told(scan: Scan): void {
    if (scan.kindOfSources !== "decoy") this.handOn(scan, -1);
  }

  /** The scan ends: now all is known that proves one of several sources. */
  end(scan: Scan): void {
    // Who scanned is somebody else, and learned it by other ways.
    if (scan.isZombie) this.visits.forget(scan);
    else if (scan.announced && scan.kindOfSources === "decoy" && this.isProved(scan)) {
      this.handOn(scan, scan.primary);
    }
    this.begin(scan.index());
  }

  /** What waits is remembered; with an actor (not -1), only its own. */
  private handOn(scan: Scan, actor: number): void {
    const { table } = this;
    const first = scan.index() * WAITING_MAX;
    for (let i = first; i < first + this.waiting[scan.index()]; i++) {
      const slot = this.slots[i];
      // Its place may have been taken over since.
      if (table.get(slot, Word.Scan) !== scan.handle) continue;
      table.unmark(slot, Mark.Learned);
      if (this.visits.isFind(slot) && (actor < 0 || this.isOf(slot, actor))) this.learn(scan, slot);
    }
    this.waiting[scan.index()] = 0;
  }

  private learn(scan: Scan, slot: number): void {
    this.visits.learn(scan, slot, this.counts[scan.index()]++);
  }

  private isOf(slot: number, actor: number): boolean {
    const at = this.table.addressAt(slot, Word.Initiator), own = this.actors.addressAt(actor);
    for (let i = 0; i < 4; i++) {
      if (this.table.words[at + i] !== this.actors.words[own + i]) return false;
    }
    return true;
  }

  /**
   * The scan's first source completed a handshake, or is the only one that reset what it was offered:
   * a host that is named as a decoy resets it too.
   */
  private isProved(scan: Scan): boolean {
    const { actors } = this;
    const proof = actors.get(scan.primary, Actor.Proof);
    if ((proof & Proof.Handshake) !== 0) return true;
    if ((proof & Proof.Reset) === 0) return false;
    for (let i = 0; i < scan.memberCount; i++) {
      const other = scan.members[i];
      if (other !== scan.primary && (actors.get(other, Actor.Proof) & Proof.Reset) !== 0) {
        return false;
      }
    }
    return true;
  }
}
