// Counts for one rule in one scan: how many probes fit, and what they had in common. Knows probes;
// nothing of what it means.

import type { Probe } from "./probe.ts";
import type { Constant, Habits } from "./rules.ts";

/** Several runs at once (one on each of several hosts) have a value each. */
const VALUES = 16;

/** One in so many steps at least must keep its value: of several runs and their decoys not all do. */
const EQUAL_PART = 8;

/** TTLs that nmap draws from, as they arrive after any number of hops. */
const RANDOM_TTL_MAX = 59;
const RANDOM_TTL_SPREAD = 22;

export class Tally {
  /** Bytes, and how many more where the rule has a constant. */
  static readonly COST = 112;
  static readonly VALUES_COST = 2 * VALUES * 4 + 64;
  fits = 0;
  private ttlMin = 0;
  private ttlMax = 0;
  private source = 0;
  private sourcesVary = false;
  private sourcePort = 0;
  /** Steps between probes in which the source port stayed, and in which it was the next one. */
  private samePort = 0;
  private nextPort = 0;
  /** Silent targets that were asked once, and more than once. */
  private once = 0;
  private again = 0;
  /** Probes whose value was seen before. */
  private equal = 0;
  /** The values seen last, and behind them with which target: decoys send the same packet again. */
  private values: Int32Array | undefined = undefined;

  /** Counts a probe that fits. */
  count(probe: Probe, constant: Constant | undefined): void {
    if (this.fits++ === 0) {
      this.ttlMin = this.ttlMax = probe.ttl;
      this.source = probe.source;
    } else {
      if (probe.ttl < this.ttlMin) this.ttlMin = probe.ttl;
      if (probe.ttl > this.ttlMax) this.ttlMax = probe.ttl;
      if (this.source !== probe.source) this.sourcesVary = true;
      const step = probe.sourcePort - this.sourcePort;
      if (step === 0) this.samePort++;
      else if (step === 1) this.nextPort++;
    }
    this.sourcePort = probe.sourcePort;
    if (probe.isDropped) this.once++;
    else if (probe.isAskedAgain) this.again++;
    if (constant !== undefined) this.compare(constant.of(probe), probe);
  }

  private compare(value: number, probe: Probe): void {
    if (value < 0) return;
    const values = this.values ??= new Int32Array(2 * VALUES);
    const place = (value ^ value >>> 8 ^ value >>> 16) & VALUES - 1;
    const target = probe.target ^ probe.port << 16;
    if (values[place] === (value | 0)) {
      if (values[place + VALUES] !== target) this.equal++;
    } else values[place] = value | 0;
    values[place + VALUES] = target;
  }

  /** True once three targets had one value. */
  isConstant(): boolean {
    return this.equal >= 2 && this.equal * EQUAL_PART >= this.fits - 1;
  }

  /** Bits for what the probes have in common, of what the tool is known for. */
  habitBits(habits: Habits, matched: string[]): number {
    const steps = this.fits - 1;
    let bits = 0;
    const add = (words: string, worth: number) => {
      matched.push(words);
      bits += worth;
    };
    if (habits.randomTtl === true) {
      const worth = this.randomTtlBits();
      if (worth > 0) add(`TTL ${this.ttlMin}-${this.ttlMax}`, worth);
    }
    if (habits.oneSourcePort === true && steps >= 2 && this.samePort >= steps * 0.9) {
      if (this.sourcePort !== 0) add("one source port", 2);
    }
    if (habits.nextSourcePort === true && steps >= 2 && this.nextPort >= steps * 0.8) {
      add("source port + 1 each", 4);
    }
    if (habits.asksOnce === true && this.once >= 3 && this.again === 0) {
      add("never asked again", 3);
    }
    return bits;
  }

  /**
   * One sender on one path has one TTL. Routes that change move it by a few; drawn from all values it
   * would leave the range soon. Of several sources it proves nothing: each has its own path.
   */
  private randomTtlBits(): number {
    if (this.sourcesVary) return 0;
    const spread = this.ttlMax - this.ttlMin;
    if (this.ttlMax > RANDOM_TTL_MAX || spread > RANDOM_TTL_SPREAD) return 0;
    if (this.fits >= 8 && spread >= 10) return 8;
    return this.fits >= 3 && spread >= 4 ? 5 : 0;
  }
}
