// Who may be scanning: sources, and networks of sources, that failed more than once. Knows
// addresses and counts; nothing of packets or thresholds.
//
// Eviction by least evidence and only then by age: whoever wants to push a scanner out must show as much
// evidence as it did.

import { sameWords } from "./attempt_entries.ts";
import { tagOf, WAYS, WordTable } from "./word_table.ts";

const WORDS = 32;
/** Four words each: which hashed target keys failed, and which hashed hosts. The first four are the address. */
const PORT_BITS = 16, HOST_BITS = 20;

export class Subjects extends WordTable {
  static readonly ENTRY_COST = WORDS * 4 + 4;
  /** Its `Width` where it is a network, whose host bits are zero; 0: a single source. */
  readonly width = this.column(4);
  /** Slot + 1 of its latest failed attempt; 0: none. */
  readonly head = this.column(5);
  /** Attempts that failed and count, and those that were used. */
  readonly failed = this.column(6);
  readonly used = this.column(7);
  /** Weight of all that failed, and its points towards a sweep. */
  readonly weight = this.column(8);
  readonly points = this.column(29);
  /** Detector time of the first failure that counts, and of the latest. */
  readonly firstMs = this.column(9);
  readonly lastMs = this.column(10);
  /** Handle of its scan; 0: none. */
  readonly scan = this.column(11);
  /** Number of its decoy group; of a network: handle of its scan. */
  readonly group = this.column(12);
  /** Pairs of another epoch are stale. */
  readonly epoch = this.column(13);
  /** Failed attempts in a row, after the first, that came from one port. */
  readonly sameSourcePort = this.column(15);
  /** Bits of `Proof`. */
  readonly proof = this.column(24);
  /** Its attempts that got an answer, and those that no other source repeated. */
  readonly answered = this.column(25);
  readonly alone = this.column(26);
  /** Scans told of it. */
  readonly scans = this.column(27);
  /** Lost data connections that went with a control connection. */
  readonly lostData = this.column(28);
  /** Counts who had this place. */
  readonly generation = this.column(30);
  /** Its answers that nobody asked for and that were refused. */
  readonly unasked = this.column(31);
  /** Subjects with evidence that were displaced. */
  evicted = 0;
  private epochs = 1;
  private readonly lastSourcePort = this.column(14);

  constructor(capacity: number) {
    super(capacity, WORDS);
  }

  /** The index of the subject with the address at addresses[at], or -1. */
  find(addresses: Int32Array, at: number, network: number, hash: number): number {
    const tag = tagOf(hash), set = this.setOf(hash);
    for (let index = set; index < set + WAYS; index++) {
      if (this.tags[index] !== tag) continue;
      const isSame = sameWords(this.words, this.addressAt(index), addresses, at);
      if (isSame && this.width.of(index) === network) return index;
    }
    return -1;
  }

  /** A new subject; -1 when everyone in its set is in a scan. */
  admit(addresses: Int32Array, at: number, network: number, hash: number, ms: number): number {
    const index = this.leastWorth(hash, ms);
    if (this.worth(index, ms) === Infinity) return -1;
    if (this.tags[index] !== 0) this.evicted++;
    this.tags[index] = tagOf(hash);
    const a = this.addressAt(index);
    const generation = this.generation.of(index) + 1;
    this.words.fill(0, a, a + WORDS);
    for (let i = 0; i < 4; i++) this.words[a + i] = addresses[at + i];
    this.width.set(index, network);
    this.lastMs.set(index, ms);
    this.firstMs.set(index, ms);
    this.generation.set(index, generation);
    this.beginEpoch(index);
    return index;
  }

  private beginEpoch(index: number): void {
    this.epoch.set(index, this.epochs);
    this.epochs = (this.epochs + 1) >>> 0;
  }

  /** Weight of evidence; an hour of silence costs as much as one unprivileged port. */
  worth(index: number, ms: number): number {
    if (this.tags[index] === 0) return -Infinity;
    if (this.scan.of(index) !== 0) return Infinity;
    const idle = (ms - this.lastMs.of(index)) >>> 0;
    return this.weight.of(index) + this.points.of(index) - idle / 3_600_000;
  }

  /** Notes that a target key failed, by a hash of seven bits. */
  notePort(index: number, bit: number): void {
    this.words[index * WORDS + PORT_BITS + (bit >>> 5 & 3)] |= 1 << (bit & 31);
  }

  /** Notes that a host failed, by a hash of seven bits. */
  noteHost(index: number, bit: number): void {
    this.words[index * WORDS + HOST_BITS + (bit >>> 5 & 3)] |= 1 << (bit & 31);
  }

  /** How many of the 128 bits of target keys are set. */
  portBits(index: number): number {
    return this.bits(index * WORDS + PORT_BITS);
  }

  /** How many of the 128 bits of hosts are set. */
  hostBits(index: number): number {
    return this.bits(index * WORDS + HOST_BITS);
  }

  private bits(at: number): number {
    let sum = 0;
    for (let i = 0; i < 4; i++) sum += popcount(this.words[at + i]);
    return sum;
  }

  /** Notes where an attempt came from; how many before it in a row came from the same port. */
  noteSourcePort(index: number, port: number): number {
    const isSame = port === this.lastSourcePort.of(index) && port !== 0;
    this.lastSourcePort.set(index, port);
    const inRow = isSame ? this.sameSourcePort.of(index) + 1 : 0;
    this.sameSourcePort.set(index, inRow);
    return inRow;
  }

  /**
   * An attempt from that port was used: `run` more failures must come before it counts as one of a raw socket, and
   * so many more for each further use, up to `most`.
   */
  noteUsedSourcePort(index: number, port: number, run: number, most: number): void {
    const isSame = port === this.lastSourcePort.of(index);
    const left = isSame ? Math.min(0, this.sameSourcePort.of(index)) : 0;
    this.lastSourcePort.set(index, port);
    this.sameSourcePort.set(index, Math.max(left - run, -most));
  }

  /** Forgets the evidence, not the subject: its scan was told, or what it had is too old. */
  reset(index: number, ms: number): void {
    const { head, failed, used, weight, points, sameSourcePort, group } = this;
    for (const column of [head, failed, used, weight, points, sameSourcePort, group]) {
      column.set(index, 0);
    }
    const bits = index * WORDS + PORT_BITS;
    this.words.fill(0, bits, bits + 8);
    this.firstMs.set(index, ms);
    this.beginEpoch(index);
  }
}

/** Bits set in a word. */
export function popcount(x: number): number {
  x -= x >>> 1 & 0x55555555;
  x = (x & 0x33333333) + (x >>> 2 & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
