// The table of conversations: one entry for each (initiator, responder, target key), from the first
// packet on, whatever number of connections follow. It is what makes an attempt "distinct", and what
// remembers how far it got. Knows words and states; nothing of flags, rules or sources.
//
// Set-associative, eight ways, keyed hash: a look-up touches one line of tags and, on a hit, the
// entry. A full set gives up its least valuable entry (`Rank`), the oldest among equals. All memory
// is taken in the constructor.

const WAYS = 8;

/**
 * Words of a set in the index: the tags, where each one's entry lies, what it is worth. Entries are
 * given out in order, so that memory is only touched once it is needed.
 */
const SET_WORDS = 3 * WAYS;
const SLOTS = WAYS;
const WORTHS = 2 * WAYS;

/** Words of an entry in `words`. */
export const Word = {
  Initiator: 0, // 4 words
  Responder: 4, // 4 words
  Key: 8, // target key
  State: 9, // stage, verdict, marks
  SourcePort: 10, // initiator's port, of the latest connection
  Sequence: 11, // of the latest probe
  PeerSequence: 12, // of the responder's SYN-ACK
  CreatedMs: 13,
  Link: 14, // slot + 1 of the attempt of this initiator that failed before; 0 ends
  Techniques: 15,
  Acknowledgement: 16,
  Signature: 17, // what the sender's stack looks like
  ReplyBytes: 18, // payload from the responder
  Scan: 19, // number of the scan it was counted in; 0 none
  Packets: 20, // from the initiator, at most 65535; capture interface in the upper half
  Look: 21, // TTL | traffic class << 8 | TCP flags << 16 | IP version << 24
  RepeatMs: 22, // of the latest probe, after the first
  Weight: 23, // what it was charged with: weight, points << 8, new port 1 << 16, new host 1 << 17
  Wire: 24, // window << 16 | IP ID
  Form: 25, // what else tells programs apart: see `formOf`
} as const;
/** A double: time of the first packet. Microseconds since 1970. */
const FIRST_US = 26;
/** Where its tag is in the index. */
const PLACE = 28;
const WORDS = 32;

/** How far the latest connection got. The lowest three bits of the state. */
export const Stage = {
  None: 0,
  /** A probe was seen, nothing after it. */
  Sent: 1,
  /** The responder answered: SYN-ACK, INIT-ACK. */
  Answered: 2,
  /** The initiator completed the handshake; no data yet. */
  Open: 3,
  /** Found in mid-stream: data flowed before anything else was seen. */
  Mid: 4,
} as const;
export const STAGE_MASK = 7;

/** What became of the attempt; three bits. From `Refused` on it failed. */
export const Verdict = {
  None: 0 << 3,
  Used: 1 << 3,
  /** Cannot be told from harmless traffic, so it counts neither way. */
  Neutral: 2 << 3,
  Refused: 3 << 3,
  Silent: 4 << 3,
  HalfOpen: 5 << 3,
  /** Connected and closed without data. */
  Empty: 6 << 3,
} as const;
export const VERDICT_MASK = 7 << 3;

/** Marks in the state word. */
export const Mark = {
  /** The responder accepted: the port is open. */
  Open: 1 << 8,
  /** The responder, or a router, refused. */
  Closed: 1 << 9,
  /** The initiator acknowledged the responder's own sequence number. */
  Handshake: 1 << 10,
  /** The initiator answered a SYN-ACK with the RST that only its receiver can send. */
  Reset: 1 << 11,
  /** It lies in the queue that waits for silence. */
  Pending: 1 << 12,
  /** It was counted against its source. */
  Counted: 1 << 13,
  /** It was counted in its source's favour. */
  Credited: 1 << 14,
  /** Only replies were seen. */
  ReplyOnly: 1 << 15,
  /** Begun by a packet that ordinary connections send as well. */
  Ambiguous: 1 << 16,
  /** An answer that any client would close gently was cut off with RST and ACK, as checks do. */
  Gentle: 1 << 17,
  /** The SYN came from a whole TCP stack (it had a timestamp). */
  Stack: 1 << 18,
  /** It looks like an answer: from a service's port to a client's. */
  ReplyLike: 1 << 19,
  /** The responder sent something in the conversation. */
  Replied: 1 << 20,
  /** Another source sent the same packet. */
  Twin: 1 << 21,
  /** A scan found its port open, which is remembered: its next connection may be a visit. */
  Learned: 1 << 22,
  /** It waits in `SecondLook` to be counted. */
  Deferred: 1 << 24,
  /** ARP: attempts from outside explained it when it was asked. */
  Explained: 1 << 25,
  /** ARP: its asker goes through the network, one address after the other. */
  Row: 1 << 26,
  /** ARP: its asker has time, as who delivers packets of others has. */
  Unhurried: 1 << 27,
  /** ARP: so near to the begin or the end of the capture that its asker may have asked before, or again. */
  Early: 1 << 28,
  /** A kernel's SYN in a capture that has nothing of TCP but SYNs: it may have been answered. */
  Unseen: 1 << 29,
  /** One of its packets was made to tell operating systems apart. */
  OsProbe: 1 << 23,
} as const;

