// Who may be scanning: sources, and networks of sources, that failed more than once. Knows
// addresses and counts; nothing of packets or thresholds.
//
// Four ways to a set, keyed hash, eviction by least evidence and only then by age: whoever wants to
// push a scanner out must show as much evidence as it did.

import { bytesOf, wordsInLines } from "../../../cache_lines.ts";

const WAYS = 4;
const WORDS = 32;

/** Words of a subject. */
const Word = {
  Address: 0, // 4 words; host bits zero for a network
  Width: 4, // its `Width`; 0 for a single source
  Head: 5, // slot + 1 of its last failed attempt
  Failed: 6,
  Used: 7,
  Weight: 8, // of all failed attempts
  FirstMs: 9, // of the failed attempts that count
  LastMs: 10,
  Scan: 11, // index + 1 of its scan
  Group: 12, // index + 1 of its decoy group; of a network: handle of its scan
  Epoch: 13, // pairs of another epoch are stale
  LastSourcePort: 14,
  SameSourcePort: 15, // failed attempts in a row that came from one port
  PortBits: 16, // 4 words: which hashed target keys failed
  HostBits: 20, // 4 words: which hashed hosts failed
  Proof: 24, // handshakes and resets that prove the address
  Answered: 25, // its attempts that got an answer
  Alone: 26, // attempts that no other source repeated
  Scans: 27, // scans told of it before
  LostData: 28, // lost data connections that went with a control connection
  Points: 29, // horizontal points of all failed attempts
  Generation: 30,
  Unasked: 31, // its answers that nobody asked for and that were refused
} as const;

