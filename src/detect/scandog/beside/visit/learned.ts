// What each scan that goes on has found open, until it may be remembered: only scans that were told
// count, and of a scan with forged sources only the one source that is proved. Knows scans and attempts;
// nothing of what a visit is.

import type { Memory } from "../../memory.ts";
import { Proof } from "../../probe/proof.ts";
import type { Scan } from "../../scan/scan.ts";
import { Mark } from "../../table/attempt_state.ts";
import type { Visits } from "./visits.ts";

/** Finds of one scan that wait. A scan of more is told long before. */
const WAITING_MAX = 64;

export class Learned {
  declare private readonly visits: Visits;
  declare private readonly memory: Memory;

  constructor(memory: Memory, visits: Visits) {
    this.memory = memory;
    this.visits = visits;
  }

  /** An attempt of the scan has become something; it may come here many times. */
  outcome(scan: Scan, slot: number): void {
    const { table } = this.memory;
    if (table.has(slot, Mark.Learned) || !this.visits.isFind(slot)) return;
    if (scan.announced && scan.kindOfSources !== "decoy") return this.learn(scan, slot);
    if (scan.finds.length === WAITING_MAX) return;
    scan.finds.push(slot);
    table.mark(slot, Mark.Learned);
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
  }

  /** Remembers what waits: all of it (`subject` is -1), or what this subject found. */
  private handOn(scan: Scan, subject: number): void {
    const { table } = this.memory;
    for (const slot of scan.finds) {
      // Its place may have been taken over since.
      if (table.scan.of(slot) !== scan.handle) continue;
      table.unmark(slot, Mark.Learned);
      if (this.visits.isFind(slot) && (subject < 0 || this.isOf(slot, subject))) {
        this.learn(scan, slot);
      }
    }
    scan.finds.length = 0;
  }

  private learn(scan: Scan, slot: number): void {
    this.visits.learn(scan, slot, scan.remembered++);
  }

  private isOf(slot: number, subject: number): boolean {
    const { table, subjects } = this.memory;
    return table.isSource(slot, subjects.words, subjects.addressAt(subject));
  }

  /**
   * The scan's first source completed a handshake, or is the only one that reset what it was offered:
   * a host that is named as a decoy resets it too.
   */
  private isProved(scan: Scan): boolean {
    const { subjects } = this.memory;
    // A client's own connections prove its address, and not that it is who sent the copies.
    if (scan.isGuess) return false;
    const proof = subjects.proof.of(scan.primary);
    if ((proof & Proof.Handshake) !== 0) return true;
    if ((proof & Proof.Reset) === 0) return false;
    return scan.members.every((other) =>
      other === scan.primary || (subjects.proof.of(other) & Proof.Reset) === 0
    );
  }
}
