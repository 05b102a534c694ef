// Packets of what may be a flood, in a row: to one target, of one kind. Plain data, made at start and filled again
// and again, so that a packet of a flood costs little more than its port.

/** Ports of so many packets. */
export const BATCH_MAX = 256;

export class FloodPackets {
  /** The target's address: four words from `at`, and their hash. */
  words: Int32Array = new Int32Array(4);
  at = 0;
  hash = 0;
  /** `TargetClass`. */
  targetClass = 0;
  /** They answer what their target did not ask. */
  isOfAnswers = false;
  /** Bits of techniques: theirs, or of what they answer. */
  techniques = 0;
  /** When the first came, and the last. Microseconds since 1970. */
  fromUs = 0;
  toUs = 0;
  /** Packets, and sources that they are the first of. */
  count = 0;
  sources = 0;
  interface = 0;
  /** The ports of the first `portCount` of them; the others went to the first of these. */
  ports = new Uint16Array(BATCH_MAX);
  portCount = 0;
}