export class Subjects {
  static readonly ENTRY_COST = WORDS * 4 + 4;
  declare readonly words: Int32Array<ArrayBuffer>;
  declare readonly bytes: Uint8Array;
  declare readonly capacity: number;
  declare private readonly tags: Int32Array;
  declare private readonly setMask: number;
  /** Subjects with evidence that were displaced. */
  evicted = 0;
  private epochs = 1;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.words = wordsInLines(capacity * WORDS);
    this.bytes = bytesOf(this.words);
    this.tags = new Int32Array(capacity);
    this.setMask = capacity / WAYS - 1;
  }

  /** The index of the subject with the address at addresses[at], or -1. */
  find(addresses: Int32Array, at: number, network: number, hash: number): number {
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * WAYS;
    for (let index = set; index < set + WAYS; index++) {
      if (this.tags[index] !== tag) continue;
      const { words } = this;
      const a = index * WORDS;
      if (
        words[a + 3] === addresses[at + 3] && words[a + 2] === addresses[at + 2] &&
        words[a + 1] === addresses[at + 1] && words[a] === addresses[at] &&
        words[a + Word.Width] === network
      ) return index;
    }
    return -1;
  }

  /** A new subject; -1 when everyone in its set is in a scan. */
  admit(addresses: Int32Array, at: number, network: number, hash: number, ms: number): number {
    const set = (hash & this.setMask) * WAYS;
    let best = -1, least = Infinity;
    for (let index = set; index < set + WAYS; index++) {
      const worth = this.worth(index, ms);
      if (worth < least) [best, least] = [index, worth];
    }
    if (least === Infinity) return -1;
    if (this.tags[best] !== 0) this.evicted++;
    this.tags[best] = hash === 0 ? 1 : hash;
    const a = best * WORDS;
    const generation = this.words[a + Word.Generation] + 1;
    this.words.fill(0, a, a + WORDS);
    for (let i = 0; i < 4; i++) this.words[a + i] = addresses[at + i];
    this.words[a + Word.Width] = network;
    this.words[a + Word.LastMs] = ms;
    this.words[a + Word.FirstMs] = ms;
    this.words[a + Word.Generation] = generation;
    this.words[a + Word.Epoch] = this.epochs;
    this.epochs = (this.epochs + 1) >>> 0;
    return best;
  }

  /** Weight of evidence; an hour of silence costs as much as one unprivileged port. */
  private worth(index: number, ms: number): number {
    if (this.tags[index] === 0) return -Infinity;
    const a = index * WORDS;
    if (this.words[a + Word.Scan] !== 0) return Infinity;
    const idle = (ms - this.words[a + Word.LastMs]) >>> 0;
    return this.words[a + Word.Weight] + this.words[a + Word.Points] - idle / 3_600_000;
  }

  // ---- Counters

  /** Its `Width` where it is a network; 0: a single source. */
  width(index: number): number {
    return this.words[index * WORDS + Word.Width];
  }

  /** Slot + 1 of its latest failed attempt; 0: none. */
  head(index: number): number {
    return this.words[index * WORDS + Word.Head];
  }

  setHead(index: number, value: number): void {
    this.words[index * WORDS + Word.Head] = value;
  }

  /** Attempts that failed and count. */
  failed(index: number): number {
    return this.words[index * WORDS + Word.Failed];
  }

  addFailed(index: number, value: number): void {
    this.words[index * WORDS + Word.Failed] += value;
  }

  takeFailed(index: number, value: number): void {
    this.take(index * WORDS + Word.Failed, value);
  }

  /** Attempts that were used. */
  used(index: number): number {
    return this.words[index * WORDS + Word.Used];
  }

  setUsed(index: number, value: number): void {
    this.words[index * WORDS + Word.Used] = value;
  }

  addUsed(index: number, value: number): void {
    this.words[index * WORDS + Word.Used] += value;
  }

  /** Weight of all that failed. */
  weight(index: number): number {
    return this.words[index * WORDS + Word.Weight];
  }

  setWeight(index: number, value: number): void {
    this.words[index * WORDS + Word.Weight] = value;
  }

  addWeight(index: number, value: number): void {
    this.words[index * WORDS + Word.Weight] += value;
  }

  takeWeight(index: number, value: number): void {
    this.take(index * WORDS + Word.Weight, value);
  }

  /** Horizontal points of all that failed. */
  points(index: number): number {
    return this.words[index * WORDS + Word.Points];
  }

  addPoints(index: number, value: number): void {
    this.words[index * WORDS + Word.Points] += value;
  }

  takePoints(index: number, value: number): void {
    this.take(index * WORDS + Word.Points, value);
  }

  /** Detector time of the first failure that counts. */
  firstMs(index: number): number {
    return this.words[index * WORDS + Word.FirstMs];
  }

  setFirstMs(index: number, value: number): void {
    this.words[index * WORDS + Word.FirstMs] = value;
  }

  /** Detector time of the latest. */
  lastMs(index: number): number {
    return this.words[index * WORDS + Word.LastMs];
  }

  setLastMs(index: number, value: number): void {
    this.words[index * WORDS + Word.LastMs] = value;
  }

  /** Index + 1 of its scan; 0: none. */
  scan(index: number): number {
    return this.words[index * WORDS + Word.Scan];
  }

  setScan(index: number, value: number): void {
    this.words[index * WORDS + Word.Scan] = value;
  }

  /** Index + 1 of its decoy group; of a network: handle of its scan. */
  group(index: number): number {
    return this.words[index * WORDS + Word.Group];
  }

  setGroup(index: number, value: number): void {
    this.words[index * WORDS + Word.Group] = value;
  }

  /** Pairs of another epoch are stale. */
  epoch(index: number): number {
    return this.words[index * WORDS + Word.Epoch];
  }

  /** Failed attempts in a row, after the first, that came from one port. */
  sameSourcePort(index: number): number {
    return this.words[index * WORDS + Word.SameSourcePort];
  }

  /** Bits of `Proof`. */
  proof(index: number): number {
    return this.words[index * WORDS + Word.Proof];
  }

  setProof(index: number, value: number): void {
    this.words[index * WORDS + Word.Proof] = value;
  }

  /** Its attempts that got an answer. */
  answered(index: number): number {
    return this.words[index * WORDS + Word.Answered];
  }

  addAnswered(index: number, value: number): void {
    this.words[index * WORDS + Word.Answered] += value;
  }

  /** Attempts that no other source repeated. */
  alone(index: number): number {
    return this.words[index * WORDS + Word.Alone];
  }

  addAlone(index: number, value: number): void {
    this.words[index * WORDS + Word.Alone] += value;
  }

  takeAlone(index: number, value: number): void {
    this.take(index * WORDS + Word.Alone, value);
  }

  /** Scans told of it. */
  scans(index: number): number {
    return this.words[index * WORDS + Word.Scans];
  }

  setScans(index: number, value: number): void {
    this.words[index * WORDS + Word.Scans] = value;
  }

  /** Lost data connections that went with a control connection. */
  lostData(index: number): number {
    return this.words[index * WORDS + Word.LostData];
  }

  addLostData(index: number, value: number): void {
    this.words[index * WORDS + Word.LostData] += value;
  }

  /** Counts who had this place. */
  generation(index: number): number {
    return this.words[index * WORDS + Word.Generation];
  }

  /** Its answers that nobody asked for and that were refused. */
  unasked(index: number): number {
    return this.words[index * WORDS + Word.Unasked];
  }

  addUnasked(index: number, value: number): void {
    this.words[index * WORDS + Word.Unasked] += value;
  }

  /** Takes away, not below zero. */
  private take(at: number, value: number): void {
    this.words[at] = this.words[at] > value ? this.words[at] - value : 0;
  }

  /** Notes that a target key failed, by a hash of seven bits. */
  notePort(index: number, bit: number): void {
    this.words[index * WORDS + Word.PortBits + (bit >>> 5 & 3)] |= 1 << (bit & 31);
  }

  /** Notes that a host failed, by a hash of seven bits. */
  noteHost(index: number, bit: number): void {
    this.words[index * WORDS + Word.HostBits + (bit >>> 5 & 3)] |= 1 << (bit & 31);
  }

  /** How many of the 128 bits of target keys are set. */
  portBits(index: number): number {
    return this.bits(index * WORDS + Word.PortBits);
  }

  /** How many of the 128 bits of hosts are set. */
  hostBits(index: number): number {
    return this.bits(index * WORDS + Word.HostBits);
  }

  private bits(at: number): number {
    let sum = 0;
    for (let i = 0; i < 4; i++) sum += popcount(this.words[at + i]);
    return sum;
  }

  /** Notes where an attempt came from; how many before it in a row came from the same port. */
  noteSourcePort(index: number, port: number): number {
    const { words } = this;
    const a = index * WORDS;
    const isSame = port === words[a + Word.LastSourcePort] && port !== 0;
    words[a + Word.LastSourcePort] = port;
    return words[a + Word.SameSourcePort] = isSame ? words[a + Word.SameSourcePort] + 1 : 0;
  }

  /**
   * An attempt from that port was used: `run` more failures must come before it counts as one of a raw socket, and
   * so many more for each further use, up to `most`.
   */
  noteUsedSourcePort(index: number, port: number, run: number, most: number): void {
    const { words } = this;
    const a = index * WORDS;
    const isSame = port === words[a + Word.LastSourcePort];
    const left = isSame ? Math.min(0, words[a + Word.SameSourcePort]) : 0;
    words[a + Word.LastSourcePort] = port;
    words[a + Word.SameSourcePort] = Math.max(left - run, -most);
  }

  /** Word index of the subject's address in `words`. */
  addressAt(index: number): number {
    return index * WORDS;
  }

  /** Forgets the evidence, not the subject: its scan was told, or what it had is too old. */
  reset(index: number, ms: number): void {
    const a = index * WORDS;
    for (const word of [Word.Head, Word.Failed, Word.Used, Word.Weight, Word.Points]) {
      this.words[a + word] = 0;
    }
    for (let i = 0; i < 8; i++) this.words[a + Word.PortBits + i] = 0;
    this.words[a + Word.SameSourcePort] = 0;
    this.words[a + Word.Group] = 0;
    this.words[a + Word.FirstMs] = ms;
    this.words[a + Word.Epoch] = this.epochs;
    this.epochs = (this.epochs + 1) >>> 0;
  }
}

/** Bits set in a word. */
export function popcount(x: number): number {
  x -= x >>> 1 & 0x55555555;
  x = (x & 0x33333333) + (x >>> 2 & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
