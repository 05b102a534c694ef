// IPv6 extension headers (RFC 8200 section 4; AH: RFC 4302; Mobility: RFC 6275; HIP: RFC 7401; Shim6:
// RFC 5533). Knows how long each is; stops at what it cannot look behind.

import { Quirk } from "../record.ts";
import { Counter } from "./counters.ts";
import type { Packet } from "./packet.ts";

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

/**
 * True for a header that says what follows it and how long it is. Fragment is not among these: the
 * walk stops there, and `ipv6.ts` decides.
 */
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
 * not one of them, and where it begins; an extension header there says that the walk could not go
 * on: it was cut (`Quirk.Truncated`) or there were too many (counted). Length 0 means 8 bytes.
 */
export function skipExtensionHeaders(
  packet: Packet,
  protocol: number,
  bytes: Uint8Array,
  at: number,
  end: number,
): void {
  let left = packet.limits.extensionHeaders;
  while (isSkipped(protocol)) {
    packet.quirks |= protocol === ROUTING
      ? Quirk.ExtensionHeaders | Quirk.RoutingHeader
      : Quirk.ExtensionHeaders;
    if (left-- === 0) {
      packet.counters[Counter.ExtensionHeadersExceeded]++;
      break;
    }
    if (at + 2 > end) {
      packet.quirks |= Quirk.Truncated;
      break;
    }
    // AH counts its length in words of 4 bytes less 2, all others in words of 8 less 1.
    const length = protocol === AUTHENTICATION ? (bytes[at + 1] + 2) * 4 : (bytes[at + 1] + 1) * 8;
    if (at + length > end) {
      packet.quirks |= Quirk.Truncated;
      break;
    }
    protocol = bytes[at];
    at += length;
  }
  packet.upper = protocol;
  packet.upperAt = at;
}
