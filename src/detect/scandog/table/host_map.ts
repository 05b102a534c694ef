// Which hosts a scan probed. Knows addresses as words.
//
// The count comes from 65,536 bits addressed by the low half of the last word, turned by a hash of
// the rest: exact within one IPv4 /16 (or 65,536 consecutive IPv6 addresses), beyond that a linear
// count (Whang 1990) whose error is below one in a hundred up to 200,000 hosts. The first hosts are
// kept as they are, for the list.

import { formatAddress } from "../../../address.ts";

const BITS = 65536;
/** Hosts kept for the list. */
const KEPT_MAX = 32;

export class HostMap {
  private readonly bits = new Int32Array(BITS / 32);
  private readonly kept = new Int32Array(KEPT_MAX * 4);
  private keptCount = 0;
  private set = 0;
  /** Hash of the upper part while all hosts share one; then the count is exact. */
  private upper = 0;
  private mixed = false;

  /** Notes the address at words[at]; `upper` is a hash of all but its last 16 bits. */
  note(words: Int32Array, at: number, upper: number): boolean {
    if (this.set === 0) this.upper = upper;
    else if (upper !== this.upper) this.mixed = true;
    const bit = bitOf(words, at, upper);
    const mask = 1 << (bit & 31);
    if ((this.bits[bit >>> 5] & mask) !== 0) return false;
    this.bits[bit >>> 5] |= mask;
    this.set++;
    if (this.keptCount < KEPT_MAX) {
      for (let i = 0; i < 4; i++) this.kept[this.keptCount * 4 + i] = words[at + i];
      this.keptCount++;
    }
    return true;
  }

  /** True when the address was noted; may err for hosts of many networks. */
  has(words: Int32Array, at: number, upper: number): boolean {
    const bit = bitOf(words, at, upper);
    return (this.bits[bit >>> 5] >>> (bit & 31) & 1) !== 0;
  }

  get count(): number {
    if (!this.mixed || this.set < 256) return this.set;
    if (this.set >= BITS) return BITS * 12;
    return Math.round(-BITS * Math.log(1 - this.set / BITS));
  }

  clear(): void {
    if (this.set > 0) this.bits.fill(0);
    this.set = this.keptCount = 0;
    this.mixed = false;
  }

  /** The first hosts, in address order, separated by commas. Allocates. */
  list(): string {
    const bytes = new Uint8Array(this.kept.buffer);
    return Array.from({ length: this.keptCount }, (_, i) => bytes.subarray(i * 16, i * 16 + 16))
      .sort(compareBytes)
      .map((address) => formatAddress(address))
      .join(",");
  }
}

/** In a little-endian word the last 16 bits are the upper half, bytes swapped. */
function bitOf(words: Int32Array, at: number, upper: number): number {
  const last = words[at + 3];
  const low = (last >>> 24) | (last >>> 8 & 0xff00);
  return (low ^ upper) & (BITS - 1);
}

/** Order of two byte strings of one length. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}
