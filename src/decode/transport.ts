// From an IP protocol number to its decoder. Knows which protocols have one.

import { Field, Kind } from "../record.ts";
import { decodeIcmp, decodeIcmp6 } from "./icmp.ts";
import type { Packet } from "./packet.ts";
import { decodeSctp } from "./sctp.ts";
import { decodeTcp } from "./tcp.ts";
import { decodeUdp } from "./udp.ts";

/** Assigned IP protocol numbers. */
export const IpProtocol = {
  Icmp: 1,
  Tcp: 6,
  Udp: 17,
  Icmp6: 58,
  Sctp: 132,
} as const;

/**
 * Decodes what IP carries: captured in bytes[at, end), `length` bytes long by the IP header (not
 * less than captured). Writes kind, protocol and everything above IP. `partial` says that `length`
 * is not the whole datagram's, so that lengths inside are not held against it.
 */
export function decodeTransport(
  packet: Packet,
  protocol: number,
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  partial: boolean,
): void {
  packet.putU8(Field.Protocol, protocol);
  switch (protocol) {
    case IpProtocol.Tcp:
      return decodeTcp(packet, bytes, at, end, length, partial);
    case IpProtocol.Udp:
      return decodeUdp(packet, bytes, at, end, length, partial);
    case IpProtocol.Icmp:
      return decodeIcmp(packet, bytes, at, end, length, partial);
    case IpProtocol.Icmp6:
      return decodeIcmp6(packet, bytes, at, end, length, partial);
    case IpProtocol.Sctp:
      return decodeSctp(packet, bytes, at, end, length, partial);
    default:
      packet.putU8(Field.Kind, Kind.Ip);
      packet.putU32(Field.PayloadLength, length);
  }
}
