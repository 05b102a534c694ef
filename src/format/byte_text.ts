// Text written as bytes straight into a buffer: no string for a number or an address. For lines of
// which there are millions. Knows digits and addresses; no packet.

import { isMapped } from "../address.ts";

const ZERO = 0x30;
const COLON = 0x3a;
const DOT = 0x2e;
const HEX = ascii("0123456789abcdef");
/** A place for the digits of one number, last first. 2^53 has 16. */
const DIGITS_MAX = 20;

/** The bytes of printable ASCII text. */
export function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** `0.` to `255.`: three digits at most, a dot, and how many bytes that is. */
const OCTETS = Uint8Array.from(
  Array.from({ length: 256 }, (_, value) => [...ascii(`${value}.`.padEnd(4)), `${value}.`.length])
    .flat(),
);
const OCTET_BYTES = 5;

/**
 * A cursor over a buffer. Nothing here looks at the buffer's end: the caller keeps room for the
 * longest thing that it writes.
 */
export class ByteText {
  at = 0;
  private readonly digits = new Uint8Array(DIGITS_MAX);

  constructor(readonly bytes: Uint8Array) {}

  text(text: Uint8Array): void {
    const { bytes } = this;
    let at = this.at;
    for (let i = 0; i < text.length; i++) bytes[at++] = text[i];
    this.at = at;
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** A whole number from 0 to 2^32 - 1. */
  decimal(value: number): void {
    const { bytes, digits } = this;
    if (value < 10) {
      bytes[this.at++] = ZERO + value;
      return;
    }
    let count = 0;
    // Signed 32-bit arithmetic is the fast one: the last digit goes first where that is not enough.
    if (value > 0x7fffffff) {
      const rest = Math.floor(value / 10);
      digits[count++] = value - rest * 10;
      value = rest;
    }
    for (let rest = value | 0; rest > 0;) {
      const next = (rest / 10) | 0;
      digits[count++] = rest - next * 10;
      rest = next;
    }
    let at = this.at;
    while (count > 0) bytes[at++] = ZERO + digits[--count];
    this.at = at;
  }

  /** Exactly `width` digits, zeros in front. */
  padded(value: number, width: number): void {
    const { bytes } = this;
    let rest = value | 0;
    for (let at = this.at + width - 1; at >= this.at; at--) {
      const next = (rest / 10) | 0;
      bytes[at] = ZERO + rest - next * 10;
      rest = next;
    }
    this.at += width;
  }

  /** The 16 bytes at `from` as `formatAddress` has them: dotted quad, or RFC 5952. */
  address(from: Uint8Array, start: number): void {
    if (isMapped(from, start)) {
      for (let i = 12; i < 16; i++) this.octet(from[start + i]);
      this.at--; // the last dot
    } else {
      this.ipv6(from, start);
    }
  }

  /** One octet and a dot. */
  private octet(value: number): void {
    const { bytes } = this, from = value * OCTET_BYTES, at = this.at;
    bytes[at] = OCTETS[from];
    bytes[at + 1] = OCTETS[from + 1];
    bytes[at + 2] = OCTETS[from + 2];
    bytes[at + 3] = DOT;
    this.at = at + OCTETS[from + 4];
  }

  private ipv6(from: Uint8Array, start: number): void {
    // RFC 5952 section 4.2.3: the longest run of zero groups, the first of equals, never one alone.
    let best = -1, bestLength = 1;
    for (let i = 0; i < 8;) {
      let end = i;
      while (end < 8 && (from[start + 2 * end] | from[start + 2 * end + 1]) === 0) end++;
      if (end - i > bestLength) {
        best = i;
        bestLength = end - i;
      }
      i = end + 1;
    }
    for (let i = 0; i < 8; i++) {
      if (i === best) {
        this.byte(COLON);
        if (i + bestLength === 8) this.byte(COLON);
        i += bestLength - 1;
        continue;
      }
      if (i > 0) this.byte(COLON);
      this.hexGroup(from[start + 2 * i] << 8 | from[start + 2 * i + 1]);
    }
  }

  /** Four hexadecimal digits without leading zeros. */
  private hexGroup(value: number): void {
    let shift = 12;
    while (shift > 0 && value >> shift === 0) shift -= 4;
    for (; shift >= 0; shift -= 4) this.byte(HEX[value >> shift & 15]);
  }
}
