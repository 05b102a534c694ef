// The table of datagrams whose fragments are still coming: which bytes of each have been seen, and its
// first bytes. Knows keys, time and room; knows no header.
//
// A fragment begins at a multiple of 8 bytes, so of each block of 8 it covers a leading part. One bit
// for each block seen whole therefore tells exactly, to the byte, when a datagram is complete: the
// only block that may end early is the one that the last fragment itself ends in.

import { Counter } from "../counters.ts";

const FRAGMENTS_EVICTED = Counter.DatagramsEvicted;
const FRAGMENTS_EXPIRED = Counter.DatagramsExpired;

/** Offsets are in blocks of so many bytes (RFC 791 section 3.1). */
const BLOCK_BYTES = 8;
const BLOCK_SHIFT = 3;
/** 65536 bytes in blocks, 32 to a word. */
const WORDS = 256;
/** Bytes kept from the beginning of the datagram's payload: enough for IPv6 extension headers, a TCP header or a quoted packet. */
export const HEAD_BYTES = 128;
const HEAD_BLOCKS = HEAD_BYTES / BLOCK_BYTES;
/** Two addresses, the identification, and what else tells datagrams apart. */
const KEY_WORDS = 10;
/** Slots in a set: a lookup looks at so many at most. */
const WAYS = 16;
/** How long the rest of a datagram may take: as long as Linux waits (ipfrag_time). */
const EXPIRE_US = 30_000_000;

/** Bits of `state`. */
export const HAS_FIRST = 1;
export const HEADER_GIVEN = 2;

/** 32 bits to 32 bits, a bijection that spreads every bit (David Stafford's and Chris Wellons' work on murmur3). */
function spread(value: number): number {
  value = Math.imul(value ^ value >>> 16, 0x21f0aaad);
  value = Math.imul(value ^ value >>> 15, 0x735a2d97);
  return (value ^ value >>> 15) >>> 0;
}

/** A set-associative table of datagrams. Takes all its memory at start. */
export class Datagrams {
  /** By slot: what the datagram's first fragment said, for `fragments.ts` to use. */
  declare readonly state: Uint8Array;
  declare readonly ttl: Uint8Array;
  declare readonly trafficClass: Uint8Array;
  declare readonly protocol: Uint8Array;
  declare readonly headerBytes: Uint16Array;
  declare readonly quirks: Uint32Array;
  /** By slot: bytes of the datagram's payload, 0 while the last fragment is missing. */
  declare readonly total: Uint32Array;
  /** By slot: the first bytes of the payload, `HEAD_BYTES` each. */
  declare readonly head: Uint8Array;
  /** By slot: where in `head` the first byte is that the capture had cut off; it is 0 there. */
  declare readonly cut: Uint8Array;

  declare private readonly headSeen: Uint8Array; // how much of each block of `head`
  declare private readonly whole: Uint32Array; // one bit for each block
  declare private readonly wholeWords: Uint16Array; // words of `whole` that may not be 0
  declare private readonly inRow: Uint16Array; // blocks from the beginning that are whole without a gap
  declare private readonly key: Uint32Array;
  declare private readonly tag: Uint32Array; // hash of the key; 0 marks a free slot
  declare private readonly beganUs: Float64Array;
  declare private readonly used: Float64Array; // running number of the last use
  declare private readonly setMask: number;
  declare private readonly multipliers: Uint32Array;
  private uses = 0;
  declare private readonly counters: Float64Array;

