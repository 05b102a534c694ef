// Counts for one rule in one scan: how many probes fit, and what they had in common. Knows probes;
// nothing of what it means. Fixed memory: a row of words in an array of all.

import type { Probe } from "./probe.ts";
import type { Constant, Habits } from "./rules.ts";

/** Words of a tally. */
const Word = {
  Fits: 0,
  TtlMin: 1,
  TtlMax: 2,
  Source: 3,
  SourcesVary: 4,
  SourcePort: 5,
  /** Steps between probes in which the source port stayed, and in which it was the next one. */
  SamePort: 6,
  NextPort: 7,
  /** Silent targets that were asked once, and more than once. */
  Once: 8,
  Again: 9,
  /** Probes whose value was seen before. */
  Equal: 10,
  /** The values seen last, and with which target: decoys send the same packet again. */
  Values: 11,
} as const;
/** Several runs at once (one on each of several hosts) have a value each. */
const VALUES = 16;
export const TALLY_WORDS = Word.Values + 2 * VALUES;

/** One in so many steps at least must keep its value: of several runs and their decoys not all do. */
const EQUAL_PART = 8;

/** TTLs that nmap draws from, as they arrive after any number of hops. */
const RANDOM_TTL_MAX = 59;
const RANDOM_TTL_SPREAD = 22;

export class Tallies {
  declare private readonly words: Int32Array;

  constructor(count: number) {
    this.words = new Int32Array(count * TALLY_WORDS);
  }

  clear(from: number, count: number): void {
    this.words.fill(0, from * TALLY_WORDS, (from + count) * TALLY_WORDS);
  }

  fits(index: number): number {
    return this.words[index * TALLY_WORDS + Word.Fits];
  }

  /** Counts a probe that fits. */
  count(index: number, probe: Probe, constant: Constant | undefined): void {
    const { words } = this;
    const at = index * TALLY_WORDS;
    if (words[at + Word.Fits]++ === 0) {
      words[at + Word.TtlMin] = words[at + Word.TtlMax] = probe.ttl;
      words[at + Word.Source] = probe.source;
    } else {
      if (probe.ttl < words[at + Word.TtlMin]) words[at + Word.TtlMin] = probe.ttl;
      if (probe.ttl > words[at + Word.TtlMax]) words[at + Word.TtlMax] = probe.ttl;
      if (words[at + Word.Source] !== probe.source) words[at + Word.SourcesVary] = 1;
      const step = probe.sourcePort - words[at + Word.SourcePort];
      if (step === 0) words[at + Word.SamePort]++;
      else if (step === 1) words[at + Word.NextPort]++;
    }
    words[at + Word.SourcePort] = probe.sourcePort;
    if (probe.isDropped) words[at + Word.Once]++;
    else if (probe.isAskedAgain) words[at + Word.Again]++;
    if (constant !== undefined) this.compare(at, constant.of(probe), probe);
  }

  private compare(at: number, value: number, probe: Probe): void {
    const { words } = this;
    if (value < 0) return;
    const place = at + Word.Values + ((value ^ value >>> 8 ^ value >>> 16) & VALUES - 1);
    const target = probe.target ^ probe.port << 16;
    if (words[place] === (value | 0)) {
      if (words[place + VALUES] !== target) words[at + Word.Equal]++;
    } else words[place] = value | 0;
    words[place + VALUES] = target;
  }

  /** True once three targets had one value. */
  isConstant(index: number): boolean {
    const { words } = this;
    const at = index * TALLY_WORDS;
    const equal = words[at + Word.Equal];
    return equal >= 2 && equal * EQUAL_PART >= words[at + Word.Fits] - 1;
  }

  /** Bits for what the probes have in common, of what the tool is known for. */
  habitBits(index: number, habits: Habits, matched: string[]): number {
    const { words } = this;
    const at = index * TALLY_WORDS;
    const steps = words[at + Word.Fits] - 1;
    let bits = 0;
    const add = (words: string, worth: number) => {
      matched.push(words);
      bits += worth;
    };
    if (habits.randomTtl === true) {
      const worth = this.randomTtlBits(at);
      if (worth > 0) add(`TTL ${words[at + Word.TtlMin]}-${words[at + Word.TtlMax]}`, worth);
    }
    if (habits.oneSourcePort === true && steps >= 2 && words[at + Word.SamePort] >= steps * 0.9) {
      if (words[at + Word.SourcePort] !== 0) add("one source port", 2);
    }
    if (habits.nextSourcePort === true && steps >= 2 && words[at + Word.NextPort] >= steps * 0.8) {
      add("source port + 1 each", 4);
    }
    const once = words[at + Word.Once];
    if (habits.asksOnce === true && once >= 3 && words[at + Word.Again] === 0) {
      add("never asked again", 3);
    }
    return bits;
  }

  /**
   * One sender on one path has one TTL. Routes that change move it by a few; drawn from all values it
   * would leave the range soon. Of several sources it proves nothing: each has its own path.
   */
  private randomTtlBits(at: number): number {
    const { words } = this;
    if (words[at + Word.SourcesVary] !== 0) return 0;
    const spread = words[at + Word.TtlMax] - words[at + Word.TtlMin];
    if (words[at + Word.TtlMax] > RANDOM_TTL_MAX || spread > RANDOM_TTL_SPREAD) return 0;
    if (words[at + Word.Fits] >= 8 && spread >= 10) return 8;
    return words[at + Word.Fits] >= 3 && spread >= 4 ? 5 : 0;
  }
}
