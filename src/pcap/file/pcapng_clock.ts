// Timestamps of one pcapng interface: 64-bit ticks of any resolution to whole microseconds, without
// BigInt and without rounding. Knows numbers only (draft-ietf-opsawg-pcapng, section 4.2).

import { type CurrentPacket, TIME_US_MAX } from "./step.ts";

/** if_tsresol when the option is absent: microseconds. */
export const RESOLUTION_MICROSECONDS = 6;

const RESOLUTION_NANOSECONDS = 9;
const BINARY = 0x80; // the octet's highest bit: a negative power of 2, else of 10
/** Ticks per second must fit 64 bits, as in libpcap. */
const DECIMAL_MAX = 19;
const BINARY_MAX = 63;
const TWO_32 = 2 ** 32;

/** Can `PcapngClock` count in this if_tsresol? */
export function isResolutionKnown(resolution: number): boolean {
  return resolution & BINARY ? (resolution ^ BINARY) <= BINARY_MAX : resolution <= DECIMAL_MAX;
}

/** Turns one interface's timestamps into microseconds and nanoseconds. Allocates at construction. */
export class PcapngClock {
  readonly #resolution: number;
  readonly #offsetUs: number;
  // What the last tick was split into.
  #seconds = 0;
  #nanos = 0;
  // What the last division left: a quotient of two 32-bit words, and the rest.
  #quotientHigh = 0;
  #quotientLow = 0;
  #remainder = 0;

  /** `resolution` is if_tsresol as written and known; `offsetSeconds` is if_tsoffset, whole. */
  constructor(resolution: number, offsetSeconds: number) {
    if (!isResolutionKnown(resolution)) {
      throw new RangeError(`Cannot create PcapngClock: resolution ${resolution} is not known`);
    }
    this.#resolution = resolution;
    this.#offsetUs = offsetSeconds * 1e6;
  }

  /**
   * Reads the tick at `view[at]`, two 32-bit words, the high one first, and writes its time into
   * `packet.timeUs` and `packet.nanos`. Finer time than a nanosecond is cut. A time before 1970
   * becomes 0, one after `TIME_US_MAX` becomes that, before the offset is added and again after:
   * never NaN, never negative, always whole.
   */
  read(view: DataView, at: number, little: boolean, packet: CurrentPacket): void {
    const high = view.getUint32(at, little);
    const low = view.getUint32(at + 4, little);
    let micros: number;
    let nanos = 0;
    if (this.#resolution === RESOLUTION_MICROSECONDS) {
      micros = high * TWO_32 + low;
    } else if (this.#resolution === RESOLUTION_NANOSECONDS) {
      // 1000 * 2^32 is far below 2^53, so this long division in two digits is exact.
      const first = Math.floor(high / 1000);
      const rest = (high - first * 1000) * TWO_32 + low;
      const second = Math.floor(rest / 1000);
      micros = first * TWO_32 + second;
      nanos = rest - second * 1000;
    } else {
      if (this.#resolution & BINARY) this.#splitBinary(high, low, this.#resolution ^ BINARY);
      else this.#splitDecimal(high, low, this.#resolution);
      const whole = Math.floor(this.#nanos / 1000);
      micros = this.#seconds * 1e6 + whole;
      nanos = this.#nanos - whole * 1000;
    }
    if (micros > TIME_US_MAX) {
      micros = TIME_US_MAX;
      nanos = 0;
    }
    micros += this.#offsetUs;
    if (micros < 0 || micros > TIME_US_MAX) {
      micros = micros < 0 ? 0 : TIME_US_MAX;
      nanos = 0;
    }
    packet.timeUs = micros;
    packet.nanos = nanos;
  }

  #splitDecimal(high: number, low: number, digits: number): void {
    if (digits > 9) {
      // Ticks to nanoseconds first: the floor of a floor is the floor of the whole.
      this.#divide(high, low, 10 ** (digits - 9));
      high = this.#quotientHigh;
      low = this.#quotientLow;
      digits = 9;
    }
    this.#divide(high, low, 10 ** digits);
    this.#seconds = this.#quotientHigh * TWO_32 + this.#quotientLow;
    this.#nanos = this.#remainder * 10 ** (9 - digits);
  }

  #splitBinary(high: number, low: number, bits: number): void {
    let seconds: number;
    // The part of a second, as a 64-bit fraction of one.
    let partHigh = 0;
    let partLow = 0;
    if (bits === 0) {
      seconds = high * TWO_32 + low;
    } else if (bits < 32) {
      seconds = high * 2 ** (32 - bits) + (low >>> bits);
      partHigh = (low << (32 - bits)) >>> 0;
    } else if (bits === 32) {
      seconds = high;
      partHigh = low;
    } else {
      seconds = high >>> (bits - 32);
      partHigh = ((high << (64 - bits)) | (low >>> (bits - 32))) >>> 0;
      partLow = (low << (64 - bits)) >>> 0;
    }
    // Times 10^9, from the lowest digit of 16 bits; no product is above 2^47.
    let carry = Math.floor((partLow & 0xffff) * 1e9 / 65536);
    carry = Math.floor(((partLow >>> 16) * 1e9 + carry) / 65536);
    carry = Math.floor(((partHigh & 0xffff) * 1e9 + carry) / 65536);
    carry = Math.floor(((partHigh >>> 16) * 1e9 + carry) / 65536);
    this.#seconds = seconds;
    this.#nanos = carry;
  }

  /** Long division in digits of 16 bits, exact for a divisor up to 2^37. */
  #divide(high: number, low: number, divisor: number): void {
    let rest = high;
    const first = Math.floor(rest / divisor);
    rest = (rest - first * divisor) * 65536 + (low >>> 16);
    const second = Math.floor(rest / divisor);
    rest = (rest - second * divisor) * 65536 + (low & 0xffff);
    const third = Math.floor(rest / divisor);
    this.#quotientHigh = first;
    this.#quotientLow = second * 65536 + third;
    this.#remainder = rest - third * divisor;
  }
}
