// Keyed hashing of addresses and small numbers. Knows words; nothing of tables or packets.
//
// Whoever chooses addresses and ports must not be able to choose collisions: every constant that a
// result depends on comes from the seed. It is no cryptographic hash, but its results never leave
// the program, so an attacker has nothing to learn the key from.

/** The third word of an IPv4-mapped address as a little-endian machine reads it: 00 00 ff ff. */
const MAPPED = new Int32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0];
/** The first 48 bits of an address end in the middle of its second word. */
const SITE_MASK = 0xffff;
/** Keeps flows of two protocols apart that agree in everything else. */
const KIND_STEP = 0x9e3779b1;

/**
 * Results are signed 32-bit numbers: they stay small integers everywhere, which costs no memory.
 *
 * One key per place in a computation, so that equal words in different places differ.
 */
export class Hash {
  declare private readonly k0: number;
  declare private readonly k1: number;
  declare private readonly k2: number;
  declare private readonly k3: number;
  declare private readonly k4: number;

  /** `seed`: any 32 bits; random when live, fixed in replay so that replays repeat. */
  constructor(seed: number) {
    let state = seed | 0;
    const key = () => {
      state = (state + 0x9e3779b9) | 0;
      return finish(Math.imul(state ^ 0x85ebca6b, 0xc2b2ae35));
    };
    this.k0 = key();
    this.k1 = key() | 1;
    this.k2 = key();
    this.k3 = key() | 1;
    this.k4 = key() | 1;
  }

  /** Of the 16-byte address that is words[at] to words[at + 3]. */
  address(words: Int32Array, at: number): number {
    let h = Math.imul(words[at + 3] ^ this.k0, this.k1);
    if (words[at + 2] !== MAPPED || (words[at] | words[at + 1]) !== 0) {
      h = Math.imul((h ^ (h >>> 15)) + words[at + 2] | 0, this.k3) ^ this.k2;
      h = Math.imul((h ^ (h >>> 16)) + words[at + 1] | 0, this.k4) ^ this.k0;
      h = Math.imul((h ^ (h >>> 15)) + words[at] | 0, this.k1);
    }
    h ^= h >>> 15;
    h = Math.imul(h, this.k3);
    return h ^ (h >>> 13);
  }

  /** Of the network (IPv4 /24, IPv6 /64) of the address at words[at]. */
  network(words: Int32Array, at: number): number {
    const isFour = words[at + 2] === MAPPED && (words[at] | words[at + 1]) === 0;
    return isFour ? this.pair(words[at + 3] & 0x00ffffff, 4) : this.pair(words[at], words[at + 1]);
  }

  /** Of the site of the address at words[at]: IPv6 /48; of IPv4 the network. */
  site(words: Int32Array, at: number): number {
    const isFour = words[at + 2] === MAPPED && (words[at] | words[at + 1]) === 0;
    return isFour ? this.network(words, at) : this.pair(words[at], words[at + 1] & SITE_MASK);
  }

  /** Of two numbers whose order matters. */
  pair(x: number, y: number): number {
    let h = Math.imul(x ^ this.k2, this.k3);
    h ^= h >>> 15;
    h = Math.imul((h + y) | 0, this.k4);
    h ^= h >>> 14;
    h = Math.imul(h, this.k1);
    return h ^ (h >>> 16);
  }

  /**
   * Of a flow, the same in both directions: two ends, each an address' last word (IPv4) or hash and a port, and the
   * `Kind` of its packets.
   */
  flow(a: number, aPort: number, b: number, bPort: number, kind: number): number {
    // No branch: which of two ports is the lower one is chance, for a processor that guesses.
    const isUpwards = (aPort - bPort) >> 31;
    const ends = (a ^ b) & isUpwards, ports = (aPort ^ bPort) & isUpwards;
    const mixed = Math.imul(kind, KIND_STEP) ^ ((bPort ^ ports) << 16 | aPort ^ ports);
    return this.triple(a ^ ends, b ^ ends, mixed);
  }

  /** Of two numbers and a third; order matters. */
  triple(x: number, y: number, z: number): number {
    let h = Math.imul(x ^ this.k0, this.k1);
    h ^= h >>> 15;
    h = Math.imul((h + y) | 0, this.k3);
    h ^= h >>> 14;
    h = Math.imul((h ^ z) | 0, this.k4);
    h ^= h >>> 15;
    h = Math.imul(h, this.k3);
    return h ^ (h >>> 16);
  }
}

function finish(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  return h | 0;
}
