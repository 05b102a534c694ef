// Who may be scanning: sources, and networks of sources, that failed more than once. Knows
// addresses and counts; nothing of packets or thresholds.
//
// Four ways to a set, keyed hash, eviction by least evidence and only then by age: whoever wants to
// push a scanner out must show as much evidence as it did.

const WAYS = 4;
const WORDS = 32;

/** Words of an actor. */
export const Actor = {
  Address: 0, // 4 words; host bits zero for a network
  IsNetwork: 4, // its `Width`; 0 for a single source
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
  Companions: 28, // lost data connections that went with a control connection
  Points: 29, // horizontal points of all failed attempts
  Generation: 30,
  Unasked: 31, // its answers that nobody asked for and that were refused
} as const;

export class Actors {
  static readonly ENTRY_COST = WORDS * 4 + 4;
  declare readonly words: Int32Array;
  declare readonly bytes: Uint8Array;
  declare readonly capacity: number;
  declare private readonly tags: Int32Array;
  declare private readonly setMask: number;
  /** Actors with evidence that were displaced. */
  evicted = 0;
  private epochs = 1;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.words = new Int32Array(capacity * WORDS);
    this.bytes = new Uint8Array(this.words.buffer);
    this.tags = new Int32Array(capacity);
    this.setMask = capacity / WAYS - 1;
  }

  /** The index of the actor with the address at addresses[at], or -1. */
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
        words[a + Actor.IsNetwork] === network
      ) return index;
    }
    return -1;
  }

  /** A new actor; -1 when everyone in its set is in a scan. */
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
    const generation = this.words[a + Actor.Generation] + 1;
    this.words.fill(0, a, a + WORDS);
    for (let i = 0; i < 4; i++) this.words[a + i] = addresses[at + i];
    this.words[a + Actor.IsNetwork] = network;
    this.words[a + Actor.LastMs] = ms;
    this.words[a + Actor.FirstMs] = ms;
    this.words[a + Actor.Generation] = generation;
    this.words[a + Actor.Epoch] = this.epochs;
    this.epochs = (this.epochs + 1) >>> 0;
    return best;
  }

  /** Weight of evidence; an hour of silence costs as much as one unprivileged port. */
  private worth(index: number, ms: number): number {
    if (this.tags[index] === 0) return -Infinity;
    const a = index * WORDS;
    if (this.words[a + Actor.Scan] !== 0) return Infinity;
    const idle = (ms - this.words[a + Actor.LastMs]) >>> 0;
    return this.words[a + Actor.Weight] + this.words[a + Actor.Points] - idle / 3_600_000;
  }

  get(index: number, word: number): number {
    return this.words[index * WORDS + word];
  }

  set(index: number, word: number, value: number): void {
    this.words[index * WORDS + word] = value;
  }

  add(index: number, word: number, value: number): void {
    this.words[index * WORDS + word] += value;
  }

  /** Takes away, not below zero. */
  take(index: number, word: number, value: number): void {
    const at = index * WORDS + word;
    this.words[at] = this.words[at] > value ? this.words[at] - value : 0;
  }

  /** Sets one of the 128 bits that begin at `word`; true when it was not set. */
  setBit(index: number, word: number, bit: number): boolean {
    const at = index * WORDS + word + (bit >>> 5 & 3);
    const mask = 1 << (bit & 31);
    if ((this.words[at] & mask) !== 0) return false;
    this.words[at] |= mask;
    return true;
  }

  /** How many of the 128 bits that begin at `word` are set. */
  bits(index: number, word: number): number {
    const at = index * WORDS + word;
    let sum = 0;
    for (let i = 0; i < 4; i++) sum += popcount(this.words[at + i]);
    return sum;
  }

  /** Notes where an attempt came from; how many before it in a row came from the same port. */
  noteSourcePort(index: number, port: number): number {
    const { words } = this;
    const a = index * WORDS;
    const isSame = port === words[a + Actor.LastSourcePort] && port !== 0;
    words[a + Actor.LastSourcePort] = port;
    return words[a + Actor.SameSourcePort] = isSame ? words[a + Actor.SameSourcePort] + 1 : 0;
  }

  /** Word index of the actor's address in `words`. */
  addressAt(index: number): number {
    return index * WORDS;
  }

  /** Forgets the evidence, not the actor: its scan was told, or what it had is too old. */
  reset(index: number, ms: number): void {
    const a = index * WORDS;
    for (const word of [Actor.Head, Actor.Failed, Actor.Used, Actor.Weight, Actor.Points]) {
      this.words[a + word] = 0;
    }
    for (let i = 0; i < 8; i++) this.words[a + Actor.PortBits + i] = 0;
    this.words[a + Actor.SameSourcePort] = 0;
    this.words[a + Actor.Group] = 0;
    this.words[a + Actor.FirstMs] = ms;
    this.words[a + Actor.Epoch] = this.epochs;
    this.epochs = (this.epochs + 1) >>> 0;
  }
}

/** Bits set in a word. */
export function popcount(x: number): number {
  x -= x >>> 1 & 0x55555555;
  x = (x & 0x33333333) + (x >>> 2 & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
