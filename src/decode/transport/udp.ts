// UDP header (RFC 768), and that of UDP-Lite (RFC 3828). Knows bytes and the record.

import { Field, Kind, Quirk } from "../../record.ts";
import { noteShort, type Packet } from "../packet.ts";
import { u16At } from "../read.ts";

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const LENGTH = 4;
export const UDP_HEADER_BYTES = 8;
const UDP_BYTES_TO_PORTS = 4;

/**
 * Decodes the UDP header that the payload begins with; `hasLength`: it says how long it is, where UDP-Lite says how much of
 * it is summed up. Below 8 captured bytes `Quirk.Truncated` is noted, below 4 the record becomes a `Kind.Ip`. A UDP length below 8 or
 * beyond the IP payload is noted as `Quirk.BadTransportLength`; 0 is an IPv6 jumbogram (RFC 2675).
 */
export function decodeUdp(packet: Packet, hasLength: boolean): void {
  const { payload: bytes, payloadAt: at, payloadEnd: end, payloadLength: length } = packet;
  const captured = end - at;
  if (captured < UDP_HEADER_BYTES) noteShort(packet, UDP_HEADER_BYTES);
  if (captured < UDP_BYTES_TO_PORTS) {
    packet.putU8(Field.Kind, Kind.Ip);
    packet.putU32(Field.PayloadLength, length);
    return;
  }
  packet.putU8(Field.Kind, Kind.Udp);
  packet.putU16(Field.SourcePort, u16At(bytes, at + SOURCE_PORT));
  packet.putU16(
    Field.DestinationPort,
    u16At(bytes, at + DESTINATION_PORT),
  );
  packet.putU32(Field.PayloadLength, length > UDP_HEADER_BYTES ? length - UDP_HEADER_BYTES : 0);
  if (!hasLength || captured < LENGTH + 2) return;
  const claimed = u16At(bytes, at + LENGTH);
  const short = claimed < UDP_HEADER_BYTES && (claimed !== 0 || length <= 0xffff);
  if (short || (claimed > length && !packet.isPartial)) packet.quirks |= Quirk.BadTransportLength;
}