/** Worth of an entry when its set is full; the least is evicted first. */
export const Rank = { Judged: 1, Idle: 2, Pending: 3, Used: 4, Suspect: 5 } as const;
const RANK_SHIFT = 28;
const TICK_SHIFT = 6; // 64 ms
const TICK_MASK = 0x0fffffff;

export class Conversations {
  declare readonly words: Int32Array;
  /** The bytes under `words`, for addresses. */
  declare readonly bytes: Uint8Array;
  declare readonly capacity: number;
  declare private readonly doubles: Float64Array;
  declare private readonly index: Int32Array;
  declare private readonly setMask: number;
  private live = 0;

  /** Bytes of memory for each entry. */
  static readonly ENTRY_COST = (WORDS + SET_WORDS / WAYS) * 4;

  /** `capacity`: a power of two, at least `WAYS`. */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.words = new Int32Array(capacity * WORDS);
    this.bytes = new Uint8Array(this.words.buffer);
    this.doubles = new Float64Array(this.words.buffer);
    this.index = new Int32Array(capacity / WAYS * SET_WORDS);
    this.setMask = capacity / WAYS - 1;
  }

  /** Entries in use; their slots are the numbers below it. */
  get size(): number {
    return this.live;
  }

  /**
   * The slot of a conversation, or -1. `from` and `to` are word indices of two addresses in
   * `addresses`, `hash` is the key's hash (of both addresses and `key`).
   */
  find(addresses: Int32Array, from: number, to: number, key: number, hash: number): number {
    const { index } = this;
    const tag = hash === 0 ? 1 : hash;
    const set = (hash & this.setMask) * SET_WORDS;
    for (let place = set; place < set + WAYS; place++) {
      if (index[place] !== tag) continue;
      const slot = index[place + SLOTS];
      if (this.matches(slot, addresses, from, to, key)) return slot;
    }
    return -1;
  }

  private matches(
    slot: number,
    addresses: Int32Array,
    from: number,
    to: number,
    key: number,
  ): boolean {
    const { words } = this;
    const at = slot * WORDS;
    return words[at + 8] === key &&
      words[at + 3] === addresses[from + 3] && words[at + 7] === addresses[to + 3] &&
      words[at + 2] === addresses[from + 2] && words[at + 6] === addresses[to + 2] &&
      words[at + 1] === addresses[from + 1] && words[at + 5] === addresses[to + 1] &&
      words[at] === addresses[from] && words[at + 4] === addresses[to];
  }

  /** Where in the index an entry of this hash would go: a free place, or that of the least worth. */
  placeFor(hash: number): number {
    const { index } = this;
    const set = (hash & this.setMask) * SET_WORDS;
    let best = set;
    for (let place = set; place < set + WAYS; place++) {
      if (index[place] === 0) return place;
      if (index[place + WORTHS] < index[best + WORTHS]) best = place;
    }
    return best;
  }

  /**
   * The slot of the entry that must give way at a place in the index; -1 where nothing is lost by it: the
   * place is free, or the attempt was judged. Does not look at the entry, which would have to be waited for.
   */
  unjudged(place: number): number {
    const { index } = this;
    const isDone = index[place] === 0 || index[place + WORTHS] >>> RANK_SHIFT === Rank.Judged;
    return isDone ? -1 : index[place + SLOTS];
  }

  /** Puts a new conversation at `place`, and gives its slot; everything but the key is zero. */
  take(
    place: number,
    addresses: Int32Array,
    from: number,
    to: number,
    key: number,
    hash: number,
    ms: number,
    timeUs: number,
  ): number {
    const { words, index } = this;
    const isNew = index[place] === 0;
    const slot = isNew ? this.live++ : index[place + SLOTS];
    index[place] = hash === 0 ? 1 : hash;
    index[place + SLOTS] = slot;
    const at = slot * WORDS;
    for (let i = 0; i < 4; i++) {
      words[at + Word.Initiator + i] = addresses[from + i];
      words[at + Word.Responder + i] = addresses[to + i];
    }
    words[at + Word.Key] = key;
    if (!isNew) { for (let i = Word.State; i < FIRST_US; i++) words[at + i] = 0; }
    words[at + Word.CreatedMs] = ms;
    words[at + PLACE] = place;
    this.doubles[(at + FIRST_US) >> 1] = timeUs;
    this.rank(slot, Rank.Pending, ms);
    return slot;
  }

  /** Sets what the entry is worth, and that it was of use just now. */
  rank(slot: number, rank: number, ms: number): void {
    const place = this.words[slot * WORDS + PLACE];
    this.index[place + WORTHS] = rank << RANK_SHIFT | (ms >>> TICK_SHIFT & TICK_MASK);
  }

  /** Time of the first packet. Microseconds since 1970. */
  firstUs(slot: number): number {
    return this.doubles[(slot * WORDS + FIRST_US) >> 1];
  }

  get(slot: number, word: number): number {
    return this.words[slot * WORDS + word];
  }

  set(slot: number, word: number, value: number): void {
    this.words[slot * WORDS + word] = value;
  }

  state(slot: number): number {
    return this.words[slot * WORDS + Word.State];
  }

  stage(slot: number): number {
    return this.words[slot * WORDS + Word.State] & STAGE_MASK;
  }

  verdict(slot: number): number {
    return this.words[slot * WORDS + Word.State] & VERDICT_MASK;
  }

  has(slot: number, mark: number): boolean {
    return (this.words[slot * WORDS + Word.State] & mark) !== 0;
  }

  mark(slot: number, marks: number): void {
    this.words[slot * WORDS + Word.State] |= marks;
  }

  unmark(slot: number, marks: number): void {
    this.words[slot * WORDS + Word.State] &= ~marks;
  }

  setStage(slot: number, stage: number): void {
    const at = slot * WORDS + Word.State;
    this.words[at] = this.words[at] & ~STAGE_MASK | stage;
  }

  setVerdict(slot: number, verdict: number): void {
    const at = slot * WORDS + Word.State;
    this.words[at] = this.words[at] & ~VERDICT_MASK | verdict;
  }

  /** Packets from the initiator, at most 65535. */
  packets(slot: number): number {
    return this.words[slot * WORDS + Word.Packets] & 0xffff;
  }

  /** Counts one more packet from the initiator, at `timeUs`. */
  repeat(slot: number, timeUs: number): void {
    const { words } = this;
    const at = slot * WORDS;
    if ((words[at + Word.Packets] & 0xffff) < 0xffff) words[at + Word.Packets]++;
    const ms = (timeUs - this.firstUs(slot)) / 1000;
    if (ms > words[at + Word.RepeatMs]) {
      words[at + Word.RepeatMs] = ms > 0x7fffffff ? 0x7fffffff : ms;
    }
  }

  /** Time of the initiator's latest packet that was counted. Microseconds since 1970. */
  latestUs(slot: number): number {
    return this.firstUs(slot) + this.words[slot * WORDS + Word.RepeatMs] * 1000;
  }

  /** Word index of the initiator's (or with `Word.Responder` the responder's) address in `words`. */
  addressAt(slot: number, which: number): number {
    return slot * WORDS + which;
  }

  /** True when the responders of two entries are the same. */
  sameResponder(slot: number, other: number): boolean {
    const { words } = this;
    const a = slot * WORDS + Word.Responder, b = other * WORDS + Word.Responder;
    return words[a + 3] === words[b + 3] && words[a + 2] === words[b + 2] &&
      words[a + 1] === words[b + 1] && words[a] === words[b];
  }

  /** True when the initiators of two entries are the same. */
  sameInitiator(slot: number, other: number): boolean {
    const { words } = this;
    const a = slot * WORDS, b = other * WORDS;
    return words[a + 3] === words[b + 3] && words[a + 2] === words[b + 2] &&
      words[a + 1] === words[b + 1] && words[a] === words[b];
  }
}

/** A record's word index from its byte offset; here so that tables and records agree. */
export function wordAt(base: number, field: number): number {
  return (base + field) >> 2;
}
