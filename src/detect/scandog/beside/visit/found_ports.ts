// Ports that scanners found open, remembered for days: who found which, and in which scan. Knows words,
// times and worth; nothing of packets, of scans that go on, or of what is said.
//
// Eight ways to a set, keyed by a hash of (network of the scanner, target, port), so that one
// look-up finds the scanner as well as its neighbours. A full set gives up what is worth least: what is
// too old, then the many ports of one scan before the few of another, then the weaker proof, then the
// older. What is worth less than all that is there is not taken in.

import { sameWords } from "../../table/attempt_entries.ts";
import { ChangedSlots } from "../../table/changed_slots.ts";
import { isSameNetwork, networkOf, Width } from "../../table/network_prefix.ts";
import type { Hash } from "../../../../keyed_hash.ts";
import { tagOf, WordTable } from "../../table/word_table.ts";

const FOUND_WAYS = 8;
/** Scanners of one network that are remembered for one port of one target. */
const SAME_MAX = 3;
/** Addresses of a scanner's network that were told as visitors of one port. */
export const VISITORS_MAX = 3;

/** Where in an entry the target's address is, and the tags of visitors that were told; the scanner's is first. */
const TARGET = 4, VISITORS = 13;
const WORDS = 16;

/** Marks in the state. */
export const FoundMark = {
  /** The scanner completed a handshake; otherwise it answered with a reset. */
  Handshake: 1,
  /** The scanner's own visit was told. */
  Told: 2,
} as const;
const TIER_SHIFT = 8;
const TIER_MAX = 7;
/** All bits that a state may have. */
export const STATE_BITS = FoundMark.Handshake | FoundMark.Told | TIER_MAX << TIER_SHIFT;
/** Ports of one scan in the best tier; each further tier holds as many as all before it. */
const FIRST_TIER = 8;

/** The tier of the `count`th port (from 0) that one scan found open; 0 is worth most. */
export function tierOf(count: number): number {
  return count < FIRST_TIER ? 0 : Math.min(TIER_MAX, 29 - Math.clz32(count));
}

/** What is looked for: word indices of a scanner (or visitor) and its target in `addresses`, and the target key. */
export interface Wanted {
  addresses: Int32Array;
  scanner: number;
  target: number;
  key: number;
}

export class FoundPorts extends WordTable {
  /** Bytes of memory for each entry. */
  static readonly ENTRY_COST = WORDS * 4 + 3 * 8 + 4 + 1;
  readonly key = this.column(8);
  /** Number of the scan, and seed of the run that told it. */
  readonly scan = this.column(9);
  readonly run = this.column(10);
  /** Marks, and above them the tier. */
  readonly state = this.column(11);
  /** Detector time of the scanner's latest try; 0: not in this run. */
  readonly triedMs = this.column(12);
  /** Entries in use. */
  size = 0;
  /** Entries that differ from what is kept beyond this run: whoever sets a column of these adds to them. */
  declare readonly changes: ChangedSlots;
  /** When its scan began, as told; when it was found; when it was last tried. Microseconds since 1970. */
  declare readonly startUs: Float64Array;
  declare readonly foundUs: Float64Array;
  declare readonly triedUs: Float64Array;
  private readonly prefix = new Int32Array(4);
  declare private readonly memoryUs: number;
  declare private readonly hash: Hash;

  /** `capacity`: a power of two, at least `FOUND_WAYS`. `memoryUs`: how long an entry lives. */
  constructor(capacity: number, memoryUs: number, hash: Hash) {
    super(capacity, WORDS, FOUND_WAYS);
    this.memoryUs = memoryUs;
    this.hash = hash;
    this.startUs = new Float64Array(capacity);
    this.foundUs = new Float64Array(capacity);
    this.triedUs = new Float64Array(capacity);
    this.changes = new ChangedSlots(capacity);
  }

  /**
   * The entry for a visit: of the scanner itself where it is there, else the latest of its network; -1
   * when there is none that is young enough.
   */
  find(wanted: Wanted, nowUs: number): number {
    const tag = this.tagOf(wanted), set = this.setOf(tag);
    let best = -1;
    for (let slot = set; slot < set + FOUND_WAYS; slot++) {
      if (!this.isSame(slot, tag, wanted) || this.isExpired(slot, nowUs)) continue;
      if (this.isScanner(slot, wanted.addresses, wanted.scanner)) return slot;
      if (best < 0 || this.triedUs[slot] > this.triedUs[best]) best = slot;
    }
    return best;
  }

  /** True when the entry's scanner is the address at addresses[at]. */
  isScanner(slot: number, addresses: Int32Array, at: number): boolean {
    return sameWords(this.words, this.addressAt(slot), addresses, at);
  }