  /** Room for `capacity` datagrams, rounded down to a power of two, at least 16. */
  constructor(capacity: number, seed: number, counters: Float64Array) {
    this.counters = counters;

    let sets = 1;
    while (sets * 2 * WAYS <= capacity) sets *= 2;
    const slots = sets * WAYS;
    this.setMask = sets - 1;
    this.state = new Uint8Array(slots);
    this.ttl = new Uint8Array(slots);
    this.trafficClass = new Uint8Array(slots);
    this.protocol = new Uint8Array(slots);
    this.headerBytes = new Uint16Array(slots);
    this.quirks = new Uint32Array(slots);
    this.total = new Uint32Array(slots);
    this.head = new Uint8Array(slots * HEAD_BYTES);
    this.cut = new Uint8Array(slots);
    this.headSeen = new Uint8Array(slots * HEAD_BLOCKS);
    this.whole = new Uint32Array(slots * WORDS);
    this.wholeWords = new Uint16Array(slots);
    this.inRow = new Uint16Array(slots);
    this.key = new Uint32Array(slots * KEY_WORDS);
    this.tag = new Uint32Array(slots);
    this.beganUs = new Float64Array(slots);
    this.used = new Float64Array(slots);
    this.multipliers = new Uint32Array(KEY_WORDS);
    let value = seed;
    for (let i = 0; i < KEY_WORDS; i++) {
      value = (value + 0x9e3779b9) >>> 0;
      this.multipliers[i] = spread(value) | 1;
    }
  }

  /**
   * The slot of the datagram with these addresses (eight words of `addresses` from `at` on) and the
   * words `id` and `rest`: its own one, or a new one, for which an expired or the longest unused
   * datagram of the set may have to go. `nowUs` may step back: a datagram then counts as begun now.
   */
  slotOf(addresses: Uint32Array, at: number, id: number, rest: number, nowUs: number): number {
    const tag = this.hash(addresses, at, id, rest);
    const first = (tag >>> 8 & this.setMask) * WAYS;
    let victim = first;
    for (let slot = first; slot < first + WAYS; slot++) {
      if (this.tag[slot] === tag && this.isKey(slot, addresses, at, id, rest)) {
        if (nowUs < this.beganUs[slot]) this.beganUs[slot] = nowUs;
        if (nowUs - this.beganUs[slot] > EXPIRE_US) {
          this.counters[FRAGMENTS_EXPIRED]++;
          this.clear(slot, nowUs);
        }
        this.used[slot] = ++this.uses;
        return slot;
      }
      // A free slot was last used at 0.
      if (this.used[slot] < this.used[victim]) victim = slot;
    }
    if (this.tag[victim] !== 0) {
      const expired = nowUs - this.beganUs[victim] > EXPIRE_US;
      this.counters[expired ? FRAGMENTS_EXPIRED : FRAGMENTS_EVICTED]++;
    }
    this.clear(victim, nowUs);
    this.used[victim] = ++this.uses;
    this.tag[victim] = tag;
    const key = victim * KEY_WORDS;
    for (let i = 0; i < 8; i++) this.key[key + i] = addresses[at + i];
    this.key[key + 8] = id;
    this.key[key + 9] = rest;
    return victim;
  }

  /** Gives the slot up. */
  free(slot: number): void {
    this.tag[slot] = 0;
    this.used[slot] = 0;
  }

  /**
   * Notes that the payload's bytes [offset, offset + length) were seen, of which the first `captured`
   * are bytes[at, at + captured); the others count as 0. What was seen before stays as it was.
   * `offset` is a multiple of 8, and offset + length at most 65535.
   */
  see(
    slot: number,
    offset: number,
    length: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
  ): void {
    if (offset < HEAD_BYTES) this.fillHead(slot, offset, length, bytes, at, captured);
    const from = offset >> BLOCK_SHIFT, to = (offset + length) >> BLOCK_SHIFT;
    if (from >= to) return;
    const base = slot * WORDS, firstWord = from >> 5, lastWord = (to - 1) >> 5;
    for (let word = firstWord; word <= lastWord; word++) {
      let bits = -1;
      if (word === firstWord) bits &= -1 << (from & 31);
      if (word === lastWord) bits &= -1 >>> (31 - (to - 1 & 31));
      this.whole[base + word] |= bits;
    }
    if (lastWord >= this.wholeWords[slot]) this.wholeWords[slot] = lastWord + 1;
    this.advance(slot);
  }

