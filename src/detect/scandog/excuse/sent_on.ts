// What a machine sends on for others under its own address (NAT), where it captures on all its interfaces: each packet
// is seen before and after. Knows attempts and what the kernel said of their packets; nothing of looks.

import type { Memory } from "../memory.ts";
import { SENT_HERE } from "../probe/form.ts";
import type { AttemptTable } from "../table/attempt_table.ts";

/** Targets of which the latest probe that came in is known, a power of two; a collision forgets the older one. */
const PLACES = 4096;
/** A kernel sends on at once; longer, and it may be a packet of its own. Milliseconds. */
const SENT_ON_MS = 20;

/**
 * True for an attempt that the same probe began as another's (see `LookAlikes.note`), if that probe had come in from
 * elsewhere and then went out. Whoever forges addresses sends from elsewhere, or from here, but not both.
 */
export function isSentOn(table: AttemptTable, slot: number, other: number): boolean {
  return isSentHere(table, slot) && !isSentHere(table, other);
}

function isSentHere(table: AttemptTable, slot: number): boolean {
  return (table.form.of(slot) & SENT_HERE) !== 0;
}

/** The probes that came in, so that those that go on from another port than they came from are known as well. */
export class Arrived {
  /** Slot + 1, by target and port. */
  private readonly latest = new Int32Array(PLACES);
  /** Something was sent here: before that there is nothing to compare. */
  private isNeeded = false;
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /** The attempt of another source whose probe was sent on as the one that begins this attempt, or -1. */
  originOf(slot: number): number {
    const { table, hash } = this.memory;
    const isHere = isSentHere(table, slot);
    if (!isHere && !this.isNeeded) return -1;
    this.isNeeded = true;
    const place = hash.pair(table.targetHash(slot), table.key.of(slot)) & (PLACES - 1);
    const other = this.latest[place] - 1;
    if (isHere) return other >= 0 && this.isSame(slot, other) ? other : -1;
    this.latest[place] = slot + 1;
    return -1;
  }

  /** True for the same packet: of TCP by its sequence number, else by its IP identification, and where there is one. */
  private isSame(slot: number, other: number): boolean {
    const { table, clock } = this.memory;
    if (clock.since(table.createdMs.of(other)) > SENT_ON_MS || table.sameSource(slot, other)) {
      return false;
    }
    if (table.key.of(slot) !== table.key.of(other) || !table.sameTarget(slot, other)) return false;
    const { sequence, wire } = table, number = sequence.of(slot);
    return number === sequence.of(other) &&
      (number !== 0 || (wire.of(slot) !== 0 && wire.of(slot) === wire.of(other)));
  }
}
