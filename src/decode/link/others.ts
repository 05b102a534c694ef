// Rare link layers that are short to decode: Linux's netfilter log, FDDI, ATM, ARCnet, IP over InfiniBand, and
// headers of a fixed length. Knows what follows them.

import { Quirk } from "../../record.ts";
import { NETWORK_BY_VERSION, type Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";
import { GROUP } from "./ethernet.ts";
import {
  ETHERTYPE_ARP,
  ETHERTYPE_IPV4,
  ETHERTYPE_IPV6,
  follow,
  LENGTH_MAX,
  Next,
} from "./ethertype.ts";

const NFLOG_HEADER_BYTES = 4;
const ATTRIBUTE_HEADER_BYTES = 4;
const PAYLOAD = 9; // NFULA_PAYLOAD

/**
 * Netfilter log: family, version, resource, then attributes (length, type, value, padded to 4), one of
 * which is the packet. Lengths are in the order of the machine that captured: of the two readings, the
 * type tells, since all types are below 256. At most one step for every 4 captured bytes.
 */
export function decodeNflog(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + NFLOG_HEADER_BYTES > end) return Reason.LinkCut;
  let next = at + NFLOG_HEADER_BYTES;
  while (next + ATTRIBUTE_HEADER_BYTES <= end) {
    const little = bytes[next + 3] === 0;
    const length = little ? bytes[next] | bytes[next + 1] << 8 : u16At(bytes, next);
    const type = little ? bytes[next + 2] : bytes[next + 3];
    if (length < ATTRIBUTE_HEADER_BYTES) return Reason.LinkMalformed;
    if (type === PAYLOAD) {
      packet.cutAt(next + length);
      return follow(packet, NETWORK_BY_VERSION, next + ATTRIBUTE_HEADER_BYTES);
    }
    next += (length + 3) & ~3;
  }
  return Reason.LinkCut;
}

const FDDI_HEADER_BYTES = 13;
/** Frame control of a frame with LLC: the other bits are priority and address length. */
const FDDI_CLASS = 0xf8;
const FDDI_LLC = 0x50;
const FDDI_DESTINATION = 1;
const FDDI_SOURCE = 7;

/** FDDI: frame control and two addresses, then LLC. */
export function decodeFddi(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + FDDI_HEADER_BYTES > end) return Reason.LinkCut;
  if ((bytes[at] & FDDI_CLASS) !== FDDI_LLC) return Reason.OtherLinkProtocol;
  if ((bytes[at + FDDI_DESTINATION] & GROUP) !== 0) packet.quirks |= Quirk.LinkMulticast;
  packet.linkSource = at + FDDI_SOURCE;
  return follow(packet, Next.Llc, at + FDDI_HEADER_BYTES);
}

const SUN_ATM_HEADER_BYTES = 4;
const SUN_ATM_TRAFFIC = 0x0f;
const SUN_ATM_LLC = 2;

/** SunATM: direction and traffic type, circuit; then LLC if the type says so. */
export function decodeSunAtm(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + SUN_ATM_HEADER_BYTES > end) return Reason.LinkCut;
  if ((bytes[at] & SUN_ATM_TRAFFIC) !== SUN_ATM_LLC) return Reason.OtherLinkProtocol;
  return follow(packet, Next.Llc, at + SUN_ATM_HEADER_BYTES);
}

const INFINIBAND_ROUTE_BYTES = 40;
const IPOIB_HEADER_BYTES = 4;

/** IP over InfiniBand (RFC 4391 section 6): a global route header, an EtherType, two reserved bytes. */
export function decodeIpoib(packet: Packet, at: number): number {
  const header = at + INFINIBAND_ROUTE_BYTES, payload = header + IPOIB_HEADER_BYTES;
  if (payload > packet.end) return Reason.LinkCut;
  const type = u16At(packet.bytes, header);
  return type > LENGTH_MAX ? follow(packet, type, payload) : Reason.OtherLinkProtocol;
}

const ARCNET_TYPE = 2;
/** After the type, but for the two oldest (RFC 1051): flag, sequence; 3 bytes more where the flag says so. */
const ARCNET_SEQUENCE_BYTES = 3;
const ARCNET_EXCEPTION = 0xff;
const ARCNET_EXCEPTION_BYTES = 4;

/** ARCnet (RFC 1201): source, destination, then `offsetBytes` that Linux has, and the protocol. */
export function decodeArcnet(packet: Packet, at: number, offsetBytes: number): number {
  const { bytes, end } = packet;
  let next = at + ARCNET_TYPE + offsetBytes + 1;
  if (next > end) return Reason.LinkCut;
  const type = bytes[next - 1];
  const isOld = type === 240 || type === 241;
  if (!isOld) {
    if (next >= end) return Reason.LinkCut;
    const isException = bytes[next] === ARCNET_EXCEPTION;
    next += ARCNET_SEQUENCE_BYTES + (isException ? ARCNET_EXCEPTION_BYTES : 0);
    if (next > end) return Reason.LinkCut;
  }
  if (type === 212 || type === 240) return follow(packet, ETHERTYPE_IPV4, next);
  if (type === 213 || type === 241) return follow(packet, ETHERTYPE_ARP, next);
  return type === 196 ? follow(packet, ETHERTYPE_IPV6, next) : Reason.OtherLinkProtocol;
}

/** `headerBytes` that say nothing we need, then what `network` says (as `Packet.network`). */
export function decodeFixed(
  packet: Packet,
  at: number,
  headerBytes: number,
  network: number,
): number {
  if (at + headerBytes > packet.end) return Reason.LinkCut;
  return follow(packet, network, at + headerBytes);
}
