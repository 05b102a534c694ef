// Sources with one failed attempt. Knows tags and counts; nothing of addresses or rules.
//
// A flood of forged sources fills this table and no other: sixteen bytes each, no address, only a
// 32-bit keyed tag. A source leaves it for real state when it fails a second time. Two entries to a
// set; the one with less to lose gives way, the older among equals.

import { Entries } from "./entries.ts";
import { tagOf } from "./word_table.ts";

const WORDS = 4;
const FAILED_MAX = 255;
/** Each failure is worth so much youth. */
const FAILED_MS = 600_000;

export class Probation extends Entries {
  static readonly ENTRY_COST = WORDS * 4;
  private readonly tag = this.column(0);
  /** Slot + 1 of its last failed attempt in the table of attempts. */
  readonly head = this.column(1);
  private readonly lastMs = this.column(2);
  private readonly failed = this.column(3);
  declare private readonly mask: number;

  /** `capacity`: a power of two. */
  constructor(capacity: number) {
    super(capacity, WORDS);
    this.mask = capacity - 1;
  }

  /** The entry of a hash; what was there before may have been displaced. */
  touch(hash: number, ms: number): number {
    const tag = tagOf(hash);
    const first = hash & this.mask, second = first ^ 1;
    let entry = this.tag.of(first) === tag ? first : second;
    if (this.tag.of(entry) !== tag) {
      entry = this.worth(first, ms) <= this.worth(second, ms) ? first : second;
      this.tag.set(entry, tag);
      this.head.set(entry, 0);
      this.failed.set(entry, 0);
    }
    this.lastMs.set(entry, ms);
    return entry;
  }

  /** Reads the place of a hash, so that it comes from memory. What it gives means nothing. */
  read(hash: number): number {
    return this.tag.of(hash & this.mask);
  }

  /** More is kept: counts first, then youth. */
  private worth(entry: number, ms: number): number {
    if (this.tag.of(entry) === 0) return -Infinity;
    return this.failed.of(entry) * FAILED_MS - ((ms - this.lastMs.of(entry)) >>> 0);
  }

  /** Counts a failed attempt, by its slot; how many there are now, at most 255. */
  fail(entry: number, slot: number): number {
    this.head.set(entry, slot + 1);
    if (this.failed.of(entry) < FAILED_MAX) this.failed.add(entry, 1);
    return this.failed.of(entry);
  }

  clear(entry: number): void {
    this.tag.set(entry, 0);
  }
}
