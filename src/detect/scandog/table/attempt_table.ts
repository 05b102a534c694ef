// The table of attempts: one entry for each (source, target, target key), from the first packet on,
// whatever number of connections follow. It is what makes an attempt "distinct", and what remembers how
// far it got. Knows words and states; nothing of flags, rules or sources.
//
// Set-associative, eight ways, keyed hash: a look-up touches one line of the index and, on a hit, the
// entry. A full set gives up its least valuable entry (`Rank`), the oldest among equals. An entry that
// gives way before it was judged is moved aside, so that it can be judged after the packet that took
// its place. All memory is taken in the constructor.

import { AttemptEntries, ENTRY_WORDS, Word } from "./attempt_entries.ts";
export { sameWords } from "./attempt_entries.ts";
import { Rank } from "./attempt_state.ts";
import { wordsInLines } from "../../../cache_lines.ts";
import type { Hash } from "../../../keyed_hash.ts";

const WAYS = 8;

/**
 * Words of a set in the index, which are one line of the cache: the tags, and where each one's entry lies.
 * Entries are given out in order, so that memory is only touched once it is needed. What entries are worth
 * lies apart, by the entry: it is written with each packet, and read only where one must give way.
 */
const SET_WORDS = 2 * WAYS;
const SLOTS = WAYS;

const RANK_SHIFT = 28;
const TICK_SHIFT = 6; // 64 ms
const TICK_MASK = 0x0fffffff;

/** Entries beyond the capacity, for what gave way and is still to be judged. A packet makes two at most. */
const SPARES = 4;

export class AttemptTable extends AttemptEntries {
  declare readonly capacity: number;
  declare private readonly index: Int32Array;
  /** Of each slot: its rank, and when it was of use. */
  declare private readonly worths: Int32Array;
  declare private readonly setMask: number;
  private live = 0;
  /** Slots that wait for an entry that gives way. */
  private readonly spares = new Int32Array(SPARES);
  private spareCount = SPARES;

