// Packets in packets: VXLAN (RFC 7348), Geneve (RFC 8926), GRE (RFC 2784, 2890), ERSPAN (draft-foschiano-erspan),
// IP in IP (RFC 2003, 4213), GTP-U (3GPP TS 29.281). Knows where the inner packet begins, and what it is;
// whether it is looked at is the caller's choice.

import { Field, Kind, Quirk } from "../record.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, follow, LENGTH_MAX, Next } from "./link/ethertype.ts";
import { NETWORK_BY_VERSION, type Packet } from "./packet.ts";
import { u16At } from "./read.ts";

/** Kinds of tunnels, each a bit of `DecodeLimits.inside`. */
export const Tunnel = {
  Vxlan: 1 << 0,
  Geneve: 1 << 1,
  Gre: 1 << 2,
  Erspan: 1 << 3,
  Ipip: 1 << 4,
  Gtp: 1 << 5,
} as const;

/** Those that carry copies of frames from elsewhere, which may have been cut where they were copied. */
const MIRRORS = Tunnel.Vxlan | Tunnel.Geneve | Tunnel.Gre | Tunnel.Erspan;

const UDP_HEADER_BYTES = 8;
/** Destination ports. Linux used 8472 before VXLAN had its own. */
const PORT_VXLAN = 4789;
const PORT_VXLAN_LINUX = 8472;
const PORT_GENEVE = 6081;
const PORT_GTP = 2152;
/** What comes to these may hold other packets. */
export const TUNNEL_PORTS: readonly number[] = [
  PORT_VXLAN,
  PORT_VXLAN_LINUX,
  PORT_GENEVE,
  PORT_GTP,
];
/** True for one of them. */
export function isTunnelPort(port: number): boolean {
  return port === PORT_VXLAN || port === PORT_VXLAN_LINUX || port === PORT_GENEVE ||
    port === PORT_GTP;
}

/** IP protocols. */
const IPV4 = 4;
const IPV6 = 41;
const GRE = 47;

/**
 * Is the packet that was just decoded a tunnel's? Returns its `Tunnel` bit, and then `packet.network` and
 * `packet.at` say what is inside and where; else 0. Fragments are not: what they hold lies in another place.
 */
export function findTunnel(packet: Packet): number {
  const { record, base, u16 } = packet;
  const kind = record[base + Field.Kind];
  if ((packet.quirks & Quirk.Fragment) !== 0) return 0;
  if (kind === Kind.Udp) return findInUdp(packet, u16[(base + Field.DestinationPort) >> 1]);
  if (kind !== Kind.Ip) return 0;
  const at = packet.payloadAt;
  switch (record[base + Field.Protocol]) {
    case IPV4:
      follow(packet, ETHERTYPE_IPV4, at);
      return Tunnel.Ipip;
    case IPV6:
      follow(packet, ETHERTYPE_IPV6, at);
      return Tunnel.Ipip;
    case GRE:
      return findInGre(packet, at);
    default:
      return 0;
  }
}

/** True where the inner packet may be shorter than it says of itself. */
export function mayBeCut(tunnel: number): boolean {
  return (tunnel & MIRRORS) !== 0;
}

function findInUdp(packet: Packet, port: number): number {
  const at = packet.payloadAt + UDP_HEADER_BYTES;
  if (port === PORT_VXLAN || port === PORT_VXLAN_LINUX) return findInVxlan(packet, at);
  if (port === PORT_GENEVE) return findInGeneve(packet, at);
  return port === PORT_GTP ? findInGtp(packet, at) : 0;
}

const VXLAN_BYTES = 8;
const VXLAN_HAS_NETWORK = 0x08;

function findInVxlan(packet: Packet, at: number): number {
  if (at + VXLAN_BYTES > packet.payloadEnd) return 0;
  if ((packet.bytes[at] & VXLAN_HAS_NETWORK) === 0) return 0;
  follow(packet, Next.Ethernet, at + VXLAN_BYTES);
  return Tunnel.Vxlan;
}

const GENEVE_BYTES = 8;
const GENEVE_OPTIONS = 0x3f; // of the first byte, in units of 4 bytes; the other bits are the version, 0

