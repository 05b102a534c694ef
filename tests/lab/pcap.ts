// Reads and writes the lab's own savefiles (as tcpdump on this machine writes them: little-endian),
// so that packets can be edited. Deliberately not the program's reader: what makes the test data
// must not share that reader's mistakes.

export interface Packet {
  /** Nanoseconds since 1970. */
  time: bigint;
  wireLength: number;
  bytes: Uint8Array;
}

export interface Savefile {
  linkType: number;
  snaplen: number;
  nanoseconds: boolean;
  packets: Packet[];
}

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;

export function readSavefile(file: Uint8Array): Savefile {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const magic = view.getUint32(0, true);
  if (magic !== MICROSECONDS && magic !== NANOSECONDS) {
    throw new TypeError("not a savefile of ours");
  }
  const nanoseconds = magic === NANOSECONDS;
  const packets: Packet[] = [];
  for (let at = 24; at + 16 <= file.length;) {
    const length = view.getUint32(at + 8, true);
    const fraction = BigInt(view.getUint32(at + 4, true)) * (nanoseconds ? 1n : 1000n);
    packets.push({
      time: BigInt(view.getUint32(at, true)) * 1_000_000_000n + fraction,
      wireLength: view.getUint32(at + 12, true),
      bytes: file.slice(at + 16, at + 16 + length),
    });
    at += 16 + length;
  }
  return {
    linkType: view.getUint32(20, true) & 0xffff,
    snaplen: view.getUint32(16, true),
    nanoseconds,
    packets,
  };
}

export function writeSavefile(savefile: Savefile): Uint8Array {
  const { packets, nanoseconds } = savefile;
  const size = packets.reduce((sum, packet) => sum + 16 + packet.bytes.length, 24);
  const file = new Uint8Array(size);
  const view = new DataView(file.buffer);
  view.setUint32(0, nanoseconds ? NANOSECONDS : MICROSECONDS, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, savefile.snaplen, true);
  view.setUint32(20, savefile.linkType, true);
  let at = 24;
  for (const { time, wireLength, bytes } of packets) {
    view.setUint32(at, Number(time / 1_000_000_000n), true);
    view.setUint32(at + 4, Number(time % 1_000_000_000n / (nanoseconds ? 1n : 1000n)), true);
    view.setUint32(at + 8, bytes.length, true);
    view.setUint32(at + 12, wireLength, true);
    file.set(bytes, at + 16);
    at += 16 + bytes.length;
  }
  return file;
}