  /**
   * Where an entry goes that is worth `state`: the scanner's own, a free one, or the one worth least;
   * -1 when all are worth more. Clears it, but for a scanner's own. Allocates.
   */
  place(wanted: Wanted, state: number, nowUs: number): number {
    const { addresses, scanner, target, key } = wanted;
    const tag = this.tagOf(wanted);
    const set = Array.from({ length: FOUND_WAYS }, (_, i) => this.setOf(tag) + i);
    const same = set.filter((slot) => this.isSame(slot, tag, wanted));
    const own = same.find((slot) => this.isScanner(slot, addresses, scanner));
    if (own !== undefined) return own;
    const slot = (same.length >= SAME_MAX ? same : set)
      .reduce((least, slot) => this.isWorthLess(slot, least, nowUs) ? slot : least);
    const isFree = this.tags[slot] === 0;
    if (!isFree && !this.isExpired(slot, nowUs) && this.rank(slot) > rankOf(state)) return -1;
    if (isFree) this.size++;
    this.tags[slot] = tag;
    const at = slot * WORDS;
    this.words.fill(0, at, at + WORDS);
    for (let i = 0; i < 4; i++) {
      this.words[at + i] = addresses[scanner + i];
      this.words[at + TARGET + i] = addresses[target + i];
    }
    this.key.set(slot, key);
    return slot;
  }

  private isWorthLess(slot: number, than: number, nowUs: number): boolean {
    const difference = this.worth(slot, nowUs) - this.worth(than, nowUs);
    return difference === 0 ? this.triedUs[slot] < this.triedUs[than] : difference < 0;
  }

  worth(slot: number, nowUs: number): number {
    if (this.tags[slot] === 0) return -2;
    return this.isExpired(slot, nowUs) ? -1 : this.rank(slot);
  }

  private rank(slot: number): number {
    return rankOf(this.state.of(slot));
  }

  private isExpired(slot: number, nowUs: number): boolean {
    return this.isTooOld(this.triedUs[slot], nowUs);
  }

  /**
   * True for what was tried so long before. Or after: a clock that was years ahead and is set right must
   * not leave entries that never expire. Where now is not known (NaN) nothing is too old.
   */
  isTooOld(triedUs: number, nowUs: number): boolean {
    return Math.abs(nowUs - triedUs) > this.memoryUs;
  }

  /** The tag is of network, target and port alike; equal words make sure. */
  private isSame(slot: number, tag: number, wanted: Wanted): boolean {
    if (this.tags[slot] !== tag) return false;
    const { words } = this;
    const { addresses, scanner, target, key } = wanted;
    return this.key.of(slot) === key &&
      sameWords(words, this.targetAt(slot), addresses, target) &&
      isSameNetwork(addresses, scanner, this.addressAt(slot), words);
  }

  private tagOf({ addresses, scanner, target, key }: Wanted): number {
    const { prefix, hash } = this;
    networkOf(addresses, scanner, Width.Link, prefix);
    return tagOf(hash.triple(hash.address(prefix, 0), hash.address(addresses, target), key));
  }

  remove(slot: number): void {
    this.tags[slot] = 0;
    this.size--;
    this.changes.add(slot);
  }

  isTaken(slot: number): boolean {
    return this.tags[slot] !== 0;
  }

  has(slot: number, mark: number): boolean {
    return (this.state.of(slot) & mark) !== 0;
  }

  mark(slot: number, mark: number): void {
    this.state.set(slot, this.state.of(slot) | mark);
    this.changes.add(slot);
  }

  setTimes(slot: number, startUs: number, foundUs: number, triedUs: number): void {
    this.startUs[slot] = startUs;
    this.foundUs[slot] = foundUs;
    this.triedUs[slot] = triedUs;
    this.changes.add(slot);
  }

  /** The scanner tried the port once more. */
  tried(slot: number, ms: number, timeUs: number): void {
    this.triedMs.set(slot, ms);
    this.triedUs[slot] = timeUs;
    this.changes.add(slot);
  }

  /** Word index of the target's address in `words`; the scanner's is at `addressAt`. */
  targetAt(slot: number): number {
    return this.addressAt(slot) + TARGET;
  }

  /** The tags of visitors that were told; whoever writes them adds to `changes`. */
  visitors(slot: number): Int32Array {
    const at = slot * WORDS + VISITORS;
    return this.words.subarray(at, at + VISITORS_MAX);
  }

  /** Remembers a visitor of the scanner's network; false when it is known, or there is no place. */
  noteVisitor(slot: number, tag: number): boolean {
    const visitors = this.visitors(slot), free = visitors.indexOf(0);
    if (free < 0 || visitors.includes(tag)) return false;
    visitors[free] = tag;
    this.changes.add(slot);
    return true;
  }
}

/** The state of an entry with these marks, the `count`th port (from 0) of its scan. */
export function stateOf(marks: number, count: number): number {
  return marks | tierOf(count) << TIER_SHIFT;
}

/** For giving way: the first finds of a scan (a lower tier) are worth more, and among equals a proved scanner's. */
function rankOf(state: number): number {
  return (TIER_MAX - (state >>> TIER_SHIFT & TIER_MAX)) << 1 | state & FoundMark.Handshake;
}
