// The detector's own time: made from packet times, never runs back, never leaps. Knows numbers.
//
// A capture's clock may step back (a merged file, a host that sets its clock) or leap a year. What
// is behind the last packet is taken as the same moment; after a step of more than a moment the new
// time is the base from which later packets count. Who leaps back to where the clock was before goes on
// from there: two sensors whose clocks differ by hours may take turns in one capture. A leap is cut to a
// day: enough for everything that waits to fall due, not enough to wrap anything.

/** Packets out of order by less than this do not move the base. */
const REORDER_US = 10_000_000;
/** Longest step at once. */
const LEAP_US = 86_400_000_000;

/** Milliseconds since the first packet, modulo 2^32: compare by `since`, never by size. */
export class Clock {
  /** Where time starts: at a day, so that 0 always means "never" and is long ago. */
  static readonly START_MS = 86_400_000;

  /** Now. */
  ms = Clock.START_MS;
  /** The packet time that caused `ms`. Microseconds since 1970. */
  lastUs = NaN;
  /** The latest packet time of all, which a step back leaves ahead; 0 before the first packet. */
  latestUs = 0;
  private fractionUs = 0;

  /** Takes a packet's time. */
  advance(timeUs: number): void {
    let step = timeUs - this.lastUs;
    if (step === 0) return;
    if (step > 0) {
      if (step > REORDER_US && timeUs > this.latestUs - REORDER_US) {
        step = Math.max(0, timeUs - this.latestUs);
      }
      if (step > LEAP_US) step = LEAP_US;
      this.fractionUs += step;
      if (this.fractionUs >= 1000) {
        const ms = Math.floor(this.fractionUs / 1000);
        this.fractionUs -= ms * 1000;
        this.ms = (this.ms + ms) >>> 0;
      }
      this.lastUs = timeUs;
    } else if (!(step > -REORDER_US)) {
      this.lastUs = timeUs; // the first packet (NaN), or a step back
    }
    if (timeUs > this.latestUs) this.latestUs = timeUs;
  }

  /** The packet time at which the next millisecond begins; NaN before the first packet. */
  untilUs(): number {
    return this.lastUs + 1000 - this.fractionUs;
  }

  /** Milliseconds since `then`. */
  since(then: number): number {
    return (this.ms - then) >>> 0;
  }
}
