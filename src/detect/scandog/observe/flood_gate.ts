// Keeps floods of forged sources cheap. Knows hashes of sources and a rate.
//
// While new conversations begin faster than any server's clients make them, a source is only
// followed from its second packet on: the first leaves a tag in a small table. A forged source has
// no second packet. A scanner has, and loses one probe of its totals by it; one that sends so rarely
// that its tag is overwritten meanwhile stays unseen for as long as the flood lasts.
//
// Beside its tag stands what a source began of late, whether or not that was followed: see `AttemptBudget`.

const WINDOW_MS = 1000;
/**
 * Sources remembered: small enough to stay in a processor's cache, and so are their tags. One forged source of
 * 65,536 is taken for another that was here before it, and followed.
 */
const TAGS = 1 << 17;
/** What of a hash is its tag; the other half says where it lies. */
const TAG_SHIFT = 16;
/** Of the byte beside a tag: attempts of late, and whether the source's first packet opened a connection. */
export const EFFORT_MAX = 0x7f;
const OPENED = 0x80;
/** Both halved, for four sources at once. */
const HALVES = 0x3f3f3f3f, MARKS = 0x80808080;
/** Who began more is not displaced by who has just come, but loses one: a flood takes some time to push it out. */
const FIRM = 4;
/** One segment in so many that go on counts as an attempt: less than a crowd's clients send, and not nothing. */
const SEGMENTS = 4;

export class FloodGate {
  private readonly tags = new Uint16Array(TAGS);
  private readonly efforts = new Uint8Array(TAGS);
  private readonly fours = new Uint32Array(this.efforts.buffer);
  private windowMs = 0;
  private count = 0;
  private isShut = false;
  private segments = 0;
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
    this.know(source, false);
  }

  /** True while a flood goes on and its latest window lasts. */
  isShutAt(ms: number): boolean {
    return this.isShut && ((ms - this.windowMs) >>> 0) < WINDOW_MS;
  }

  /** As `pass` in a flood's window: true where that would be false. Changes nothing where it would not. */
  passOver(source: number, isOpening: boolean): boolean {
    if (this.isNoted(source)) return false;
    this.take(source, isOpening);
    this.count++;
    return true;
  }

  /**
   * A packet of no known conversation: true when its source is to be followed. `isOpening`: it opens a connection.
   */
  pass(source: number, ms: number, isOpening: boolean): boolean {
    if (((ms - this.windowMs) >>> 0) >= WINDOW_MS) this.turn(ms);
    if (++this.count === this.perSecond) this.isShut = true;
    // Noted before the flood as well, so that who was there already loses nothing.
    return this.know(source, isOpening) || !this.isShut;
  }

  /** Reads a source's tag, so that it comes from memory. What it gives means nothing. */
  touch(source: number): number {
    return this.tags[source & (TAGS - 1)];
  }

  private turn(ms: number): void {
    this.windowMs = ms;
    this.isShut = this.count >= this.perSecond;
    this.count = 0;
    if (!this.isShut) return;
    const { fours } = this;
    for (let i = 0; i < fours.length; i++) fours[i] = fours[i] >>> 1 & HALVES | fours[i] & MARKS;
  }

  private isNoted(source: number): boolean {
    return this.tags[source & (TAGS - 1)] === source >>> TAG_SHIFT;
  }

  /** True for a source that is noted; another is from now on, where that displaces nobody who did more. */
  private know(source: number, isOpening: boolean): boolean {
    if (this.isNoted(source)) return true;
    this.take(source, isOpening);
    return false;
  }

  /** Notes a source that is not noted, where that displaces nobody who did more. */
  private take(source: number, isOpening: boolean): void {
    const { tags, efforts } = this;
    const at = source & (TAGS - 1);
    if (this.isShut && (efforts[at] & EFFORT_MAX) > FIRM) efforts[at]--;
    else {
      tags[at] = source >>> TAG_SHIFT;
      efforts[at] = isOpening ? OPENED : 0;
    }
  }

  /** True for a source that is noted and whose first packet opened a connection. */
  hasOpened(source: number): boolean {
    return this.isNoted(source) && (this.efforts[source & (TAGS - 1)] & OPENED) !== 0;
  }

  /** A noted source begins an attempt: how many it began of late, at most `EFFORT_MAX`, without this one. */
  begins(source: number): number {
    const { efforts } = this;
    const at = source & (TAGS - 1);
    const effort = efforts[at] & EFFORT_MAX;
    if (effort < EFFORT_MAX) efforts[at]++;
    return effort;
  }

  /** The same of a segment that seems to go on with what its source opened: nobody chooses which of them counts. */
  goesOn(source: number): number {
    this.segments = (this.segments + 1) % SEGMENTS;
    if (this.segments === 0) return this.begins(source);
    return this.efforts[source & (TAGS - 1)] & EFFORT_MAX;
  }
}
