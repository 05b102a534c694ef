// What the packet filters and tunnels of the BSDs log: pf's log in the layout of each system, and IPsec's `enc`.
// Knows where IP begins, and which packets the machine itself sent.

import { Quirk } from "../../record.ts";
import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { follow } from "./ethertype.ts";

/**
 * pf's log: its length, address family, action, reason, interface, rules and more, padded to a multiple of
 * four. The first byte is the length without the padding: 61 in OpenBSD before 4.9 and FreeBSD, more where
 * rewritten addresses (OpenBSD) or a rule's identifier (pfSense) were added. 45 is the oldest there was.
 */
const PFLOG_BYTES_MIN = 45;
const PFLOG_DIRECTION = 60;
const PF_OUT = 2;

/** pf's log at `at`, then IP. */
export function decodePflog(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at >= end) return Reason.LinkCut;
  const length = bytes[at];
  if (length < PFLOG_BYTES_MIN) return Reason.LinkMalformed;
  const payload = at + ((length + 3) & ~3);
  if (payload > end) return Reason.LinkCut;
  if (length > PFLOG_DIRECTION && bytes[at + PFLOG_DIRECTION] === PF_OUT) {
    packet.quirks |= Quirk.Outgoing;
  }
  return follow(packet, NETWORK_BY_VERSION, payload);
}