  /** True when the first and the last fragment came and no byte between is missing. */
  isWhole(slot: number): boolean {
    const total = this.total[slot];
    return total !== 0 && (this.state[slot] & HAS_FIRST) !== 0 &&
      this.inRow[slot] >= total >> BLOCK_SHIFT;
  }

  /** How many bytes of `head` were seen without a gap. */
  headLength(slot: number): number {
    const seen = slot * HEAD_BLOCKS;
    for (let block = 0; block < HEAD_BLOCKS; block++) {
      const bytes = this.headSeen[seen + block];
      if (bytes < BLOCK_BYTES) return block * BLOCK_BYTES + bytes;
    }
    return HEAD_BYTES;
  }

  private fillHead(
    slot: number,
    offset: number,
    length: number,
    bytes: Uint8Array,
    at: number,
    captured: number,
  ): void {
    const head = slot * HEAD_BYTES, seen = slot * HEAD_BLOCKS;
    const stop = Math.min(offset + length, HEAD_BYTES);
    for (let block = offset; block < stop; block += BLOCK_BYTES) {
      const covered = Math.min(stop - block, BLOCK_BYTES);
      const before = this.headSeen[seen + (block >> BLOCK_SHIFT)];
      for (let i = before; i < covered; i++) {
        const from = block + i - offset;
        if (from < captured) {
          this.head[head + block + i] = bytes[at + from];
        } else {
          this.head[head + block + i] = 0;
          if (block + i < this.cut[slot]) this.cut[slot] = block + i;
        }
      }
      if (covered > before) this.headSeen[seen + (block >> BLOCK_SHIFT)] = covered;
    }
  }

  /** Moves `inRow` on over the blocks that are whole. All moves of a datagram together: 8192 blocks. */
  private advance(slot: number): void {
    const base = slot * WORDS;
    let block = this.inRow[slot];
    while (block < WORDS * 32) {
      const bits = this.whole[base + (block >> 5)];
      if ((block & 31) === 0 && bits === 0xffffffff) block += 32;
      else if ((bits >>> (block & 31) & 1) !== 0) block++;
      else break;
    }
    this.inRow[slot] = block;
  }

  private clear(slot: number, nowUs: number): void {
    const whole = slot * WORDS, seen = slot * HEAD_BLOCKS;
    // Loops, because a call of fill() costs more than so few stores.
    const words = this.wholeWords[slot];
    for (let word = 0; word < words; word++) this.whole[whole + word] = 0;
    for (let block = 0; block < HEAD_BLOCKS; block++) this.headSeen[seen + block] = 0;
    this.wholeWords[slot] = 0;
    this.inRow[slot] = 0;
    this.total[slot] = 0;
    this.state[slot] = 0;
    this.cut[slot] = HEAD_BYTES;
    this.beganUs[slot] = nowUs;
  }

  private isKey(
    slot: number,
    addresses: Uint32Array,
    at: number,
    id: number,
    rest: number,
  ): boolean {
    const { key } = this, from = slot * KEY_WORDS;
    if (key[from + 8] !== id || key[from + 9] !== rest) return false;
    for (let i = 0; i < 8; i++) if (key[from + i] !== addresses[at + i]) return false;
    return true;
  }

  /** Not 0. Multipliers that a sender cannot know keep chosen keys from meeting in one set. */
  private hash(addresses: Uint32Array, at: number, id: number, rest: number): number {
    const { multipliers } = this;
    let hash = Math.imul(id ^ multipliers[9], multipliers[8]) ^ rest;
    for (let i = 0; i < 8; i++) {
      hash = Math.imul(hash ^ addresses[at + i], multipliers[i]);
      hash ^= hash >>> 15;
    }
    return (spread(hash) | 1) >>> 0;
  }
}
