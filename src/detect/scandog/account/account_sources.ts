// The sources that notes are kept of: a bounded number, those with most evidence. Knows addresses.

import { formatAddress, inPrefixes, type Prefix } from "../../../address.ts";
import { fnv1a } from "../../../text_hash.ts";
import type { Note } from "./attempt_list.ts";
import { SourceNotes } from "./source_notes.ts";

/** Sources at once; about 1 KiB each, without their attempts. */
const SOURCES_MAX = 16384;
/** So much of them is left when some have to give way. */
const KEPT_SHARE = 1 / 2;
/** Attempts listed one by one, of all sources together. */
const LISTED_MAX = 500_000;
/** Bits that remember who had to give way. */
const GONE_BITS = 1 << 22;

export class AccountSources {
  private readonly notes = new Map<string, SourceNotes>();
  private readonly gone = new Int32Array(GONE_BITS / 32);
  private turns = 0;
  /** Sources that had to give way; one that the bits confuse with another is not counted. */
  leftOut = 0;
  /** Attempts listed of all sources that are kept. */
  listed = 0;
  declare private readonly only: readonly Prefix[];
  declare private readonly listMax: number;
  declare private readonly max: number;

  /** `only`: the sources that notes are kept of; empty: all. `listMax`: as of `SourceNotes`. */
  constructor(only: readonly Prefix[], listMax: number, max = SOURCES_MAX) {
    this.only = only;
    this.listMax = listMax;
    this.max = max;
  }

  /** True when notes are kept of the source with the 16 bytes at `at`. */
  isWanted(bytes: Uint8Array, at: number): boolean {
    return this.only.length === 0 || inPrefixes(this.only, bytes, at);
  }

  /** Lists a note of a source; false when there is no room for it. */
  list(source: SourceNotes, note: Note): boolean {
    if (this.listed >= LISTED_MAX) return false;
    const before = source.listed;
    if (!source.attempts.add(note)) return false;
    this.listed += source.listed - before;
    return true;
  }

  /** The notes of the source; undefined when none are kept of it. */
  find(bytes: Uint8Array, at: number): SourceNotes | undefined {
    return this.notes.get(formatAddress(bytes, at));
  }

  /** The notes of a source, made when there are none yet; undefined when the source is not asked for. */
  of(bytes: Uint8Array, at: number): SourceNotes | undefined {
    if (!this.isWanted(bytes, at)) return undefined;
    const text = formatAddress(bytes, at);
    let notes = this.notes.get(text);
    if (notes === undefined) {
      if (this.notes.size >= this.max) this.giveWay();
      notes = new SourceNotes(text, this.listMax, this.wasHere(text));
      this.notes.set(text, notes);
    }
    notes.turn = ++this.turns;
    return notes;
  }

  /** Those with least evidence go, those not heard of for longest among equals. */
  private giveWay(): void {
    const order = byWorth([...this.notes.values()].sort((a, b) => b.turn - a.turn));
    for (const { source, listed } of order.slice(Math.ceil(this.max * KEPT_SHARE))) {
      this.notes.delete(source);
      this.listed -= listed;
      if (!this.wasHere(source)) this.leftOut++;
      const bit = bitOf(source);
      this.gone[bit >>> 5] |= 1 << (bit & 31);
    }
  }

  private wasHere(source: string): boolean {
    const bit = bitOf(source);
    return (this.gone[bit >>> 5] >>> (bit & 31) & 1) !== 0;
  }

  /** All, those with most evidence first; the first heard of among equals. */
  all(): SourceNotes[] {
    return byWorth([...this.notes.values()]);
  }
}

/** Those with most evidence first; equals as they were. */
function byWorth(all: readonly SourceNotes[]): SourceNotes[] {
  return all.map((notes) => ({ notes, worth: notes.worth() }))
    .sort((a, b) => b.worth - a.worth)
    .map(({ notes }) => notes);
}

/** An attacker who finds collisions makes an account look incomplete, no more. */
function bitOf(text: string): number {
  const h = fnv1a(text);
  return (h ^ h >>> 15) & (GONE_BITS - 1);
}
