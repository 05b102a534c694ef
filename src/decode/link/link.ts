// From a link type (LINKTYPE_ value of a capture file, https://www.tcpdump.org/linktypes.html) to its
// decoder. Knows which link types have one.

import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { Reason } from "../reason.ts";
import { decodeCooked, decodeCooked2 } from "./cooked.ts";
import { decodeEthernet, decodeEthernetWithTag, looksLikeEthernet } from "./ethernet.ts";
import { Next } from "./ethertype.ts";
import { decodePflog } from "./firewall.ts";
import { decodeFrameRelay } from "./frame_relay.ts";
import { decodeLoopback } from "./loopback.ts";
import {
  decodeArcnet,
  decodeFddi,
  decodeFixed,
  decodeIpoib,
  decodeNflog,
  decodeSunAtm,
} from "./others.ts";
import { decodeCiscoHdlc, decodePpp, decodePppd, decodePppoe } from "./ppp.ts";
import { walk } from "./walk.ts";
import { decodePpi, decodePrism, decodeRadiotap, decodeWifi } from "./wifi.ts";
import { decodeJuniper, isPktap, openPktap } from "./wrapped.ts";

/** The numbers of link types (LINKTYPE_ without the prefix; raw IP as old BSDs wrote it besides). */
const LinkType = {
  Null: 0,
  Ethernet: 1,
  Arcnet: 7,
  Slip: 8,
  Ppp: 9,
  Fddi: 10,
  RawBsd: 12,
  RawOpenBsd: 14,
  PppHdlc: 50,
  PppEther: 51,
  AtmRfc1483: 100,
  Raw: 101,
  CiscoHdlc: 104,
  Wifi: 105,
  AtmClip: 106,
  FrameRelay: 107,
  Loop: 108,
  Enc: 109,
  LinuxCooked: 113,
  Pflog: 117,
  Prism: 119,
  SunAtm: 123,
  Radiotap: 127,
  ArcnetLinux: 129,
  User2: 149,
  Avs: 163,
  Pppd: 166,
  JuniperEther: 178,
  JuniperPpp: 179,
  JuniperFrameRelay: 180,
  JuniperHdlc: 181,
  Ppi: 192,
  PppWithDirection: 204,
  HdlcWithDirection: 205,
  FrameRelayWithDirection: 206,
  Ipnet: 226,
  Ipv4: 228,
  Ipv6: 229,
  Nflog: 239,
  NetAnalyzer: 240,
  Ipoib: 242,
  Pktap: 258,
  EthernetMpacket: 274,
  LinuxCooked2: 276,
  DsaBroadcom: 281,
  DsaBroadcomFirst: 282,
  /** IEEE 802.15.4's; but files with the tag of the one after it have been written with this number. */
  DsaOrWpan: 283,
  Dsa: 284,
  DsaEthertype: 285,
} as const;

/** All of them, in order. */
export const LINK_TYPES: readonly number[] = Object.values(LinkType);

const SLIP_HEADER_BYTES = 16;
const ENC_HEADER_BYTES = 12;
const IPNET_HEADER_BYTES = 24;
const NETANALYZER_HEADER_BYTES = 4;
const MPACKET_PREAMBLE_BYTES = 8;
const SWITCH_TAG_BYTES = 4;
/** A switch's tag behind an EtherType of its own and two bytes. */
const SWITCH_ETHERTYPE_BYTES = 8;

/** True for a link type that is decoded. */
export function isLinkTypeKnown(linkType: number): boolean {
  return LINK_TYPES.includes(linkType);
}

/**
 * Decodes the link layer of the frame at `at`: writes `packet.network` (IPv4's, IPv6's or ARP's EtherType,
 * or `NETWORK_BY_VERSION`) and `packet.at`, and may bring `packet.wireEnd` and `packet.end` nearer. Returns
 * a `Reason`.
 */
export function decodeLink(packet: Packet, linkType: number, at: number): number {
  if (linkType === LinkType.Pktap || linkType === LinkType.User2) {
    if (linkType === LinkType.User2 && !isPktap(packet, at)) return Reason.UnknownLinkType;
    linkType = openPktap(packet, at);
    if (linkType < 0) return -linkType;
    at = packet.at;
  }
  const reason = decodeFirst(packet, linkType, at);
  return reason === Reason.None ? walk(packet) : reason;
}

