// What is kept of each attempt, word by word: columns, and accessors where a word holds several things. Knows
// nothing of how entries are found: see `AttemptTable`.

import { doublesOf } from "../../../cache_lines.ts";
import { Proof } from "../probe/proof.ts";
import { ArpMark, Mark, OUTCOME_MASK, STAGE_MASK } from "./attempt_state.ts";
import { Entries } from "./entries.ts";
import type { Hash } from "../../../keyed_hash.ts";

/**
 * Places of words that `AttemptTable` itself writes, or that hold several things. The first sixteen words are a line of
 * the cache: what most packets of a known attempt are asked for.
 */
export const Word = {
  Source: 0, // 4 words
  Target: 4, // 4 words
  Key: 8,
  State: 9, // stage, outcome, marks
  FirstUs: 12, // a double: time of the first packet, microseconds since 1970
  RepeatMs: 14, // of the latest probe, after the first
  Packets: 17, // from the source, at most 65535; capture interface in the upper half
  CreatedMs: 20,
  Charged: 25,
  Notes: 28, // marks of ARP; above them the excuse
} as const;
/** How many. */
export const ENTRY_WORDS = 32;

/** Bits of `Charged`: weight, points, and to which pairs they were charged. */
const POINTS_SHIFT = 8;
const BYTE = 0xff;
/** Above the marks of ARP. */
const EXCUSE_SHIFT = 16;

/** What an attempt was charged with, as one number: see `AttemptTable.charged`. */
export function chargeOf(weight: number, points: number, pairs: number): number {
  return weight | points << POINTS_SHIFT | pairs;
}

/** The weight in a charge. */
export function weightIn(charge: number): number {
  return charge & BYTE;
}

/** The points in a charge. */
export function pointsIn(charge: number): number {
  return charge >>> POINTS_SHIFT & BYTE;
}

/** A charge without its points. */
export function withoutPoints(charge: number): number {
  return charge & ~(BYTE << POINTS_SHIFT);
}

export class AttemptEntries extends Entries {
  /** See `targetKey`. */
  readonly key = this.column(Word.Key);
  /** The source's port, of the latest connection. */
  readonly sourcePort = this.column(10);
  /** Sequence number of the latest probe. */
  readonly sequence = this.column(11);
  /** Milliseconds from the first to the latest packet of the source. */
  readonly repeatMs = this.column(Word.RepeatMs);
  /** Handle of the scan it was counted in; 0: none. */
  readonly scan = this.column(15);
  /** Sequence number of the target's SYN-ACK; 0: none. */
  readonly peerSequence = this.column(16);
  /** Payload from the target. */
  readonly replyBytes = this.column(18);
  /** Bits of techniques. */
  readonly techniques = this.column(19);
  /** Detector time of the first packet. */
  readonly createdMs = this.column(Word.CreatedMs);
  /** Slot + 1 of the attempt of this source that failed before; 0 ends. */
  readonly link = this.column(21);
  /** Acknowledgement number of the first probe; of what has none, what tells a packet from its copy. */
  readonly acknowledgement = this.column(22);
  /** Hash of what the sender's stack looks like. */
  readonly signature = this.column(23);
  /** TTL | traffic class << 8 | TCP flags << 16 | IP version << 24. */
  readonly look = this.column(24);
  /** What it was charged with: see `chargeOf`. */
  readonly charged = this.column(Word.Charged);
  /** Window << 16 | IP ID. */
  readonly wire = this.column(26);
  /** DF bit, option list, MSS or size: see `formOf` in observe/probe_form.ts. */
  readonly form = this.column(27);
  /** Slot + 1 of the attempt of this source that was begun before; 0 ends. */
  readonly earlier = this.column(29);
  /** Hash of the link-layer address that sent the first packet; 0: not known. */
  readonly linkSource = this.column(30);
  declare protected readonly doubles: Float64Array;
  declare protected readonly hash: Hash;
  declare readonly slots: number;

  /** Slots are the numbers below `slots`. */
  constructor(slots: number, hash: Hash) {
    super(slots, ENTRY_WORDS);
    this.slots = slots;
    this.doubles = doublesOf(this.words);
    this.hash = hash;
  }

  // ---- Who and where

  /** Word index of the source's address in `words`; four times that is its byte index in `bytes`. */
  sourceAt(slot: number): number {
    return slot * ENTRY_WORDS + Word.Source;
  }

  /** Word index of the target's address. */
  targetAt(slot: number): number {
    return slot * ENTRY_WORDS + Word.Target;
  }

  sourceHash(slot: number): number {
    return this.hash.address(this.words, this.sourceAt(slot));
  }

  targetHash(slot: number): number {
    return this.hash.address(this.words, this.targetAt(slot));
  }

