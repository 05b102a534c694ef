// A packet as a record, for tests: what a decoder would have written, without bytes.

import { parseAddress } from "../../../src/address.ts";
import { Field, Kind, linkSourceField, Quirk, type Records } from "../../../src/record.ts";

export interface Packet {
  from: string;
  to: string;
  kind?: number;
  sport?: number;
  dport?: number;
  flags?: number;
  seq?: number;
  ack?: number;
  payload?: number;
  ttl?: number;
  ipId?: number;
  window?: number;
  type?: number;
  code?: number;
  protocol?: number;
  timestamp?: number;
  /** TCP option kinds in order, as `OptionNibble` has them. */
  options?: number[];
  quirks?: number;
  /** Index of the capture interface. */
  interface?: number;
  /** Of the packet quoted in an ICMP error. */
  innerTtl?: number;
  /** The packet quoted in an ICMP error. */
  inner?: { from: string; to: string; protocol: number; sport: number; dport: number };
  /** Link-layer source address. */
  mac?: number[];
  /** Of neighbour discovery: who asks, and for whom. */
  neighbour?: { from: string; to: string };
}

const PROTOCOLS: Record<number, number> = {
  [Kind.Tcp]: 6,
  [Kind.Udp]: 17,
  [Kind.Icmp]: 1,
  [Kind.Icmp6]: 58,
  [Kind.Sctp]: 132,
};

/** Addresses by their text: traffic has few, and each comes often. */
const ADDRESSES = new Map<string, Uint8Array>();

/** For tests of so many addresses that they would fill the memory. */
export function forgetAddresses(): void {
  ADDRESSES.clear();
}

function addressOf(text: string): Uint8Array {
  let bytes = ADDRESSES.get(text);
  if (bytes === undefined) ADDRESSES.set(text, bytes = parseAddress(text)!);
  return bytes;
}

/** Makes the first record that of a packet. */
export function writePacket(
  { bytes, u16, u32, f64 }: Records,
  packet: Packet,
  timeUs: number,
): void {
  bytes.fill(0);
  f64[0] = timeUs;
  const kind = packet.kind ?? Kind.Tcp;
  bytes.set(addressOf(packet.from), Field.Source);
  bytes.set(addressOf(packet.to), Field.Destination);
  u16[Field.SourcePort >> 1] = packet.sport ?? 0;
  u16[Field.DestinationPort >> 1] = packet.dport ?? 0;
  u32[Field.Sequence >> 2] = packet.seq ?? 0;
  u32[Field.Acknowledgement >> 2] = packet.ack ?? 0;
  u16[Field.IpId >> 1] = packet.ipId ?? 0;
  u16[Field.Window >> 1] = packet.window ?? 0;
  u32[Field.PayloadLength >> 2] = packet.payload ?? 0;
  u32[Field.TimestampValue >> 2] = packet.timestamp ?? 0;
  const layout = (packet.options ?? []).reduce((sum, kind, i) => sum | kind << 4 * i, 0);
  u32[Field.OptionLayout >> 2] = layout >>> 0;
  u16[Field.Interface >> 1] = packet.interface ?? 0;
  bytes[Field.TcpFlags] = packet.flags ?? 0;
  bytes[Field.Ttl] = packet.ttl ?? 50;
  bytes[Field.Kind] = kind;
  bytes[Field.IpVersion] = kind === Kind.Arp ? 0 : packet.from.includes(":") ? 6 : 4;
  bytes[Field.Type] = packet.type ?? 0;
  bytes[Field.Code] = packet.code ?? 0;
  bytes[Field.Protocol] = packet.protocol ?? PROTOCOLS[kind] ?? 0;
  let quirks = packet.quirks ?? 0;
  if (packet.inner !== undefined) {
    quirks |= Quirk.Inner | Quirk.InnerPorts;
    bytes.set(addressOf(packet.inner.from), Field.InnerSource);
    bytes.set(addressOf(packet.inner.to), Field.InnerDestination);
    bytes[Field.InnerTtl] = packet.innerTtl ?? 40;
    bytes[Field.InnerProtocol] = packet.inner.protocol;
    u16[Field.InnerSourcePort >> 1] = packet.inner.sport;
    u16[Field.InnerDestinationPort >> 1] = packet.inner.dport;
  }
  if (packet.neighbour !== undefined) {
    bytes.set(addressOf(packet.neighbour.from), Field.InnerSource);
    bytes.set(addressOf(packet.neighbour.to), Field.InnerDestination);
    bytes[Field.InnerProtocol] = 58;
  }
  u32[Field.Quirks >> 2] = quirks;
  if (packet.mac !== undefined) bytes.set(packet.mac, linkSourceField(kind));
}
