// From a link type (LINKTYPE_ value of a capture file, https://www.tcpdump.org/linktypes.html) to its
// decoder. Knows which link types have one.

import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { decodeEthernet } from "./ethernet.ts";
import { decodePpp } from "./ppp.ts";

/** LINKTYPE_ values. The raw ones have several numbers, because DLT_RAW differs between systems. */
export const ETHERNET = 1;
const PPP = 9;
const PPP_HDLC = 50;
const RAW_BSD = 12;
const RAW_OPENBSD = 14;
const RAW = 101;
const IPV4 = 228;
const IPV6 = 229;

/** True for a link type that `decodeLink` decodes. */
export function isLinkTypeKnown(linkType: number): boolean {
  switch (linkType) {
    case ETHERNET:
    case PPP:
    case PPP_HDLC:
    case RAW_BSD:
    case RAW_OPENBSD:
    case RAW:
    case IPV4:
    case IPV6:
      return true;
    default:
      return false;
  }
}

/** Writes `packet.network` and `packet.at` for the frame at `at`. */
export function decodeLink(packet: Packet, linkType: number, at: number): number {
  switch (linkType) {
    case ETHERNET:
      return decodeEthernet(packet, at);
    case PPP:
    case PPP_HDLC:
      return decodePpp(packet, at);
    case RAW_BSD:
    case RAW_OPENBSD:
    case RAW:
    case IPV4:
    case IPV6:
      packet.network = NETWORK_BY_VERSION;
      packet.at = at;
      return Reason.None;
    default:
      return Reason.UnknownLinkType;
  }
}
