// Frames for generated captures: TCP in IPv4 in a link layer, with any field made wrong on demand.
// Knows wire formats; knows nothing of scans.

/** One TCP packet. Addresses are 32-bit numbers, as printed from left to right. */
export interface TcpPacket {
  source: number;
  destination: number;
  sourcePort: number;
  destinationPort: number;
  flags: number;
  ttl: number;
  trafficClass: number;
  id: number;
  /** Bytes after the 20 of the TCP header. */
  payload: number;
  /** Bytes of IP options, a multiple of 4, at most 40. */
  ipOptions?: number;
}

/** TCP header and payload. */
export function tcpSegment(packet: TcpPacket): Uint8Array {
  const bytes = new Uint8Array(20 + packet.payload);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, packet.sourcePort);
  view.setUint16(2, packet.destinationPort);
  view.setUint32(4, Math.imul(packet.id, 0x9e3779b1) >>> 0);
  bytes[12] = 0x50;
  bytes[13] = packet.flags;
  view.setUint16(14, 1024);
  return bytes;
}

/**
 * An IPv4 packet that holds `data` of the datagram at `offset` (a multiple of 8), and says whether
 * more fragments follow. Checksums are left 0, as offload leaves them.
 */
export function ipv4(
  packet: TcpPacket,
  data: Uint8Array,
  { offset = 0, more = false, protocol = 6 } = {},
): Uint8Array {
  const header = 20 + (packet.ipOptions ?? 0);
  const bytes = new Uint8Array(header + data.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x40 | header >> 2;
  bytes[1] = packet.trafficClass;
  view.setUint16(2, bytes.length);
  view.setUint16(4, packet.id);
  view.setUint16(6, (more ? 0x2000 : 0) | offset >> 3);
  bytes[8] = packet.ttl;
  bytes[9] = protocol;
  view.setUint32(12, packet.source);
  view.setUint32(16, packet.destination);
  bytes.fill(1, 20, header); // No Operation
  bytes.set(data, header);
  return bytes;
}

/** What goes before an IP packet, and the LINKTYPE_ value of a file with such frames. */
export interface LinkLayer {
  linkType: number;
  header: readonly number[];
}

const MACS = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2];
const SLL = [0, 0, 0, 1, 0, 6, 2, 0, 0, 0, 0, 2, 0, 0];
const SLL2_AFTER_PROTOCOL = [0, 0, 0, 0, 0, 2, 0, 1, 0, 6, 2, 0, 0, 0, 0, 2, 0, 0];

/** Link layers that scandog and the harness of the real scanlogd both read. */
export const LINK_LAYERS: Record<string, LinkLayer> = {
  "Ethernet": { linkType: 1, header: [...MACS, 8, 0] },
  "Ethernet with a VLAN tag": { linkType: 1, header: [...MACS, 0x81, 0, 0, 7, 8, 0] },
  "Ethernet with two VLAN tags": {
    linkType: 1,
    header: [...MACS, 0x88, 0xa8, 0, 7, 0x81, 0, 0, 8, 8, 0],
  },
  "Linux cooked": { linkType: 113, header: [...SLL, 8, 0] },
  "Linux cooked, version 2": { linkType: 276, header: [8, 0, ...SLL2_AFTER_PROTOCOL] },
  "raw IP": { linkType: 101, header: [] },
  "BSD loopback": { linkType: 0, header: [2, 0, 0, 0] },
  "OpenBSD loopback": { linkType: 108, header: [0, 0, 0, 2] },
};

/** A frame: the link layer's header, then the packet. */
export function frame(link: LinkLayer, packet: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(link.header.length + packet.length);
  bytes.set(link.header);
  bytes.set(packet, link.header.length);
  return bytes;
}

/** A frame at a time; `wireLength` is more than its bytes where the capture lacks some. */
export interface TimedFrame {
  timeUs: number;
  bytes: Uint8Array;
  wireLength: number;
}

export interface FileOptions {
  linkType?: number;
  littleEndian?: boolean;
  nanoseconds?: boolean;
  /** Captured bytes of a frame at most. */
  snaplen?: number;
}

/** A pcap file. Time goes into 32 bits of seconds. */
export function pcapFile(frames: readonly TimedFrame[], options: FileOptions = {}): Uint8Array {
  const { linkType = 1, littleEndian = true, nanoseconds = false, snaplen = 262144 } = options;
  const captured = (bytes: Uint8Array) => Math.min(bytes.length, snaplen);
  const size = frames.reduce((sum, { bytes }) => sum + 16 + captured(bytes), 24);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  const words = (at: number, values: number[]) =>
    values.forEach((value, i) => view.setUint32(at + 4 * i, value, littleEndian));
  words(0, [nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4, 0, 0, 0, snaplen, linkType]);
  view.setUint16(4, 2, littleEndian);
  view.setUint16(6, 4, littleEndian);
  let at = 24;
  for (const { timeUs, bytes, wireLength } of frames) {
    const seconds = Math.floor(timeUs / 1e6);
    const rest = (timeUs - seconds * 1e6) * (nanoseconds ? 1000 : 1);
    words(at, [seconds, rest, captured(bytes), wireLength]);
    file.set(bytes.subarray(0, snaplen), at + 16);
    at += 16 + captured(bytes);
  }
  return file;
}
