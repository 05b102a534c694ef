// Small captures made in memory, for tests that need a file and not a scan.

/** One Ethernet frame with an IPv4 TCP header: 54 bytes. */
export function tcpFrame(
  fields: {
    source?: string;
    destination?: string;
    sourcePort?: number;
    port: number;
    flags?: number;
  },
): Uint8Array {
  const frame = new Uint8Array(54), view = new DataView(frame.buffer);
  view.setUint16(12, 0x0800);
  frame.set([0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6], 14);
  frame.set((fields.source ?? "198.51.100.7").split(".").map(Number), 26);
  frame.set((fields.destination ?? "192.0.2.1").split(".").map(Number), 30);
  view.setUint16(34, fields.sourcePort ?? 40000);
  view.setUint16(36, fields.port);
  frame.set([0x50, fields.flags ?? 2], 46);
  return frame;
}

/** A little-endian pcap file, microseconds, one packet after another. */
export function pcapFile(
  packets: { timeUs: number; frame: Uint8Array }[],
  linkType = 1,
): Uint8Array {
  const header = new DataView(new ArrayBuffer(24));
  [0xa1b2c3d4, 0x00040002, 0, 0, 262144, linkType].forEach((word, i) =>
    header.setUint32(4 * i, word, true)
  );
  const parts: Uint8Array[] = [new Uint8Array(header.buffer)];
  for (const { timeUs, frame } of packets) {
    const record = new DataView(new ArrayBuffer(16));
    [Math.floor(timeUs / 1e6), timeUs % 1e6, frame.length, frame.length].forEach((word, i) =>
      record.setUint32(4 * i, word, true)
    );
    parts.push(new Uint8Array(record.buffer), frame);
  }
  return concat(parts);
}

export function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
