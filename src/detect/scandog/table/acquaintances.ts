// What each source used lately: how many things at each host, and each port at how many hosts. Small
// counters, kept whether or not a source ever fails. Knows hashes and counts.
//
// Most clients fail seldom, and nothing else is kept of them before they do; but what they used until
// then speaks for them. Two counters for each hash, of which the smaller is true or too high (a
// count-min sketch); every use of it errs on the side of silence. Two generations, as in `AddressSet`.
// All counters of a hash lie in one line of the cache, for each use of a service asks for three hashes.

import { bytesOf, wordsInLines } from "../../../cache_lines.ts";

/** Counters of each generation, and in all. */
const COUNTERS = 1 << 19;
const BOTH = 2 * COUNTERS;
/** Bytes of a line: the young counters, then the old ones. */
const LINE = 64;
const OLD = LINE / 2;
/** With one hash for so many counters the generations turn: then one answer of fifty is too high. */
const COUNTERS_PER_HASH = 16;
/** A generation turns at least this often. */
const LIFE_MS = 7_200_000;
const COUNT_MAX = 255;

export class Acquaintances {
  private readonly words = wordsInLines(BOTH / 4);
  private readonly counters = bytesOf(this.words);
  private added = 0;
  /** 0: nothing was added yet. */
  private turnedMs = 0;

  /** One more use. */
  add(hash: number, ms: number): void {
    const { counters } = this;
    const a = first(hash), b = second(hash);
    const count = this.count(hash);
    if (counters[a] === 0 || counters[b] === 0) {
      // No need to turn a megabyte of nothing.
      if (this.turnedMs === 0) this.turnedMs = ms;
      if (
        this.added * COUNTERS_PER_HASH > COUNTERS || ((ms - this.turnedMs) >>> 0) > LIFE_MS
      ) this.turn(ms);
      this.added++;
    }
    if (count === COUNT_MAX) return;
    // What is in the old generation goes on in the young one.
    if (counters[a] <= count) counters[a] = count + 1;
    if (counters[b] <= count) counters[b] = count + 1;
  }

  /** How often, at most 255; may err upwards. */
  count(hash: number): number {
    const { counters } = this;
    const a = first(hash), b = second(hash);
    const young = counters[a] < counters[b] ? counters[a] : counters[b];
    const old = counters[a + OLD] < counters[b + OLD] ? counters[a + OLD] : counters[b + OLD];
    return young > old ? young : old;
  }

  private turn(ms: number): void {
    this.turnedMs = ms;
    // What nothing was added to is as it should be, and is not touched: memory is taken when it is.
    if (this.added === 0) return;
    const { words } = this;
    for (let line = 0; line < words.length; line += LINE / 4) {
      for (let i = line; i < line + OLD / 4; i++) {
        words[i + OLD / 4] = words[i];
        words[i] = 0;
      }
    }
    this.added = 0;
  }
}

function first(hash: number): number {
  return lineOf(hash) | hash >>> 27;
}

function second(hash: number): number {
  return lineOf(hash) | hash >>> 22 & (OLD - 1);
}

function lineOf(hash: number): number {
  return hash << 6 & (BOTH - 1);
}