/** The header that the link type says is first. */
function decodeFirst(packet: Packet, linkType: number, at: number): number {
  switch (linkType) {
    case LinkType.Ethernet:
      return decodeEthernet(packet, at);
    case LinkType.LinuxCooked:
      return decodeCooked(packet, at);
    case LinkType.LinuxCooked2:
      return decodeCooked2(packet, at);
    case LinkType.Raw:
    case LinkType.RawBsd:
    case LinkType.RawOpenBsd:
    case LinkType.Ipv4:
    case LinkType.Ipv6:
    case LinkType.AtmClip:
      return decodeFixed(packet, at, 0, NETWORK_BY_VERSION);
    case LinkType.Null:
    case LinkType.Loop:
      return decodeLoopback(packet, at);
    case LinkType.Pflog:
      return decodePflog(packet, at);
    case LinkType.Enc:
      return decodeFixed(packet, at, ENC_HEADER_BYTES, NETWORK_BY_VERSION);
    case LinkType.Ipnet:
      return decodeFixed(packet, at, IPNET_HEADER_BYTES, NETWORK_BY_VERSION);
    case LinkType.Nflog:
      return decodeNflog(packet, at);
    case LinkType.Ipoib:
      return decodeIpoib(packet, at);
    case LinkType.DsaOrWpan:
      return looksLikeEthernet(packet, at, SWITCH_TAG_BYTES)
        ? decodeEthernetWithTag(packet, at, SWITCH_TAG_BYTES)
        : Reason.UnknownLinkType;
    case LinkType.Dsa:
    case LinkType.DsaBroadcom:
      return decodeEthernetWithTag(packet, at, SWITCH_TAG_BYTES);
    case LinkType.DsaEthertype:
      return decodeEthernetWithTag(packet, at, SWITCH_ETHERTYPE_BYTES);
    case LinkType.DsaBroadcomFirst:
      return decodeFixed(packet, at, SWITCH_TAG_BYTES, Next.Ethernet);
    case LinkType.NetAnalyzer:
      return decodeFixed(packet, at, NETANALYZER_HEADER_BYTES, Next.Ethernet);
    case LinkType.EthernetMpacket:
      return decodeFixed(packet, at, MPACKET_PREAMBLE_BYTES, Next.Ethernet);
    case LinkType.JuniperEther:
      return decodeJuniper(packet, at, Next.Ethernet);
    case LinkType.JuniperPpp:
      return decodeJuniper(packet, at, Next.PppFramed);
    case LinkType.JuniperFrameRelay:
      return decodeJuniper(packet, at, Next.FrameRelay);
    case LinkType.JuniperHdlc:
      return decodeJuniper(packet, at, Next.Hdlc);
    case LinkType.Wifi:
      return decodeWifi(packet, at, false);
    case LinkType.Radiotap:
      return decodeRadiotap(packet, at);
    case LinkType.Ppi:
      return decodePpi(packet, at);
    case LinkType.Prism:
    case LinkType.Avs:
      return decodePrism(packet, at);
    default:
      return decodeSerial(packet, linkType, at);
  }
}

/** The same for lines and rings, which are rarer still. */
function decodeSerial(packet: Packet, linkType: number, at: number): number {
  switch (linkType) {
    case LinkType.Slip:
      return decodeFixed(packet, at, SLIP_HEADER_BYTES, NETWORK_BY_VERSION);
    case LinkType.Ppp:
    case LinkType.PppHdlc:
      return decodePpp(packet, at);
    case LinkType.PppEther:
      return decodePppoe(packet, at);
    case LinkType.Pppd:
      return decodePppd(packet, at);
    case LinkType.PppWithDirection:
      return decodeFixed(packet, at, 1, Next.PppFramed);
    case LinkType.CiscoHdlc:
      return decodeCiscoHdlc(packet, at);
    case LinkType.HdlcWithDirection:
      return decodeFixed(packet, at, 1, Next.Hdlc);
    case LinkType.FrameRelay:
      return decodeFrameRelay(packet, at);
    case LinkType.FrameRelayWithDirection:
      return decodeFixed(packet, at, 1, Next.FrameRelay);
    case LinkType.Fddi:
      return decodeFddi(packet, at);
    case LinkType.AtmRfc1483:
      return decodeFixed(packet, at, 0, Next.Llc);
    case LinkType.SunAtm:
      return decodeSunAtm(packet, at);
    case LinkType.Arcnet:
      return decodeArcnet(packet, at, 0);
    case LinkType.ArcnetLinux:
      return decodeArcnet(packet, at, 2);
    default:
      return Reason.UnknownLinkType;
  }
}
