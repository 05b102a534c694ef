// Flows known to be used, as a small cache of their hashes, and which of their segments need no further look: most of
// ordinary traffic. Knows hashes and TCP flags.
//
// Four places for a hash, of which the one written longest ago gives way: with one place, of 20,000 flows in
// 65,536 places every fourth would share it with another, and be looked at again with each of its segments.

import { wordsInLines } from "./cache_lines.ts";
import { TcpFlag } from "./record.ts";

/** Most of a busy server's connections at once. */
export const USED_FLOWS = 1 << 16;

const WAYS = 4;

const { Fin: FIN, Syn: SYN, Rst: RST, Ack: ACK } = TcpFlag;
/** The flags that say what a segment does with its connection. */
export const CONTROL = FIN | SYN | RST | ACK;
/**
 * The segments that tell nothing new of a flow that is used, a bit for each value of their control flags: data and
 * what acknowledges it, every regular end, and an answer, which a SYN would have come before. That SYN needs a look, and
 * so does what no TCP sends.
 */
export const KNOWN_SEGMENTS = 1 << ACK | 1 << (FIN | ACK) | 1 << RST | 1 << (RST | ACK) |
  1 << (FIN | RST | ACK) | 1 << (SYN | ACK);
/** The segments by which a flow may be begun anew, whatever else they say: SYN without ACK. */
export const OPENING_SEGMENTS = 1 << SYN | 1 << (FIN | SYN) | 1 << (SYN | RST) |
  1 << (FIN | SYN | RST);

/** True for the TCP flags of a segment that tells nothing new of a flow that is used. */
export function isKnownSegment(flags: number): boolean {
  return (KNOWN_SEGMENTS >>> (flags & CONTROL) & 1) !== 0;
}

export class UsedFlows {
  declare private readonly hashes: Int32Array;
  /** Of the first of the places of a hash. */
  declare private readonly mask: number;
  /** None was ever added. */
  isEmpty = true;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.hashes = wordsInLines(capacity);
    this.mask = capacity - WAYS;
  }

  /** 0 is never known. */
  has(hash: number): boolean {
    const { hashes } = this;
    const at = hash & this.mask;
    // Which of the places it is, is chance for a processor that guesses: no branch.
    const a = hashes[at] ^ hash, b = hashes[at + 1] ^ hash;
    const c = hashes[at + 2] ^ hash, d = hashes[at + 3] ^ hash;
    return hash !== 0 && ((a | 0 - a) & (b | 0 - b) & (c | 0 - c) & (d | 0 - d)) >= 0;
  }

  /** Reads the places of a hash, so that they come from memory. What it gives means nothing. */
  touch(hash: number): number {
    return this.hashes[hash & this.mask];
  }

  /** Adds a flow; false for one that is there already, which keeps its place. */
  add(hash: number): boolean {
    if (this.has(hash)) return false;
    const { hashes } = this;
    const at = hash & this.mask;
    hashes[at + 3] = hashes[at + 2];
    hashes[at + 2] = hashes[at + 1];
    hashes[at + 1] = hashes[at];
    hashes[at] = hash;
    this.isEmpty = false;
    return true;
  }

  /** Forgets all flows. */
  clear(): void {
    this.hashes.fill(0);
    this.isEmpty = true;
  }

  /** Forgets a flow; false for one that is not there. */
  forget(hash: number): boolean {
    if (!this.has(hash)) return false;
    const { hashes } = this;
    const at = hash & this.mask;
    for (let i = at; i < at + WAYS; i++) if (hashes[i] === hash) hashes[i] = 0;
    return true;
  }
}
