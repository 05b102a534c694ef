// Lets a detector see only the packets that concern it: not those from ignored sources and, when
// the monitored addresses are known, only those to them. For detectors that have no such rules of
// their own. Knows records and prefixes; nothing of scans.

import type { Prefix } from "../address.ts";
import type { Detector, DetectorOptions } from "../detector.ts";
import { Field, RECORD_BYTES, type Records } from "../record.ts";

/** Which packets pass. */
export interface PrefixFilterRules {
  /** Sources whose packets never pass. */
  ignore: readonly Prefix[];
  /** Destinations whose packets pass; all when empty. */
  home: readonly Prefix[];
}

/** Prefixes, laid out so that a look-up allocates nothing. Linear in their number. */
class PrefixList {
  declare private readonly addresses: Uint8Array;
  declare private readonly bits: Uint8Array;

  constructor(prefixes: readonly Prefix[]) {
    this.addresses = new Uint8Array(prefixes.length * 16);
    this.bits = new Uint8Array(prefixes.length);
    prefixes.forEach(({ address, bits }, i) => {
      this.addresses.set(address, i * 16);
      this.bits[i] = bits;
    });
  }

  get size(): number {
    return this.bits.length;
  }

  /** True when the 16 bytes at `at` are inside one of the prefixes. */
  has(bytes: Uint8Array, at: number): boolean {
    for (let i = 0; i < this.bits.length; i++) if (this.matches(i, bytes, at)) return true;
    return false;
  }

  private matches(index: number, bytes: Uint8Array, at: number): boolean {
    const bits = this.bits[index];
    const first = index * 16;
    const whole = bits >> 3;
    for (let i = 0; i < whole; i++) if (this.addresses[first + i] !== bytes[at + i]) return false;
    const mask = (0xff00 >> (bits & 7)) & 0xff;
    return mask === 0 || ((this.addresses[first + whole] ^ bytes[at + whole]) & mask) === 0;
  }
}

/** A detector that passes on what the rules allow, in runs as long as they come. */
export class PrefixFilter implements Detector {
  declare private ignore: PrefixList;
  declare private home: PrefixList;
  declare private readonly records: Records;
  declare private readonly inner: Detector;

  constructor(
    records: Records,
    rules: PrefixFilterRules,
    inner: Detector,
  ) {
    this.records = records;
    this.inner = inner;

    this.ignore = new PrefixList(rules.ignore);
    this.home = new PrefixList(rules.home);
  }

  process(base: number, count: number): void {
    const end = base + count * RECORD_BYTES;
    let first = base;
    for (let at = base; at < end; at += RECORD_BYTES) {
      if (this.passes(at)) continue;
      if (at > first) this.inner.process(first, (at - first) / RECORD_BYTES);
      first = at + RECORD_BYTES;
    }
    if (end > first) this.inner.process(first, (end - first) / RECORD_BYTES);
  }

  /** Its own rules are not the inner one's. */
  reconfigure({ values, home, ignore }: DetectorOptions): boolean {
    const taken = this.inner.reconfigure?.({ values, home: [], ignore: [] }) ?? false;
    if (!taken) return false;
    this.ignore = new PrefixList(ignore);
    this.home = new PrefixList(home);
    return true;
  }

  advance(timeUs: number): void {
    this.inner.advance?.(timeUs);
  }

  dueUs(): number {
    return this.inner.dueUs?.() ?? Infinity;
  }

  finish(): void {
    this.inner.finish();
  }

  private passes(at: number): boolean {
    const { bytes } = this.records;
    if (this.ignore.has(bytes, at + Field.Source)) return false;
    return this.home.size === 0 || this.home.has(bytes, at + Field.Destination);
  }
}
