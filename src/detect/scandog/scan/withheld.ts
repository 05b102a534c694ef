// The scans that were found and not told: whose they are, and which of them did most. Knows names and counts;
// nothing of why they were not told.
//
// Of thousands only the few that did most are named, so that who hides among forged names is named all the
// same, unless each of as many forged ones cost its forger more packets.

import type { SuppressedEvent } from "../../../event.ts";

/** Scans that are named. */
const NAMED_MAX = 5;
/** Sources of which it is known that they were counted; of more, some may be counted twice. */
const COUNTED = 1 << 13;

/** A scan that was not told. */
type Row = NonNullable<SuppressedEvent["most"]>[number];

export class Withheld {
  /** Those that did most, the most first. */
  private rows: Row[] = [];
  private readonly counted = new Int32Array(COUNTED);

  /** A scan is not told; `source`: hash of its source. False when that is known. */
  add(source: number): boolean {
    const at = source & (COUNTED - 1), tag = source | 1;
    const isNew = this.counted[at] !== tag;
    this.counted[at] = tag;
    return isNew;
  }

  /** It is told after all; `source` and `name`: hash and address of its source. False when it was not known. */
  remove(source: number, name: string): boolean {
    this.rows = this.rows.filter((row) => row.source !== name);
    const at = source & (COUNTED - 1);
    const isKnown = this.counted[at] === (source | 1);
    if (isKnown) this.counted[at] = 0;
    return isKnown;
  }

  /** True for so many attempts as those that are named have, or as nobody asks about. */
  isMuch(attempts: number): boolean {
    return this.rows.length < NAMED_MAX || attempts > this.rows[NAMED_MAX - 1].attempts;
  }

  /** How much a scan has done that is not told. */
  note(row: Row): void {
    const known = this.rows.find(({ source }) => source === row.source);
    if (known !== undefined && known.attempts >= row.attempts) return;
    this.rows = [...this.rows.filter((other) => other !== known), row]
      .sort((a, b) => b.attempts - a.attempts)
      .slice(0, NAMED_MAX);
  }

  /** Those that did most; then counting begins anew. */
  take(): Row[] {
    const most = this.rows;
    this.rows = [];
    this.counted.fill(0);
    return most;
  }
}