  /** Bytes of memory for each entry. */
  static readonly ENTRY_COST = (ENTRY_WORDS + SET_WORDS / WAYS + 1) * 4;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number, hash: Hash) {
    super(capacity + SPARES, hash);
    this.capacity = capacity;
    this.index = wordsInLines(capacity / WAYS * SET_WORDS);
    this.worths = wordsInLines(capacity + SPARES);
    this.setMask = capacity / WAYS - 1;
    for (let i = 0; i < SPARES; i++) this.spares[i] = capacity + i;
  }

  /** Entries in use. */
  get size(): number {
    return this.live;
  }

  /**
   * The slot of an attempt, or -1. `from` and `to` are word indices of two addresses in `addresses`,
   * `hash` is the key's hash (of both addresses and `key`).
   */
  find(addresses: Int32Array, from: number, to: number, key: number, hash: number): number {
    const { index } = this;
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * SET_WORDS;
    for (let place = set; place < set + WAYS; place++) {
      if (index[place] !== tag) continue;
      const slot = index[place + SLOTS];
      if (this.matches(slot, addresses, from, to, key)) return slot;
    }
    return -1;
  }

  /** The same where no hash is known yet. */
  seek(addresses: Int32Array, from: number, to: number, key: number): number {
    const { hash } = this;
    const both = hash.triple(hash.address(addresses, from), hash.address(addresses, to), key);
    return this.find(addresses, from, to, key, both);
  }

  /** Reads the line of a set of the index, so that it comes from memory. What it gives means nothing. */
  touchSet(hash: number): number {
    return this.index[(hash & this.setMask) * SET_WORDS];
  }

  /** The slot of an attempt that has this hash, whether or not it is the one that is looked for; -1: there is none. */
  slotOf(hash: number): number {
    const { index } = this;
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * SET_WORDS;
    for (let place = set; place < set + WAYS; place++) {
      if (index[place] === tag) return index[place + SLOTS];
    }
    return -1;
  }

  /** Reads what `slotFor` asks, so that it comes from memory. What it gives means nothing. */
  touchWorths(hash: number): number {
    const { index, worths } = this;
    const slots = (hash & this.setMask) * SET_WORDS + SLOTS;
    let seen = 0;
    for (let place = slots; place < slots + WAYS; place++) seen ^= worths[index[place]];
    return seen;
  }

  /** The slot that a new attempt of this hash would get. */
  slotFor(hash: number): number {
    const place = this.placeFor(hash);
    return this.index[place] === 0 ? this.live : this.index[place + SLOTS];
  }

  /** Reads both lines of an entry, so that they come from memory. What it gives means nothing. */
  touch(slot: number): number {
    const at = slot * ENTRY_WORDS;
    return this.words[at + Word.State] ^ this.words[at + Word.Charged];
  }

  private matches(
    slot: number,
    addresses: Int32Array,
    from: number,
    to: number,
    key: number,
  ): boolean {
    const { words } = this;
    const at = slot * ENTRY_WORDS;
    return words[at + 8] === key &&
      words[at + 3] === addresses[from + 3] && words[at + 7] === addresses[to + 3] &&
      words[at + 2] === addresses[from + 2] && words[at + 6] === addresses[to + 2] &&
      words[at + 1] === addresses[from + 1] && words[at + 5] === addresses[to + 1] &&
      words[at] === addresses[from] && words[at + 4] === addresses[to];
  }

  /** Where in the index an entry of this hash would go: a free place, or that of the least worth. */
  placeFor(hash: number): number {
    const { index, worths } = this;
    const set = (hash & this.setMask) * SET_WORDS;
    let best = set, least = 0;
    for (let place = set; place < set + WAYS; place++) {
      if (index[place] === 0) return place;
      const worth = worths[index[place + SLOTS]];
      if (place > set && worth >= least) continue;
      best = place;
      least = worth;
    }
    return best;
  }

  /**
   * Moves aside the entry that must give way at a place in the index, so that it can still be judged: its
   * slot, to be given back by `release`; -1 where nothing is lost, because the place is free or its attempt
   * was judged. Does not look at the entry, which would have to be waited for.
   */
  moveAside(place: number): number {
    const { index } = this;
    if (index[place] === 0 || this.spareCount === 0) return -1;
    const slot = index[place + SLOTS];
    if (this.worths[slot] >>> RANK_SHIFT === Rank.Judged) return -1;
    index[place + SLOTS] = this.spares[--this.spareCount];
    return slot;
  }

  /** Takes back the slot of an entry that was moved aside and judged. */
  release(slot: number): void {
    this.spares[this.spareCount++] = slot;
  }

  /** Puts a new attempt at `place`, and gives its slot; everything but the key is zero. */
  take(
    place: number,
    addresses: Int32Array,
    from: number,
    to: number,
    key: number,
    hash: number,
    ms: number,
    timeUs: number,
  ): number {
    const { words, index } = this;
    const slot = index[place] === 0 ? this.live++ : index[place + SLOTS];
    index[place] = hash === 0 ? 1 : hash;
    index[place + SLOTS] = slot;
    const at = slot * ENTRY_WORDS;
    for (let i = 0; i < 4; i++) {
      words[at + Word.Source + i] = addresses[from + i];
      words[at + Word.Target + i] = addresses[to + i];
    }
    words[at + Word.Key] = key;
    this.renew(slot, ms, timeUs);
    return slot;
  }

  /** Makes the entry of an attempt that is over a new one: its addresses and its target stay. */
  renew(slot: number, ms: number, timeUs: number): void {
    const { words } = this;
    const at = slot * ENTRY_WORDS;
    for (let i = Word.State; i < ENTRY_WORDS; i++) words[at + i] = 0;
    words[at + Word.CreatedMs] = ms;
    this.doubles[(at + Word.FirstUs) >> 1] = timeUs;
    this.rank(slot, Rank.Pending, ms);
  }

  /** Sets what the entry is worth, and that it was of use just now. */
  rank(slot: number, rank: number, ms: number): void {
    this.worths[slot] = rank << RANK_SHIFT | (ms >>> TICK_SHIFT & TICK_MASK);
  }
}
