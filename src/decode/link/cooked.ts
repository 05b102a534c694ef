// Linux cooked captures, version 1 and 2: the form that libpcap gives frames of the device `any`, which has no single
// link layer. Knows who sent the packet, and which tags remain.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow, isVlan, isWholeIp, Next } from "./ethertype.ts";

/** Version 1: packet type, device type (ARPHRD_), address length, address (8 bytes), protocol. */
const V1 = {
  packetType: 1,
  deviceType: 2,
  addressLength: 5,
  address: 6,
  protocol: 14,
  bytes: 16,
};
/** Version 2: protocol, 2 reserved, interface (4), device type, packet type (1), address length (1), address (8). */
const V2 = {
  packetType: 10,
  deviceType: 8,
  addressLength: 11,
  address: 12,
  protocol: 0,
  bytes: 20,
};
/** Of the addresses that fit into the 8 bytes, those of Ethernet's length are kept. */
const LINK_ADDRESS_BYTES = 6;

/** Packet types (PACKET_ in Linux's if_packet.h). */
const BROADCAST = 1;
const MULTICAST = 2;
const OUTGOING = 4;
/** Device types whose protocol field is no EtherType: FRAD, radiotap, netlink. */
const DEVICE_FRAD = 770;
const DEVICE_RADIOTAP = 803;
const DEVICE_NETLINK = 824;
/** Protocol "802.2": LLC follows. Everything else below an EtherType is another protocol. */
const PROTOCOL_LLC = 4;
const ETHERTYPE_MIN = 0x0600;
const VLAN_TAG_BYTES = 4;

/** Version 1 (LINKTYPE_LINUX_SLL) at `at`. */
export function decodeCooked(packet: Packet, at: number): number {
  return decodeCookedHeader(packet, at, V1);
}

/** Version 2 (LINKTYPE_LINUX_SLL2) at `at`. */
export function decodeCooked2(packet: Packet, at: number): number {
  return decodeCookedHeader(packet, at, V2);
}

/**
 * A payload at `at` that is announced as `protocol`, which may be wrong about tags. Linux (6.12 on) announces
 * what is behind all tags, though it took off only the first: the payload then begins with the rest of the
 * second, which is its control and the type of what follows it. libpcap puts the first one back before that.
 */
function decodeTagged(packet: Packet, protocol: number, at: number): number {
  const { bytes, end } = packet;
  while (isVlan(protocol) && at + VLAN_TAG_BYTES <= end) {
    packet.quirks |= Quirk.Vlan;
    protocol = u16At(bytes, at + 2);
    at += VLAN_TAG_BYTES;
  }
  const isIp = protocol === ETHERTYPE_IPV4 || protocol === ETHERTYPE_IPV6;
  if (protocol !== 0 && !isIp) return follow(packet, protocol, at);
  // What begins like IP and has IP's lengths is IP, whatever else it may look like.
  for (let next = at; next + VLAN_TAG_BYTES <= end; next += VLAN_TAG_BYTES) {
    if (isIp && isWholeIp(packet, next, protocol === ETHERTYPE_IPV4 ? 4 : 6)) {
      return follow(packet, protocol, next);
    }
    const type = u16At(bytes, next + 2);
    const isLast = protocol === 0 ? type >= ETHERTYPE_MIN : type === protocol;
    if (!isVlan(type) && !isLast) break;
    packet.quirks |= Quirk.Vlan;
    if (!isVlan(type)) return follow(packet, type, next + VLAN_TAG_BYTES);
  }
  return protocol === 0 ? Reason.OtherLinkProtocol : follow(packet, protocol, at);
}

function decodeCookedHeader(packet: Packet, at: number, header: typeof V1): number {
  const { bytes, end } = packet;
  const payload = at + header.bytes;
  if (payload > end) return Reason.LinkCut;
  const type = bytes[at + header.packetType];
  if (type === OUTGOING) packet.quirks |= Quirk.Outgoing;
  else if (type === BROADCAST || type === MULTICAST) packet.quirks |= Quirk.LinkMulticast;
  if (bytes[at + header.addressLength] === LINK_ADDRESS_BYTES) {
    packet.linkSource = at + header.address;
  }
  const device = u16At(bytes, at + header.deviceType);
  if (device === DEVICE_FRAD || device === DEVICE_RADIOTAP || device === DEVICE_NETLINK) {
    return Reason.OtherLinkProtocol;
  }
  const protocol = u16At(bytes, at + header.protocol);
  if (protocol === PROTOCOL_LLC) return follow(packet, Next.Llc, payload);
  // 0 is what Linux says of more tags than it follows itself.
  if (protocol !== 0 && protocol < ETHERTYPE_MIN) return Reason.OtherLinkProtocol;
  return decodeTagged(packet, protocol, payload);
}