function findInGeneve(packet: Packet, at: number): number {
  const { bytes, payloadEnd } = packet;
  if (at + GENEVE_BYTES > payloadEnd || bytes[at] > GENEVE_OPTIONS) return 0;
  const type = u16At(bytes, at + 2);
  if (type <= LENGTH_MAX) return 0;
  follow(packet, type, at + GENEVE_BYTES + (bytes[at] << 2));
  return Tunnel.Geneve;
}

const GRE_BYTES = 4;
/** Of the first two bytes: checksum, routing, key, sequence, PPTP's acknowledgement, version. */
const GRE_CHECKSUM = 0x8000;
const GRE_ROUTING = 0x4000;
const GRE_KEY = 0x2000;
const GRE_SEQUENCE = 0x1000;
const GRE_ACKNOWLEDGEMENT = 0x0080;
const GRE_VERSION = 0x0007;
const GRE_ERSPAN = 0x88be; // types I and II
const GRE_ERSPAN_3 = 0x22eb;
const ERSPAN_2_BYTES = 8;
const ERSPAN_3_BYTES = 12;
/** Of type III's last byte: bytes of the platform's own follow. */
const ERSPAN_3_MORE = 0x01;
const ERSPAN_3_MORE_BYTES = 8;

function findInGre(packet: Packet, at: number): number {
  const { bytes, payloadEnd } = packet;
  if (at + GRE_BYTES > payloadEnd) return 0;
  const flags = u16At(bytes, at), type = u16At(bytes, at + 2);
  if ((flags & GRE_ROUTING) !== 0 || (flags & GRE_VERSION) > 1) return 0;
  let next = at + GRE_BYTES;
  if ((flags & GRE_CHECKSUM) !== 0) next += 4;
  if ((flags & GRE_KEY) !== 0) next += 4;
  if ((flags & GRE_SEQUENCE) !== 0) next += 4;
  if ((flags & GRE_ACKNOWLEDGEMENT) !== 0) next += 4;
  if (type === GRE_ERSPAN) {
    // Type I has nothing of its own, and no sequence number by which type II is told.
    const header = (flags & GRE_SEQUENCE) !== 0 ? ERSPAN_2_BYTES : 0;
    follow(packet, Next.Ethernet, next + header);
    return Tunnel.Erspan;
  }
  if (type === GRE_ERSPAN_3) {
    if (next + ERSPAN_3_BYTES > payloadEnd) return 0;
    const more = (bytes[next + ERSPAN_3_BYTES - 1] & ERSPAN_3_MORE) !== 0;
    const header = ERSPAN_3_BYTES + (more ? ERSPAN_3_MORE_BYTES : 0);
    follow(packet, Next.Ethernet, next + header);
    return Tunnel.Erspan;
  }
  if (type <= LENGTH_MAX) return 0;
  follow(packet, type, next);
  return Tunnel.Gre;
}

const GTP_BYTES = 8;
/** Of the first byte: version 1 and GTP (not GTP'); an extension, a sequence or a PDU number follows. */
const GTP_VERSION = 0xf0;
const GTP_VERSION_1 = 0x30;
const GTP_MORE = 0x07;
const GTP_EXTENSION = 0x04;
const GTP_MORE_BYTES = 4;
const GTP_USER_DATA = 0xff; // message type

function findInGtp(packet: Packet, at: number): number {
  const { bytes, payloadEnd } = packet;
  if (at + GTP_BYTES > payloadEnd || (bytes[at] & GTP_VERSION) !== GTP_VERSION_1) return 0;
  if (bytes[at + 1] !== GTP_USER_DATA) return 0;
  let next = at + GTP_BYTES;
  if ((bytes[at] & GTP_MORE) !== 0) {
    next += GTP_MORE_BYTES;
    if (next > payloadEnd) return 0;
    // Each extension says its length in units of 4 bytes, and at its end what comes next.
    let more = (bytes[at] & GTP_EXTENSION) !== 0 && bytes[next - 1] !== 0;
    while (more) {
      if (next >= payloadEnd || bytes[next] === 0) return 0;
      next += bytes[next] << 2;
      if (next > payloadEnd) return 0;
      more = bytes[next - 1] !== 0;
    }
  }
  follow(packet, NETWORK_BY_VERSION, next);
  return Tunnel.Gtp;
}
