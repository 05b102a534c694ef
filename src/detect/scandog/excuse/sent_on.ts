// What a machine sends on for others under its own address (NAT), where it captures on all its interfaces, or on two of
// them: each packet is seen before and after. Knows attempts and where their packets were captured; nothing of looks.

import type { Memory } from "../memory.ts";
import { SENT_HERE, ttlIn } from "../probe/form.ts";
import type { AttemptTable } from "../table/attempt_table.ts";

/** Targets of which the latest probe is known, a power of two; a collision forgets the older one. */
const PLACES = 4096;
/** A kernel sends on at once; longer, and it may be a packet of its own. Milliseconds. */
const SENT_ON_MS = 20;

/**
 * True for an attempt that the same probe began as another's (see `LookAlikes.note`), if that probe had come in from
 * elsewhere and then went out: as the kernel says, or on another interface and one hop later. Whoever forges addresses
 * sends from elsewhere, or from here, and all on one side.
 */
export function isSentOn(table: AttemptTable, slot: number, other: number): boolean {
  const isHere = isSentHere(table, slot);
  if (isHere !== isSentHere(table, other)) return isHere;
  return table.interface(slot) !== table.interface(other) &&
    ttlIn(table.look.of(other)) - ttlIn(table.look.of(slot)) === 1;
}

function isSentHere(table: AttemptTable, slot: number): boolean {
  return (table.form.of(slot) & SENT_HERE) !== 0;
}

/** The probes that came in, so that those that go on from another port than they came from are known as well. */
export class Arrived {
  /** Slot + 1, by target and port. */
  private readonly latest = new Int32Array(PLACES);
  /** Something was sent here, or captured on a second interface: before that there is nothing to compare. */
  private isNeeded = false;
  declare private readonly memory: Memory;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  /**
   * The attempt of another source whose probe was sent on as the one that begins this attempt, or that sent on this one
   * and was captured first; -1: none.
   */
  otherOf(slot: number): number {
    const { table, hash } = this.memory;
    const isHere = isSentHere(table, slot);
    if (!this.isNeeded && !isHere && table.interface(slot) === 0) return -1;
    this.isNeeded = true;
    const place = hash.pair(table.targetHash(slot), table.key.of(slot)) & (PLACES - 1);
    const other = this.latest[place] - 1;
    if (other >= 0 && this.isSame(slot, other)) {
      if (isSentOn(table, slot, other) || isSentOn(table, other, slot)) return other;
    }
    if (!isHere) this.latest[place] = slot + 1;
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
