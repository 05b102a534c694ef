// How many attempts may be begun in a flood, of whomever. Knows how much a source began of late; nothing of
// packets.
//
// A new attempt costs many times what any other packet does: an entry, a place in the queue, a verdict, what is
// noted of its source. So there is a store of them that fills at the rate that is a flood. What it has no
// room for is counted as a flood's packet is, and not followed.
//
// Who drains the store must not hide others by it. Parts of it are kept for those who cost more to forge: a
// source that has just come is refused first, then one that began a few attempts, or that begins them so fast that it needs no
// more to be found. What is left when all others are refused is for sources in the middle, and the last part for
// those that have a scan or whose address is proved. To keep a scan from being followed its forger must send as
// many packets in each of many names as the scan itself has.

/** The store is full after so many seconds without an attempt: most of who scans all ports of one host at once. */
const SECONDS = 16;
/** Attempts of late, from which on a source has not just come, did more than a few, and is loud. */
const SOME = 4, MANY = 16, LOUD = 100;
/** What must be left of the store, as shares of it. */
const LEFT = { first: 0.8, few: 0.6, loud: 0.6, many: 0.2, knownLoud: 0.4, known: 0 };

export class AttemptBudget {
  declare private readonly perMs: number;
  declare private readonly full: number;
  declare private left: number;
  private lastMs = 0;

  /** `perSecond`: attempts that may be begun for as long as a flood lasts. */
  constructor(perSecond: number) {
    this.perMs = perSecond / 1000;
    this.full = this.left = perSecond * SECONDS;
  }

  /** Takes one for a source that began so many attempts of late; false where none is left for it. */
  take(effort: number, ms: number): boolean {
    return this.takeAbove(
      effort < SOME ? LEFT.first : effort < MANY ? LEFT.few : effort < LOUD ? LEFT.many : LEFT.loud,
      ms,
    );
  }

  /** The same for a source that has a scan, or whose address is proved. */
  takeKnown(effort: number, ms: number): boolean {
    return this.takeAbove(effort < LOUD ? LEFT.known : LEFT.knownLoud, ms);
  }

  private takeAbove(share: number, ms: number): boolean {
    const sinceMs = (ms - this.lastMs) | 0;
    if (sinceMs > 0) this.left = Math.min(this.full, this.left + sinceMs * this.perMs);
    this.lastMs = ms;
    if (this.left - 1 < share * this.full) return false;
    this.left--;
    return true;
  }
}
