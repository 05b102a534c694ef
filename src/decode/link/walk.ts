// From layer to layer, by the type that each announces, down to the network layer. The only file that knows which
// decoder an EtherType has: no decoder calls another.

import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { decodeEthernet } from "./ethernet.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  isVlan,
  LENGTH_MAX,
  Next,
} from "./ethertype.ts";
import { decodeLlc, decodeSnap } from "./llc.ts";
import { decodeMpls } from "./mpls.ts";
import { decodeFrameRelay, decodeNlpid } from "./frame_relay.ts";
import { decodeCiscoHdlc, decodePpp, decodePppoe, decodePppProtocol } from "./ppp.ts";
import {
  decodeArista,
  decodeFrameInFrame,
  decodeMacsec,
  decodeNsh,
  decodeTag,
  decodeTrill,
  decodeVlan,
} from "./tags.ts";

/**
 * Follows what `packet.network` announces at `packet.at` until that is IP or ARP. Of two steps
 * one goes on by a byte at least, and the captured bytes bound it: a frame may hold as many tags as it has
 * room for.
 */
export function walk(packet: Packet): number {
  for (;;) {
    const { network, at } = packet;
    if (
      network === ETHERTYPE_IPV4 || network === ETHERTYPE_IPV6 || network === ETHERTYPE_ARP ||
      network === NETWORK_BY_VERSION
    ) return Reason.None;
    const reason = step(packet, network, at);
    if (reason !== Reason.None) return reason;
  }
}

function step(packet: Packet, network: number, at: number): number {
  if (isVlan(network)) return decodeVlan(packet, at);
  switch (network) {
    case 0x8847:
    case 0x8848: // with labels assigned upstream (RFC 5332)
      return decodeMpls(packet, at);
    case 0x8864:
      return decodePppoe(packet, at);
    case 0x88e5: // IEEE 802.1AE
      return decodeMacsec(packet, at);
    case 0x8926: // VN-Tag: four bytes
      return decodeTag(packet, at, 6);
    case 0x893f: // IEEE 802.1BR E-Tag: six bytes
    case 0x8909: // Cisco metadata: version, length, option, security group
    case 0xdada: // Marvell's switch tag with an EtherType: two bytes reserved, four of tag
      return decodeTag(packet, at, 8);
    case 0x88e7: // IEEE 802.1ah: the I-TAG's four bytes
      return decodeFrameInFrame(packet, at, 4);
    case 0x8903: // Cisco FabricPath: forwarding tag and TTL
      return decodeFrameInFrame(packet, at, 2);
    case 0x6558: // transparent Ethernet bridging
      return decodeFrameInFrame(packet, at, 0);
    case 0x22f3:
      return decodeTrill(packet, at);
    case 0x894f:
      return decodeNsh(packet, at);
    case 0xd28b:
      return decodeArista(packet, at);
    case 0x880b: // PPP
      return decodePpp(packet, at);
    case Next.Llc:
      return decodeLlc(packet, at, packet.wireEnd);
    case Next.Snap:
      return decodeSnap(packet, at);
    case Next.Ethernet:
      return decodeEthernet(packet, at);
    case Next.Ppp:
      return decodePppProtocol(packet, at);
    case Next.PppFramed:
      return decodePpp(packet, at);
    case Next.Hdlc:
      return decodeCiscoHdlc(packet, at);
    case Next.FrameRelay:
      return decodeFrameRelay(packet, at);
    case Next.Nlpid:
      return decodeNlpid(packet, at);
    default:
      if (network < 0 || network > LENGTH_MAX) return Reason.OtherLinkProtocol;
      return decodeLlc(packet, at, at + network);
  }
}
