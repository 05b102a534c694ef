// The scans that were found and not told: whose they are, and which of them did most. Knows addresses and counts;
// nothing of why they were not told.
//
// Of thousands only the few that did most are named, so that who hides among forged names is named all the
// same, unless each of as many forged ones cost its forger more packets.

import type { SuppressedEvent } from "../../../event.ts";
import { textOf } from "../table/network_prefix.ts";

/** Scans that are named. */
const NAMED_MAX = 5;
const ADDRESS_WORDS = 4;
/** Sources of which it is known that they were counted; of more, some may be counted twice. */
const COUNTED = 1 << 13;

/** A scan that was not told. */
interface Row {
  source: Int32Array;
  destination: Int32Array;
  attempts: number;
}

export class Withheld {
  private readonly rows: Row[] = Array.from({ length: NAMED_MAX }, () => ({
    source: new Int32Array(ADDRESS_WORDS),
    destination: new Int32Array(ADDRESS_WORDS),
    attempts: 0,
  }));
  /** Attempts of the least of the rows. */
  private least = 0;
  private readonly counted = new Int32Array(COUNTED);

  /** A scan is not told; `source`: hash of its source. False when that is known. */
  add(source: number): boolean {
    const at = source & (COUNTED - 1), tag = source | 1;
    const isNew = this.counted[at] !== tag;
    this.counted[at] = tag;
    return isNew;
  }

  /** It is told after all; `addresses[at]`: its source. False when it was not known. */
  remove(source: number, addresses: Int32Array, at: number): boolean {
    const row = this.find(addresses, at);
    if (row !== undefined) row.attempts = this.least = 0;
    const place = source & (COUNTED - 1);
    const isKnown = this.counted[place] === (source | 1);
    if (isKnown) this.counted[place] = 0;
    return isKnown;
  }

  /** How much a scan has done that is not told; the addresses are copied. */
  note(
    sources: Int32Array,
    sourceAt: number,
    targets: Int32Array,
    targetAt: number,
    attempts: number,
  ): void {
    if (attempts <= this.least) return;
    const row = this.find(sources, sourceAt) ?? this.leastRow();
    if (attempts > row.attempts) {
      for (let i = 0; i < ADDRESS_WORDS; i++) {
        row.source[i] = sources[sourceAt + i];
        row.destination[i] = targets[targetAt + i];
      }
      row.attempts = attempts;
    }
    this.least = this.leastRow().attempts;
  }

  private find(addresses: Int32Array, at: number): Row | undefined {
    return this.rows.find(({ source, attempts }) =>
      attempts > 0 && source.every((word, i) => word === addresses[at + i])
    );
  }

  private leastRow(): Row {
    return this.rows.reduce((least, row) => row.attempts < least.attempts ? row : least);
  }

  /** Those that did most, the most first; then counting begins anew. */
  take(): NonNullable<SuppressedEvent["most"]> {
    const most = this.rows.filter(({ attempts }) => attempts > 0)
      .sort((a, b) => b.attempts - a.attempts)
      .map(({ source, destination, attempts }) => ({
        source: textOf(source),
        destination: textOf(destination),
        attempts,
      }));
    for (const row of this.rows) row.attempts = 0;
    this.counted.fill(0);
    this.least = 0;
    return most;
  }
}
