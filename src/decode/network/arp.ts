// ARP for IPv4 (RFC 826; Reply and Request of RFC 5227 are the same form). Knows bytes and the record.

import { Field, Kind } from "../../record.ts";
import type { Packet } from "../packet.ts";
import { u16At } from "../read.ts";
import { Reason } from "../reason.ts";

const PROTOCOL_TYPE = 2;
const HARDWARE_LENGTH = 4;
const PROTOCOL_LENGTH = 5;
const OPERATION = 6;
const ARP_FIXED_BYTES = 8;
const PROTOCOL_IPV4 = 0x0800;
const IPV4_ADDRESS_BYTES = 4;

/**
 * Decodes ARP at `at` into sender's and target's IPv4 address and the operation (above 255: 0). The
 * hardware may be of any kind, as long as the addresses are IPv4's.
 */
export function decodeArp(packet: Packet, at: number): number {
  const { bytes, end } = packet;
  if (at + ARP_FIXED_BYTES > end) return Reason.ArpCut;
  if (
    u16At(bytes, at + PROTOCOL_TYPE) !== PROTOCOL_IPV4 ||
    bytes[at + PROTOCOL_LENGTH] !== IPV4_ADDRESS_BYTES
  ) return Reason.OtherArp;
  const hardware = bytes[at + HARDWARE_LENGTH];
  const source = at + ARP_FIXED_BYTES + hardware;
  const destination = source + IPV4_ADDRESS_BYTES + hardware;
  if (destination + IPV4_ADDRESS_BYTES > end) return Reason.ArpCut;
  const operation = u16At(bytes, at + OPERATION);
  packet.putU8(Field.Kind, Kind.Arp);
  packet.putU8(Field.Type, operation > 0xff ? 0 : operation);
  packet.putIpv4(Field.Source, bytes, source);
  packet.putIpv4(Field.Destination, bytes, destination);
  return Reason.None;
}
