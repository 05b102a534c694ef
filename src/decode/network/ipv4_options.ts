// IPv4 options (RFC 791 section 3.1, RFC 2113). Knows which kinds are worth a name.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";

const END_OF_LIST = 0;
const NOP = 1;
const RECORD_ROUTE = 7;
const TIMESTAMP = 68;
const LOOSE_SOURCE_ROUTE = 131;
const STRICT_SOURCE_ROUTE = 137;
const ROUTER_ALERT = 148;

/** A kind's own quirk bit, 0 when it has none. */
function quirkOf(kind: number): number {
  switch (kind) {
    case RECORD_ROUTE:
      return Quirk.RecordRoute;
    case TIMESTAMP:
      return Quirk.IpTimestamp;
    case LOOSE_SOURCE_ROUTE:
      return Quirk.LooseSourceRoute;
    case STRICT_SOURCE_ROUTE:
      return Quirk.StrictSourceRoute;
    case ROUTER_ALERT:
      return Quirk.RouterAlert;
    default:
      return 0;
  }
}

/** Notes the options in bytes[at, end), at most 40 steps. An impossible length ends the walk. */
export function decodeIpv4Options(
  packet: Packet,
  bytes: Uint8Array,
  at: number,
  end: number,
): void {
  packet.quirks |= Quirk.IpOptions;
  while (at < end) {
    const kind = bytes[at];
    if (kind === END_OF_LIST) return;
    if (kind === NOP) {
      at++;
      continue;
    }
    packet.quirks |= quirkOf(kind);
    if (at + 1 >= end || bytes[at + 1] < 2) return;
    at += bytes[at + 1];
  }
}
