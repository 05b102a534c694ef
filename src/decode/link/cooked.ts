// Linux cooked captures, version 1 and 2: what libpcap makes of the device `any`, which has no one link
// layer. Knows who sent the packet, and where its network layer begins.

import { Quirk } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { decodeEtherType } from "./ethertype.ts";
import { decodeLlc } from "./llc.ts";

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

/** Version 1 (LINKTYPE_LINUX_SLL) at `at`. */
export function decodeCooked(packet: Packet, at: number): number {
  return decodeCookedHeader(packet, at, V1);
}

/** Version 2 (LINKTYPE_LINUX_SLL2) at `at`. */
export function decodeCooked2(packet: Packet, at: number): number {
  return decodeCookedHeader(packet, at, V2);
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
  if (protocol === PROTOCOL_LLC) return decodeLlc(packet, payload, packet.wireEnd);
  if (protocol < ETHERTYPE_MIN) return Reason.OtherLinkProtocol;
  return decodeEtherType(packet, protocol, payload, true);
}
