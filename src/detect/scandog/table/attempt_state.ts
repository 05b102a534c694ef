// The names of what an attempt's state can be: how far it got, what became of it, and what else was
// noted. Knows bits; nothing of what follows from them.

/** How far the latest connection got. The lowest three bits of the state. */
export const Stage = {
  None: 0,
  /** A probe was seen, nothing after it. */
  Sent: 1,
  /** The target answered: SYN-ACK, INIT-ACK, a first datagram. */
  Answered: 2,
  /** The source completed the handshake; no data yet. Of datagrams: it asked another question. */
  Open: 3,
  /** Found in mid-stream: data flowed before anything else was seen. */
  Mid: 4,
  /** A datagram was answered, and another question, or one of a later round, was answered as well. */
  Again: 5,
} as const;
export const STAGE_MASK = 7;

/** What became of the attempt; three bits. From `Refused` on it failed. */
export const Outcome = {
  None: 0 << 3,
  Used: 1 << 3,
  /** An excuse holds: it counts neither way. */
  Harmless: 2 << 3,
  Refused: 3 << 3,
  Silent: 4 << 3,
  HalfOpen: 5 << 3,
  /** Accepted, and nothing was done with it. */
  Empty: 6 << 3,
} as const;
/** Shifted down by so many bits, an outcome is a place in `OUTCOMES` of src/account.ts. */
export const OUTCOME_SHIFT = 3;
export const OUTCOME_MASK = 7 << OUTCOME_SHIFT;

/** What was noted of an attempt, whatever its transport. */
export const Mark = {
  /** The source showed that it was answered: it broke off with the RST or ABORT of who checks only. */
  GentleReset: 1 << 6,
  /** The target refused the latest connection. */
  JustRefused: 1 << 7,
  /** The target accepted: the port is open. */
  Open: 1 << 8,
  /** The target, or a router, refused. */
  Closed: 1 << 9,
  /** The source acknowledged the target's own sequence number. */
  Handshake: 1 << 10,
  /** The source answered a SYN-ACK with the RST that only its receiver can send. */
  Reset: 1 << 11,
  /** The attempt waits for an answer, in `Attempts.waiting`. */
  Pending: 1 << 12,
  /** The attempt was counted against its source. */
  Counted: 1 << 13,
  /** The attempt was counted in its source's favour. */
  Credited: 1 << 14,
  /** Only answers were seen. */
  ReplyOnly: 1 << 15,
  /** Begun by a packet that ordinary connections send as well. */
  Ambiguous: 1 << 16,
  /** Its answers contradict each other: they prove nothing, and open nothing. */
  Contradicted: 1 << 17,
  /** The SYN came from a whole TCP stack (it had a timestamp). */
  Stack: 1 << 18,
  /** It looks like an answer: from a service's port to a client's. */
  ReplyLike: 1 << 19,
  /** The target sent something in the conversation. */
  Replied: 1 << 20,
  /** Another source sent the same packet. */
  LookAlike: 1 << 21,
  /** A scan found its port open, which is remembered: its next connection may be a visit. */
  Learned: 1 << 22,
  /** One of its packets was made to tell operating systems apart. */
  OsProbe: 1 << 23,
  /** It waits in `SecondLook` to be counted. */
  Deferred: 1 << 24,
  /** Its outcome was handed on: see `OutcomeReport`. */
  HandedOn: 1 << 25,
  /** It waited for a second look, and nothing explained it. */
  LookedTwice: 1 << 26,
  /** The RST of `Reset` offered a window, as hardly a kernel's does, or came from elsewhere on the link. */
  OddReset: 1 << 27,
  /** Its source's host refused what the target answered: nobody waits for it there. */
  Unwanted: 1 << 28,
  /** A kernel's SYN in a capture that has nothing of TCP but SYNs: it may have been answered. */
  MaybeAnswered: 1 << 29,
  /** It was counted as a packet of what may be a flood. */
  Flooded: 1 << 30,
  /** Its source connected anew while it waited, too soon and too seldom to tell a check from a scan that is repeated. */
  CameAgain: 1 << 31,
} as const;

/** What was noted of an ARP request, or of one of neighbour discovery. */
export const ArpMark = {
  /** Attempts from outside explained it when it was asked. */
  Explained: 1 << 0,
  /** Its asker goes through the network, one address after the other. */
  InOrder: 1 << 1,
  /** Its asker has time, as who delivers packets of others has. */
  Unhurried: 1 << 2,
  /** So near to the begin or the end of the capture that its asker may have asked before, or again. */
  AtEdge: 1 << 3,
  /** It came again, and not at a kernel's pace. */
  ToolsPace: 1 << 4,
  /** A kernel's own request, of a host that tries its neighbours itself. */
  Kernels: 1 << 5,
  /** The neighbour is there, as other packets of it show. */
  IsThere: 1 << 6,
} as const;

/** Worth of an entry when its set is full; the least is evicted first. */
export const Rank = { Judged: 1, Idle: 2, Pending: 3, Used: 4, Suspect: 5 } as const;
