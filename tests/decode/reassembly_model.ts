// IPv4 reassembly as plainly as it can be written: a byte at a time, nothing bounded, nothing thrown
// away. What the decoder's fragments are compared with.

/** A datagram put together: its payload, and what its first fragment's header said. */
export interface Whole {
  ttl: number;
  tos: number;
  headerBytes: number;
  payload: Uint8Array;
  /** Of each byte of the payload, whether it was captured (else it is 0). */
  captured: boolean[];
}

interface Datagram {
  first?: { ttl: number; tos: number; headerBytes: number };
  total: number;
  seen: Map<number, { value: number; captured: boolean }>;
  headerGiven: boolean;
}

export interface Outcome {
  /** The transport header became known up to the TCP flags, before the datagram became whole. */
  header: boolean;
  /** It had become known before this fragment. */
  headerBefore: boolean;
  whole?: Whole;
}

const BYTES_TO_FLAGS = 14;

/** All datagrams, told apart by addresses, protocol and identification. */
export class ReassemblyModel {
  private readonly datagrams = new Map<string, Datagram>();

  /** Takes a fragment: an IPv4 packet whose lengths are right, of which `packet` was captured. */
  add(packet: Uint8Array): Outcome {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
    const headerBytes = (packet[0] & 15) * 4;
    const offset = (view.getUint16(6) & 0x1fff) * 8;
    const more = (packet[6] & 0x20) !== 0;
    const length = view.getUint16(2) - headerBytes;
    const key = `${packet.subarray(12, 20)} ${packet[9]} ${view.getUint16(4)}`;
    const datagram: Datagram = this.datagrams.get(key) ??
      { total: 0, seen: new Map(), headerGiven: false };
    this.datagrams.set(key, datagram);

    if (offset === 0) datagram.first = { ttl: packet[8], tos: packet[1], headerBytes };
    for (let i = 0; i < length; i++) {
      if (datagram.seen.has(offset + i)) continue;
      const captured = headerBytes + i < packet.length;
      datagram.seen.set(offset + i, { value: captured ? packet[headerBytes + i] : 0, captured });
    }
    if (!more) datagram.total = offset + length;
    const headerBefore = datagram.headerGiven;
    if (datagram.first === undefined) return { header: false, headerBefore };

    const { first, total, seen } = datagram;
    const bytes = Array.from({ length: total }, (_, i) => seen.get(i));
    if (total > 0 && bytes.every((byte) => byte !== undefined)) {
      this.datagrams.delete(key);
      const payload = Uint8Array.from(bytes, (byte) => byte.value);
      const whole = { ...first, payload, captured: bytes.map((byte) => byte.captured) };
      return { header: false, headerBefore, whole };
    }
    let known = 0;
    while (seen.get(known)?.captured === true) known++;
    const header = !headerBefore && known >= BYTES_TO_FLAGS;
    if (header) datagram.headerGiven = true;
    return { header, headerBefore };
  }
}