  /** The last word of the source's address: IPv4 whole. */
  sourceEnd(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.Source + 3];
  }

  targetEnd(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.Target + 3];
  }

  /** Hash of its source and its target's host. */
  hostsHash(slot: number): number {
    return this.hash.pair(this.sourceHash(slot), this.targetHash(slot));
  }

  sameTarget(slot: number, other: number): boolean {
    return this.isTarget(slot, this.words, this.targetAt(other));
  }

  sameSource(slot: number, other: number): boolean {
    return this.isSource(slot, this.words, this.sourceAt(other));
  }

  /** True when the source is the address at addresses[at]. */
  isSource(slot: number, addresses: Int32Array, at: number): boolean {
    return sameWords(this.words, this.sourceAt(slot), addresses, at);
  }

  /** True when the target is the address at addresses[at]. */
  isTarget(slot: number, addresses: Int32Array, at: number): boolean {
    return sameWords(this.words, this.targetAt(slot), addresses, at);
  }

  // ---- State

  state(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.State];
  }

  stage(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.State] & STAGE_MASK;
  }

  outcome(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.State] & OUTCOME_MASK;
  }

  has(slot: number, marks: number): boolean {
    return (this.words[slot * ENTRY_WORDS + Word.State] & marks) !== 0;
  }

  mark(slot: number, marks: number): void {
    this.words[slot * ENTRY_WORDS + Word.State] |= marks;
  }

  unmark(slot: number, marks: number): void {
    this.words[slot * ENTRY_WORDS + Word.State] &= ~marks;
  }

  /** Sets stage and marks of a new attempt. */
  setState(slot: number, state: number): void {
    this.words[slot * ENTRY_WORDS + Word.State] = state;
  }

  setStage(slot: number, stage: number): void {
    const at = slot * ENTRY_WORDS + Word.State;
    this.words[at] = this.words[at] & ~STAGE_MASK | stage;
  }

  setOutcome(slot: number, outcome: number): void {
    const at = slot * ENTRY_WORDS + Word.State;
    this.words[at] = this.words[at] & ~OUTCOME_MASK | outcome;
  }

  hasArp(slot: number, marks: number): boolean {
    return (this.words[slot * ENTRY_WORDS + Word.Notes] & marks) !== 0;
  }

  markArp(slot: number, marks: number): void {
    this.words[slot * ENTRY_WORDS + Word.Notes] |= marks;
  }

  /**
   * True for a request of one who goes through a network by ARP. A kernel asks three times, and at either end
   * of a capture only one may be seen; but that is not answered, and not repeated at a tool's pace.
   */
  isArpInOrder(slot: number): boolean {
    return this.hasArp(slot, ArpMark.InOrder) &&
      (!this.hasArp(slot, ArpMark.AtEdge) || this.hasArp(slot, ArpMark.ToolsPace) ||
        this.has(slot, Mark.Replied));
  }

  /** Bits of `Proof`: what the attempt proved of its source, also before that had a place to keep it. */
  proof(slot: number): number {
    const reset = this.has(slot, Mark.OddReset) ? Proof.OddReset : Proof.Reset;
    return (this.has(slot, Mark.Handshake) ? Proof.Handshake : 0) |
      (this.has(slot, Mark.Reset) ? reset : 0);
  }

  /** The `Decision` by which it was found harmless; 0: none. */
  excuse(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.Notes] >>> EXCUSE_SHIFT;
  }

  setExcuse(slot: number, decision: number): void {
    const at = slot * ENTRY_WORDS + Word.Notes;
    this.words[at] = this.words[at] & ((1 << EXCUSE_SHIFT) - 1) | decision << EXCUSE_SHIFT;
  }

  // ---- Packets and times

  /** Time of the first packet. Microseconds since 1970. */
  firstUs(slot: number): number {
    return this.doubles[(slot * ENTRY_WORDS + Word.FirstUs) >> 1];
  }

  /** Packets from the source, at most 65535. */
  packets(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.Packets] & 0xffff;
  }

  /** Index of the capture interface of the first packet. */
  interface(slot: number): number {
    return this.words[slot * ENTRY_WORDS + Word.Packets] >>> 16;
  }

  /** `packets` from the source so far, on this capture interface. */
  setPackets(slot: number, packets: number, interfaceIndex: number): void {
    this.words[slot * ENTRY_WORDS + Word.Packets] = interfaceIndex << 16 | packets;
  }

  /** Counts one more packet from the source, at `timeUs`. */
  repeat(slot: number, timeUs: number): void {
    const { words } = this;
    const at = slot * ENTRY_WORDS;
    if ((words[at + Word.Packets] & 0xffff) < 0xffff) words[at + Word.Packets]++;
    const ms = (timeUs - this.firstUs(slot)) / 1000;
    if (ms > words[at + Word.RepeatMs]) {
      words[at + Word.RepeatMs] = ms > 0x7fffffff ? 0x7fffffff : ms;
    }
  }

  /** Time of the source's latest packet that was counted. Microseconds since 1970. */
  latestUs(slot: number): number {
    return this.firstUs(slot) + this.words[slot * ENTRY_WORDS + Word.RepeatMs] * 1000;
  }
}

/** True when four words are the same: an address in either memory. */
export function sameWords(a: Int32Array, at: number, b: Int32Array, bt: number): boolean {
  return a[at + 3] === b[bt + 3] && a[at + 2] === b[bt + 2] && a[at + 1] === b[bt + 1] &&
    a[at] === b[bt];
}
