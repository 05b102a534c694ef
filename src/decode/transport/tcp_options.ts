// TCP options (RFC 9293 section 3.2, RFC 7323, RFC 2018, RFC 2385, RFC 5482, RFC 7413). Knows the
// list's form and the values worth keeping.

import { Field, OptionNibble, Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u32At } from "../read.ts";

/** Option kinds. */
const END_OF_LIST = 0;
const NOP = 1;
const MSS = 2;
const WINDOW_SCALE = 3;
const SACK_PERMITTED = 4;
const SACK = 5;
const TIMESTAMP = 8;
const MD5 = 19;
const USER_TIMEOUT = 28;
const FAST_OPEN = 34;

// Own constants: V8 folds these into the code, but loads imported ones each time (see decoder.ts).
const { Mss, OptionLayout, TimestampValue, WindowScale } = Field;
const { BadOptions } = Quirk;
const NIBBLE_NOP = OptionNibble.Nop;
const NIBBLE_END_OF_LIST = OptionNibble.EndOfList;

/** Nibbles that fit into `Field.OptionLayout`. */
const LAYOUT_BITS = 32;

/** The only layout of an established connection on Linux, macOS and BSD: NOP NOP timestamp. */
const NOP_NOP_TIMESTAMP = NIBBLE_NOP | NIBBLE_NOP << 4 | OptionNibble.Timestamp << 8;

/** A kind's nibble in `Field.OptionLayout`. */
function nibbleOf(kind: number): number {
  switch (kind) {
    case MSS:
    case WINDOW_SCALE:
    case SACK_PERMITTED:
    case SACK:
    case TIMESTAMP:
      return kind; // these nibbles are the kinds themselves
    case MD5:
      return OptionNibble.Md5;
    case USER_TIMEOUT:
      return OptionNibble.UserTimeout;
    case FAST_OPEN:
      return OptionNibble.FastOpen;
    default:
      return OptionNibble.Other;
  }
}

/** The length a kind must have, 0 where it may vary. */
function lengthOf(kind: number): number {
  switch (kind) {
    case MSS:
      return 4;
    case WINDOW_SCALE:
      return 3;
    case SACK_PERMITTED:
      return 2;
    case TIMESTAMP:
      return 10;
    case MD5:
      return 18;
    case USER_TIMEOUT:
      return 4;
    default:
      return 0;
  }
}

/**
 * Walks the options in bytes[at, headerEnd), of which those below `end` were captured: at most 40
 * steps. A malformed option ends the walk with `Quirk.BadOptions`; one that the capture cut ends it
 * silently. What came before stays written.
 */
export function decodeTcpOptions(
  packet: Packet,
  bytes: Uint8Array,
  at: number,
  headerEnd: number,
  end: number,
): void {
  if (
    headerEnd - at === 12 && headerEnd <= end && bytes[at] === NOP && bytes[at + 1] === NOP &&
    bytes[at + 2] === TIMESTAMP && bytes[at + 3] === 10
  ) {
    packet.putU32(OptionLayout, NOP_NOP_TIMESTAMP);
    packet.putU32(TimestampValue, u32At(bytes, at + 4));
    return;
  }
  const limit = headerEnd < end ? headerEnd : end;
  let layout = 0, shift = 0;
  while (at < limit) {
    const kind = bytes[at];
    if (kind === END_OF_LIST || kind === NOP) {
      if (shift < LAYOUT_BITS) {
        layout |= (kind === NOP ? NIBBLE_NOP : NIBBLE_END_OF_LIST) << shift;
        shift += 4;
      }
      if (kind === END_OF_LIST) break;
      at++;
      continue;
    }
    if (at + 1 >= limit) {
      if (limit === headerEnd) packet.quirks |= BadOptions;
      break;
    }
    const length = bytes[at + 1];
    const fixed = lengthOf(kind);
    if (length < 2 || at + length > headerEnd || (fixed !== 0 && length !== fixed)) {
      packet.quirks |= BadOptions;
      break;
    }
    if (at + length > limit) break;
    if (shift < LAYOUT_BITS) {
      layout |= nibbleOf(kind) << shift;
      shift += 4;
    }
    if (kind === MSS) packet.putU16(Mss, bytes[at + 2] << 8 | bytes[at + 3]);
    else if (kind === WINDOW_SCALE) packet.putU8(WindowScale, bytes[at + 2]);
    else if (kind === TIMESTAMP) packet.putU32(TimestampValue, u32At(bytes, at + 2));
    at += length;
  }
  packet.putU32(OptionLayout, layout >>> 0);
}
