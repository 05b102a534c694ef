// Keeps floods of forged sources cheap. Knows hashes of sources and a rate.
//
// While new conversations begin faster than any server's clients make them, a source is only
// followed from its second packet on: the first leaves a tag in a small table. A forged source has
// no second packet. A scanner has, and loses one probe of its totals by it; one that sends so rarely
// that its tag is overwritten meanwhile stays unseen for as long as the flood lasts.

const WINDOW_MS = 1000;
/**
 * Sources remembered: small enough to stay in a processor's cache, and so are their tags. One forged source of
 * 65,536 is taken for another that was here before it, and followed.
 */
const TAGS = 1 << 17;
/** What of a hash is its tag; the other half says where it lies. */
const TAG_SHIFT = 16;

export class FloodGate {
  private readonly tags = new Uint16Array(TAGS);
  private windowMs = 0;
  private count = 0;
  private isShut = false;
  declare private readonly perSecond: number;

  /** `perSecond`: new conversations in a second that are a flood. */
  constructor(perSecond: number) {
    this.perSecond = perSecond;
  }

  /** True while a flood goes on. */
  isFlood(): boolean {
    return this.isShut;
  }

  /** Follows a source from now on. */
  note(source: number): void {
    this.tags[source & (TAGS - 1)] = source >>> TAG_SHIFT;
  }

  /** As `pass`: true where that would be false. Changes nothing where it would not. */
  passOver(source: number, ms: number): boolean {
    if (!this.isShut || ((ms - this.windowMs) >>> 0) >= WINDOW_MS) return false;
    const at = source & (TAGS - 1), tag = source >>> TAG_SHIFT;
    if (this.tags[at] === tag) return false;
    this.tags[at] = tag;
    this.count++;
    return true;
  }

  /** A packet of no known conversation: true when its source is to be followed. */
  pass(source: number, ms: number): boolean {
    if (((ms - this.windowMs) >>> 0) >= WINDOW_MS) {
      this.windowMs = ms;
      this.isShut = this.count >= this.perSecond;
      this.count = 0;
    }
    if (++this.count === this.perSecond) this.isShut = true;
    const at = source & (TAGS - 1), tag = source >>> TAG_SHIFT;
    const isKnown = this.tags[at] === tag;
    // Noted before the flood as well, so that who was there already loses nothing.
    this.tags[at] = tag;
    return isKnown || !this.isShut;
  }
}
