// Counts for one rule in one scan: how many probes fit, and what they had in common. Knows probes;
// nothing of what it means.

import type { Probe } from "./probe.ts";

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
  ttlMin = 255;
  ttlMax = 0;
  private source = 0;
  private sourcesVary = false;
  /** Of the latest. */
  sourcePort = 0;
  /** Steps between probes in which the source port stayed, and in which it was the next one. */
  samePort = 0;
  nextPort = 0;
  /** Silent targets that were asked once, and more than once. */
  once = 0;
  again = 0;
  /** Probes whose value was seen before. */
  private equal = 0;
  /** The values seen last, and behind them with which target: decoys send the same packet again. */
  private values: Int32Array | undefined = undefined;

  /** Counts a probe that fits; `value`: what should be constant, -1 where there is none. */
  count(probe: Probe, value: number): void {
    if (this.fits++ === 0) this.source = probe.source;
    else {
      if (this.source !== probe.source) this.sourcesVary = true;
      const step = probe.sourcePort - this.sourcePort;
      if (step === 0) this.samePort++;
      else if (step === 1) this.nextPort++;
    }
    if (probe.ttl < this.ttlMin) this.ttlMin = probe.ttl;
    if (probe.ttl > this.ttlMax) this.ttlMax = probe.ttl;
    this.sourcePort = probe.sourcePort;
    if (probe.isDropped) this.once++;
    else if (probe.isAskedAgain) this.again++;
    if (value >= 0) this.compare(value, probe);
  }

  private compare(value: number, probe: Probe): void {
    const values = this.values ??= new Int32Array(2 * VALUES);
    const place = (value ^ value >>> 8 ^ value >>> 16) & VALUES - 1;
    const target = probe.target ^ probe.port << 16;
    if (values[place] === (value | 0)) {
      if (values[place + VALUES] !== target) this.equal++;
    } else values[place] = value | 0;
    values[place + VALUES] = target;
  }

  /** Steps from one probe to the next. */
  get steps(): number {
    return this.fits - 1;
  }

  /** True once three targets had one value. */
  isConstant(): boolean {
    return this.equal >= 2 && this.equal * EQUAL_PART >= this.steps;
  }

  /**
   * Bits for a TTL drawn at random. One sender on one path has one. Routes that change move it by a few; drawn from
   * all values it would leave the range soon. Of several sources it proves nothing: each has its own path.
   */
  randomTtlBits(): number {
    const spread = this.ttlMax - this.ttlMin;
    if (this.sourcesVary || this.ttlMax > RANDOM_TTL_MAX || spread > RANDOM_TTL_SPREAD) return 0;
    if (this.fits >= 8 && spread >= 10) return 8;
    return this.fits >= 3 && spread >= 4 ? 5 : 0;
  }
}
