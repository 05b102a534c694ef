// From a link type (LINKTYPE_ value of a capture file, https://www.tcpdump.org/linktypes.html) to its
// decoder. Knows which link types have one.

import type { Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { decodeCooked, decodeCooked2 } from "./cooked.ts";
import { decodeEthernet } from "./ethernet.ts";
import { decodePppoe } from "./ethertype.ts";
import { decodeLoopback } from "./loopback.ts";
import {
  decodeBareIp,
  decodeBareLlc,
  decodeFddi,
  decodeFrameRelay,
  decodeNflog,
  decodeSunAtm,
} from "./others.ts";
import { decodeCiscoHdlc, decodePpp } from "./ppp.ts";
import { decodePpi, decodePrism, decodeRadiotap, decodeWifi } from "./wifi.ts";

const NULL = 0;
const ETHERNET = 1;
const PPP = 9;
const FDDI = 10;
/** Raw IP: libpcap's DLT_RAW has another number on most BSDs, and files have been written with it. */
const RAW_BSD = 12;
const RAW_OPENBSD = 14;
const PPP_HDLC = 50;
const PPP_ETHER = 51;
const ATM_RFC1483 = 100;
const RAW = 101;
const CISCO_HDLC = 104;
const WIFI = 105;
const FRAME_RELAY = 107;
const LOOP = 108;
const LINUX_COOKED = 113;
const PRISM = 119;
const SUN_ATM = 123;
const RADIOTAP = 127;
const AVS = 163;
const PPI = 192;
const IPNET = 226;
const IPV4 = 228;
const IPV6 = 229;
const NFLOG = 239;
const LINUX_COOKED_2 = 276;

/** All of them, in order. */
export const LINK_TYPES: readonly number[] = [
  NULL,
  ETHERNET,
  PPP,
  FDDI,
  RAW_BSD,
  RAW_OPENBSD,
  PPP_HDLC,
  PPP_ETHER,
  ATM_RFC1483,
  RAW,
  CISCO_HDLC,
  WIFI,
  FRAME_RELAY,
  LOOP,
  LINUX_COOKED,
  PRISM,
  SUN_ATM,
  RADIOTAP,
  AVS,
  PPI,
  IPNET,
  IPV4,
  IPV6,
  NFLOG,
  LINUX_COOKED_2,
];

const IPNET_HEADER_BYTES = 24;

/** True for a link type that is decoded. */
export function isLinkTypeKnown(linkType: number): boolean {
  return LINK_TYPES.includes(linkType);
}

/**
 * Decodes the link layer of the frame at `at`: writes `packet.network` and `packet.at`, and may bring
 * `packet.wireEnd` and `packet.end` nearer. Returns a `Reason`.
 */
export function decodeLink(packet: Packet, linkType: number, at: number): number {
  switch (linkType) {
    case ETHERNET:
      return decodeEthernet(packet, at);
    case LINUX_COOKED:
      return decodeCooked(packet, at);
    case LINUX_COOKED_2:
      return decodeCooked2(packet, at);
    case RAW:
    case RAW_BSD:
    case RAW_OPENBSD:
    case IPV4:
    case IPV6:
      return decodeBareIp(packet, at, 0);
    case NULL:
    case LOOP:
      return decodeLoopback(packet, at);
    case PPP:
    case PPP_HDLC:
      return decodePpp(packet, at);
    case PPP_ETHER:
      return decodePppoe(packet, at);
    case CISCO_HDLC:
      return decodeCiscoHdlc(packet, at);
    case WIFI:
      return decodeWifi(packet, at, false);
    case RADIOTAP:
      return decodeRadiotap(packet, at);
    case PPI:
      return decodePpi(packet, at);
    case PRISM:
    case AVS:
      return decodePrism(packet, at);
    case FRAME_RELAY:
      return decodeFrameRelay(packet, at);
    case NFLOG:
      return decodeNflog(packet, at);
    case FDDI:
      return decodeFddi(packet, at);
    case ATM_RFC1483:
      return decodeBareLlc(packet, at);
    case SUN_ATM:
      return decodeSunAtm(packet, at);
    case IPNET:
      return decodeBareIp(packet, at, IPNET_HEADER_BYTES);
    default:
      return Reason.UnknownLinkType;
  }
}
