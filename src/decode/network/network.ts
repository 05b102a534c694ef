// From what the link layer announced to the decoder of the network layer.

import { decodeArp } from "./arp.ts";
import type { Fragments } from "./fragments.ts";
import { decodeIpv4 } from "./ipv4.ts";
import { decodeIpv6 } from "./ipv6.ts";
import { ETHERTYPE_ARP, ETHERTYPE_IPV4, ETHERTYPE_IPV6 } from "../link/ethertype.ts";
import type { Packet } from "../packet.ts";
import { Reason } from "../reason.ts";

/** Decodes what begins at `packet.at` and is, by its EtherType, `packet.network`. */
export function decodeNetwork(packet: Packet, fragments: Fragments): number {
  const { network, at, bytes } = packet;
  if (network === ETHERTYPE_IPV4) return decodeIpv4(packet, fragments, at);
  if (network === ETHERTYPE_IPV6) return decodeIpv6(packet, fragments, at);
  if (network === ETHERTYPE_ARP) return decodeArp(packet, at);
  // The walk over the link layers ends with one of these three, or where only the version tells.
  if (at >= packet.end) return Reason.IpCut;
  return bytes[at] >> 4 === 6
    ? decodeIpv6(packet, fragments, at)
    : decodeIpv4(packet, fragments, at);
}
