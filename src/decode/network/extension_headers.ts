// IPv6 extension headers (RFC 8200 section 4; AH: RFC 4302; Mobility: RFC 6275; HIP: RFC 7401; Shim6:
// RFC 5533). Knows how long each is; stops at what it cannot look behind.

import { Quirk } from "../../record.ts";
import { Counter } from "../counters.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";

/** Assigned protocol numbers. */
const HOP_BY_HOP = 0;
const ROUTING = 43;
export const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HIP = 139;
const SHIM6 = 140;
/** Nothing follows. ESP (50) ends the walk as any upper protocol does: what follows is encrypted. */
export const NO_NEXT_HEADER = 59;

export const FRAGMENT_HEADER_BYTES = 8;

/** In the Fragment header: where offset and "more fragments" are, and which bits they are. */
const OFFSET_AND_MORE = 2;
const IS_FRAGMENT = 0xfff9; // the other bits are reserved

/** True for a header that says what follows it and how long it is; Fragment is another matter. */
function isSkipped(protocol: number): boolean {
  switch (protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case AUTHENTICATION:
    case DESTINATION_OPTIONS:
    case MOBILITY:
    case HIP:
    case SHIM6:
      return true;
    default:
      return false;
  }
}

/**
 * Skips extension headers from `at` on, of which those below `end` were captured, at most
 * `limits.extensionHeaders`. Leaves in `packet.upper` and `packet.upperAt` the first protocol that is
 * not one of them, and where it begins. An extension header there says that the walk could not go on:
 * it was cut (`Quirk.Truncated`), there were too many (counted), or it is the Fragment header of a real
 * fragment. Atomic fragments (offset 0, no more: RFC 6946) are whole packets, so their header is skipped
 * like any other, as often as it comes: the kernel does the same. Length 0 means 8 bytes.
 */
export function skipExtensionHeaders(
  packet: Packet,
  protocol: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): void {
  let left = packet.limits.extensionHeaders;
  while (protocol === FRAGMENT || isSkipped(protocol)) {
    if (protocol !== FRAGMENT) packet.quirks |= quirksOf(protocol);
    if (left-- === 0) {
      packet.counters[Counter.ExtensionHeadersExceeded]++;
      break;
    }
    const length = at + 2 <= end ? lengthOf(protocol, bytes[at + 1]) : 2;
    if (at + length > end) {
      packet.quirks |= Quirk.Truncated;
      break;
    }
    if (protocol === FRAGMENT && (u16At(bytes, at + OFFSET_AND_MORE) & IS_FRAGMENT) !== 0) break;
    protocol = bytes[at];
    at += length;
  }
  packet.upper = protocol;
  packet.upperAt = at;
}

function quirksOf(protocol: number): number {
  return protocol === ROUTING
    ? Quirk.ExtensionHeaders | Quirk.RoutingHeader
    : Quirk.ExtensionHeaders;
}

/** Bytes of a header whose length field is `field`: AH counts words of 4 less 2, others words of 8 less 1. */
function lengthOf(protocol: number, field: number): number {
  if (protocol === FRAGMENT) return FRAGMENT_HEADER_BYTES;
  return protocol === AUTHENTICATION ? (field + 2) * 4 : (field + 1) * 8;
}
