// Numbers kept for each source address, in memory of a fixed size. Knows addresses as four words;
// not what the numbers mean.
//
// A hash with keys that a sender cannot know chooses a set, and a set has few places, so chosen
// collisions cost bounded time. The place with the smallest number goes when a set is full.

const WAYS = 4;
const ADDRESS_WORDS = 4;

export class SourceTable {
  /** By slot: whether it is taken (1), and the number that says what goes first. */
  declare readonly taken: Uint8Array;
  declare readonly rank: Float64Array;
  /** The slot that `slotOf` gave was taken over: `taken` and the numbers are still its old owner's. */
  fresh = false;
  declare private readonly addresses: Uint32Array;
  declare private readonly keys: Uint32Array;
  declare private readonly setMask: number;
  declare readonly slots: number;

  /** `slots` is a power of two, at least 4. The seed chooses the hash. */
  constructor(slots: number, seed: number) {
    this.slots = slots;

    if (slots < WAYS || (slots & (slots - 1)) !== 0) {
      throw new RangeError(`Cannot create SourceTable: ${slots} slots are no power of two`);
    }
    this.taken = new Uint8Array(slots);
    this.rank = new Float64Array(slots);
    this.addresses = new Uint32Array(slots * ADDRESS_WORDS);
    this.setMask = slots / WAYS - 1;
    this.keys = new Uint32Array(ADDRESS_WORDS + 1);
    for (let i = 0, state = seed >>> 0; i < this.keys.length; i++) {
      state = (state + 0x9e3779b9) >>> 0;
      this.keys[i] = mix(state) | 1;
    }
  }

  /**
   * The slot of the address words[at, at + 4). When `fresh` is set afterwards the address had none:
   * the caller reads what was there before, and writes the new numbers, `rank` and `taken` too.
   */
  slotOf(words: Uint32Array, at: number): number {
    const { addresses, taken, rank } = this;
    const first = (this.hash(words, at) & this.setMask) * WAYS;
    let victim = first;
    for (let slot = first; slot < first + WAYS; slot++) {
      const own = slot * ADDRESS_WORDS;
      if (
        taken[slot] === 1 && addresses[own + 3] === words[at + 3] &&
        addresses[own + 2] === words[at + 2] && addresses[own + 1] === words[at + 1] &&
        addresses[own] === words[at]
      ) {
        this.fresh = false;
        return slot;
      }
      if (taken[slot] < taken[victim]) victim = slot;
      else if (taken[slot] === taken[victim] && rank[slot] < rank[victim]) victim = slot;
    }
    this.fresh = true;
    for (let i = 0; i < ADDRESS_WORDS; i++) addresses[victim * ADDRESS_WORDS + i] = words[at + i];
    return victim;
  }

  /** The 16 bytes of a slot's address. */
  address(slot: number): Uint8Array {
    const { buffer } = this.addresses;
    return new Uint8Array(buffer, slot * ADDRESS_WORDS * 4, ADDRESS_WORDS * 4);
  }

  private hash(words: Uint32Array, at: number): number {
    const { keys } = this;
    let hash = keys[ADDRESS_WORDS];
    for (let i = 0; i < ADDRESS_WORDS; i++) {
      hash = Math.imul(hash ^ words[at + i], keys[i]);
      hash ^= hash >>> 15;
    }
    return mix(hash);
  }
}

/** 32 bits to 32 bits, spreading every bit (murmur3's finalizer). */
function mix(value: number): number {
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
