// A row of packets in memory as savefiles hold them: before each, four words that say when and how long it
// was. Plain pcap files are such rows, and so is what libpcap dumps. Knows the words; nothing of frames.

/** Bytes before each packet: seconds, microseconds, captured bytes, bytes on the wire; little-endian (pcap-savefile(5)). */
export const ROW_HEADER_BYTES = 16;

/** libpcap takes no larger packet. */
const CAPTURED_BYTES_MAX = 262144;

/** The unread part of a buffer. Whoever decodes packets of it moves `at` on. */
export class PacketRow {
  declare readonly bytes: Uint8Array;
  declare readonly view: DataView;
  /** LINKTYPE_ value of all packets. */
  declare readonly linkType: number;
  /** Index of the interface of all packets. */
  declare readonly interfaceIndex: number;
  /** Index of the first unread header. */
  at = 0;
  /** Index after the last byte that is there. */
  limit = 0;
  /** A packet of more captured bytes, or of none, is not for a row: decoding stops before it. */
  bytesMax = CAPTURED_BYTES_MAX;
  /** Time of the packet that was decoded last. Microseconds since 1970. */
  timeUs = 0;

  constructor(bytes: Uint8Array, linkType: number, interfaceIndex: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.linkType = linkType;
    this.interfaceIndex = interfaceIndex;
  }
}
