// Packets of what may be a flood, in a row: to one target, of one kind. Plain data, made at start and filled again
// and again, so that a packet of a flood costs little more than its port.

/** Ports of so many packets. */
export const BATCH_MAX = 256;

export interface FloodPackets {
  /** The target's address: four words from `at`, and their hash. */
  words: Int32Array;
  at: number;
  hash: number;
  /** `TargetClass`. */
  targetClass: number;
  /** Bits of techniques. */
  techniques: number;
  /** When the first came, and the last. Microseconds since 1970. */
  fromUs: number;
  toUs: number;
  /** Packets, and sources that they are the first of. */
  count: number;
  sources: number;
  interface: number;
  /** The ports of the first `portCount` of them; the others went to the first of these. */
  ports: Uint16Array;
  portCount: number;
}

/** None yet. */
export function floodPackets(): FloodPackets {
  return {
    words: new Int32Array(4),
    at: 0,
    hash: 0,
    targetClass: 0,
    techniques: 0,
    fromUs: 0,
    toUs: 0,
    count: 0,
    sources: 0,
    interface: 0,
    ports: new Uint16Array(BATCH_MAX),
    portCount: 0,
  };
}
