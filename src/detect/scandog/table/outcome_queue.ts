// What became of attempts, in the order in which it came: written by those who observe packets, drained by
// who judges. Knows slots and codes. A fixed ring: a packet adds a few, and it is drained after each.

/** What can come as an answer that nobody asked for. */
export const Unasked = { SynAck: 0, Refusal: 1, Reset: 2, Error: 3 } as const;

/** What happened to an attempt, and what the number beside it means. */
export const Change = {
  /** It is new. `value`: hash of what copies of the same probe agree in; 0: nothing. */
  Begun: 0,
  /** It has an outcome. `value`: the `Outcome`, and above it the excuse that the packet itself gave. */
  Settled: 1,
  /** It was probed in a way that no TCP does. `value`: bit of the technique. */
  Exotic: 2,
  /** Its target answered. `value`: 1 for the first time. */
  Answered: 3,
  /** A packet shows that the source's address is its own, or is not. `value`: bit of `Proof`. */
  Proved: 4,
  /** The source sent one more packet to the same target. */
  Repeated: 5,
  /** The source tries the same target anew, with another connection. `value`: as of `Begun`. */
  Reconnected: 6,
  /** The source sent one more datagram to the same target, or got one more back. */
  DatagramAgain: 7,
  /** It was followed no further: its entry was needed, and is to be released. */
  Displaced: 8,
  /** The queue of those that wait for an answer is full, and this one waits longest: it is judged as silent. */
  Overdue: 9,
  /** It is to be counted as failed: it waited for a second look. */
  Failed: 10,
  /** A scan was found: it is told once all that waits of its source was counted. `value`: its handle. */
  Found: 11,
  /** The entry was judged for the last time. */
  Released: 12,
  /** It gave way: it waits no longer for a second look. */
  GaveWay: 13,
  /** A scan that was found is told. `value`: its handle. */
  Start: 14,
  /** It was used, and only answers had been seen of it. */
  UnseenUsed: 15,
  /** An answer that nobody asked for. `value`: see `Unasked`. */
  Unasked: 16,
  /** An ICMP error that nobody asked for. `value`: hash of whom it quotes. */
  UnaskedError: 17,
  /** A reset answered a SYN-ACK with the right number. `value`: hash of its source. */
  ResetAnswer: 18,
  /** A reset that answers nothing. `value`: hash of its source. */
  ResetUnasked: 19,
  /** A SYN that had been answered and reset came again. `value`: hash of its source. */
  SynAgain: 20,
  /** In a flood: packets are not followed that are the first of their sources; see `Unfollowed.complete`. */
  Unfollowed: 21,
  /** In a flood: the packet at hand asks, and is of a source that was there before. `value`: hash of its destination. */
  FloodAgain: 22,
  /** In a flood: the datagram at hand answers one of those who asked. `value`: hash of its source. */
  FloodAnswer: 23,
  /** The packet at hand answers what its destination did not ask. `value`: bit of the technique that it answers. */
  FloodingAnswer: 24,
  /** The packet at hand asks, and is of a host that a flood may go to. `value`: hash of that. */
  VictimAsks: 25,
  /** In a flood: a probe of a source that has a scan was not followed. `value`: index of the source, a subject. */
  LeftOut: 26,
  /** A question was answered that was not seen. `value`: the target key; of the packet's destination. */
  AnswerOf: 27,
} as const;

/** Places: a source's attempts that wait for a second look are counted at once, and they are at most half. */
const CAPACITY = 8192;
const MASK = CAPACITY - 1;

export class OutcomeQueue {
  private readonly slots = new Int32Array(CAPACITY);
  private readonly changes = new Uint8Array(CAPACITY);
  private readonly values = new Int32Array(CAPACITY);
  private head = 0;
  private tail = 0;
  /** Of what `next` took off. */
  slot = 0;
  change = 0;
  value = 0;

  /** Adds what happened. Throws a RangeError when it is full, which would be a fault of ours. */
  push(slot: number, change: number, value = 0): void {
    if (this.tail - this.head === CAPACITY) throw new RangeError("Cannot push: the queue is full");
    const at = this.tail++ & MASK;
    this.slots[at] = slot;
    this.changes[at] = change;
    this.values[at] = value;
  }

  /** Takes off what came first; false when there is nothing. */
  next(): boolean {
    if (this.head === this.tail) {
      // Both begin anew, so that they stay small integers however long it runs.
      this.head = this.tail = 0;
      return false;
    }
    const at = this.head++ & MASK;
    this.slot = this.slots[at];
    this.change = this.changes[at];
    this.value = this.values[at];
    return true;
  }
}
