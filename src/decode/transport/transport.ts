// From an IP protocol number to its decoder. Knows which protocols have one.

import { Field, Kind } from "../../record.ts";
import { decodeIcmp, decodeIcmp6, ICMP_HEADER_BYTES } from "./icmp.ts";
import type { Packet } from "../packet.ts";
import { decodeSctp, SCTP_BYTES_TO_CHUNK } from "./sctp.ts";
import { decodeTcp, TCP_BYTES_TO_FLAGS } from "./tcp.ts";
import { decodeUdp, UDP_HEADER_BYTES } from "./udp.ts";

/** Assigned IP protocol numbers. */
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMP6 = 58;
const SCTP = 132;
/** UDP-Lite (RFC 3828): UDP but for the meaning of one field, so whoever probes it is told as of UDP. */
const UDP_LITE = 136;

/** Bytes of the transport header without which a fragment does not make it known. */
export function bytesToKnow(protocol: number): number {
  switch (protocol) {
    case TCP:
      return TCP_BYTES_TO_FLAGS;
    case UDP:
    case UDP_LITE:
      return UDP_HEADER_BYTES;
    case ICMP:
    case ICMP6:
      return ICMP_HEADER_BYTES;
    case SCTP:
      return SCTP_BYTES_TO_CHUNK;
    default:
      return 0;
  }
}

/** Decodes what IP carries, the packet's payload. Writes kind, protocol and everything above IP. */
export function decodeTransport(packet: Packet, protocol: number): void {
  packet.putU8(Field.Protocol, protocol);
  switch (protocol) {
    case TCP:
      return decodeTcp(packet);
    case UDP:
      return decodeUdp(packet, true);
    case UDP_LITE:
      return decodeUdp(packet, false);
    case ICMP:
      return decodeIcmp(packet);
    case ICMP6:
      return decodeIcmp6(packet);
    case SCTP:
      return decodeSctp(packet);
    default:
      packet.putU8(Field.Kind, Kind.Ip);
      packet.putU32(Field.PayloadLength, packet.payloadLength);
  }
}
