// TCP header (RFC 9293 section 3.1). Knows bytes and the record; knows nothing of scans.

import { Field, Kind, Quirk } from "../../record.ts";
import { noteShort, type Packet } from "../packet.ts";
import { u16At, u32At } from "../read.ts";
import { decodeTcpOptions } from "./tcp_options.ts";

/** Byte offsets in the header. */
const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const SEQUENCE = 4;
const ACKNOWLEDGEMENT = 8;
const DATA_OFFSET = 12; // high four bits, in units of 4 bytes; low four reserved
const FLAGS = 13;
const WINDOW = 14;
const URGENT = 18;

/** The fixed part. */
export const TCP_HEADER_BYTES_MIN = 20;
/** With fewer bytes the flags are unknown, and a record without them says nothing of a probe. */
export const TCP_BYTES_TO_FLAGS = 14;

/**
 * Decodes the TCP header that the payload begins with.
 *
 * From 20 captured bytes on everything is written. From 14 on, `Quirk.Truncated` is noted and window
 * and urgent pointer are written as far as they were captured. Below 14 the record becomes a
 * `Kind.Ip` without ports, with `Quirk.Truncated`. Where it is IP that says so few bytes (and not
 * the capture that was cut), `Quirk.BadTransportLength` is noted too.
 */
export function decodeTcp(packet: Packet): void {
  const { payload: bytes, payloadAt: at, payloadEnd: end, payloadLength: length } = packet;
  const captured = end - at;
  if (captured < TCP_BYTES_TO_FLAGS) {
    noteShort(packet, TCP_HEADER_BYTES_MIN);
    packet.putU8(Field.Kind, Kind.Ip);
    packet.putU32(Field.PayloadLength, length);
    return;
  }
  const { base, record, u16, u32 } = packet;
  u16[(base + Field.SourcePort) >> 1] = u16At(bytes, at + SOURCE_PORT);
  u16[(base + Field.DestinationPort) >> 1] = u16At(bytes, at + DESTINATION_PORT);
  u32[(base + Field.Sequence) >> 2] = u32At(bytes, at + SEQUENCE);
  u32[(base + Field.Acknowledgement) >> 2] = u32At(bytes, at + ACKNOWLEDGEMENT);
  const offset = bytes[at + DATA_OFFSET];
  const claimed = offset >> 4 << 2;
  record[base + Field.TransportHeaderLength] = claimed;
  record[base + Field.TcpFlags] = bytes[at + FLAGS];
  record[base + Field.Kind] = Kind.Tcp;
  if ((offset & 0x0f) !== 0) packet.quirks |= Quirk.TcpReserved;

  let header = claimed;
  if (claimed < TCP_HEADER_BYTES_MIN) {
    packet.quirks |= Quirk.BadTransportLength;
    header = TCP_HEADER_BYTES_MIN;
  }
  if (header > length && !packet.isPartial) packet.quirks |= Quirk.BadTransportLength;
  u32[(base + Field.PayloadLength) >> 2] = header < length ? length - header : 0;
  if (captured >= TCP_HEADER_BYTES_MIN) {
    u16[(base + Field.Window) >> 1] = u16At(bytes, at + WINDOW);
    u16[(base + Field.Urgent) >> 1] = u16At(bytes, at + URGENT);
    if (header > TCP_HEADER_BYTES_MIN) {
      decodeTcpOptions(packet, bytes, at + TCP_HEADER_BYTES_MIN, at + header, end);
    }
    return;
  }
  noteShort(packet, TCP_HEADER_BYTES_MIN);
  if (captured >= WINDOW + 2) {
    u16[(base + Field.Window) >> 1] = u16At(bytes, at + WINDOW);
  }
}
