// SCTP common header and first chunk (RFC 9260 section 3). Knows bytes and the record.

import { Field, Kind, Quirk } from "../../record.ts";
import { noteShort, type Packet } from "../packet.ts";
import { u16At, u32At } from "../read.ts";

const SOURCE_PORT = 0;
const DESTINATION_PORT = 2;
const VERIFICATION_TAG = 4;
const COMMON_HEADER_BYTES = 12;
const CHUNK_TYPE = 12;
const CHUNK_LENGTH = 14;
const INITIATE_TAG = 16;
const CHUNK_HEADER_BYTES = 4;
/** Common header and first chunk's header. */
export const SCTP_BYTES_TO_CHUNK = COMMON_HEADER_BYTES + CHUNK_HEADER_BYTES;
const SCTP_BYTES_TO_PORTS = 4;

/** Chunk types whose first word is the sender's initiate tag. */
const INIT = 1;
const INIT_ACK = 2;

/**
 * Decodes the common header and the first chunk's header, which the payload begins with. Below these 16 bytes `Quirk.Truncated` is noted and what was not captured stays 0;
 * below 4 the record becomes a `Kind.Ip`. A chunk length below 4 or beyond the packet is noted as
 * `Quirk.BadTransportLength`. A packet of the common header alone is legal on no path, so it is too.
 */
export function decodeSctp(packet: Packet): void {
  const { payload: bytes, payloadAt: at, payloadEnd: end, payloadLength: length } = packet;
  const captured = end - at;
  if (captured < SCTP_BYTES_TO_CHUNK) noteShort(packet, SCTP_BYTES_TO_CHUNK);
  if (captured < SCTP_BYTES_TO_PORTS) {
    packet.putU8(Field.Kind, Kind.Ip);
    packet.putU32(Field.PayloadLength, length);
    return;
  }
  packet.putU8(Field.Kind, Kind.Sctp);
  packet.putU16(Field.SourcePort, u16At(bytes, at + SOURCE_PORT));
  packet.putU16(Field.DestinationPort, u16At(bytes, at + DESTINATION_PORT));
  packet.putU32(
    Field.PayloadLength,
    length > COMMON_HEADER_BYTES ? length - COMMON_HEADER_BYTES : 0,
  );
  if (captured < VERIFICATION_TAG + 4) return;
  packet.putU32(Field.Sequence, u32At(bytes, at + VERIFICATION_TAG));
  if (captured <= CHUNK_TYPE) return;
  const type = bytes[at + CHUNK_TYPE];
  packet.putU8(Field.Type, type);
  if (captured < SCTP_BYTES_TO_CHUNK) return;
  const chunk = u16At(bytes, at + CHUNK_LENGTH);
  if (chunk < CHUNK_HEADER_BYTES || (chunk > length - COMMON_HEADER_BYTES && !packet.isPartial)) {
    packet.quirks |= Quirk.BadTransportLength;
  }
  if ((type === INIT || type === INIT_ACK) && captured >= INITIATE_TAG + 4) {
    packet.putU32(Field.Acknowledgement, u32At(bytes, at + INITIATE_TAG));
  }
}
