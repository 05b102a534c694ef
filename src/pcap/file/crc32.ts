// The checksum of gzip (RFC 1952, section 8): CRC-32, four bytes at a time.

/** For each of four places, what a byte there does to the checksum. */
const TABLES = makeTables();

function makeTables(): Uint32Array[] {
  const first = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ ((value & 1) * 0xedb88320);
    return value;
  });
  const tables = [first];
  for (let place = 1; place < 4; place++) {
    tables.push(tables[place - 1].map((value) => (value >>> 8) ^ first[value & 0xff]));
  }
  return tables;
}

/** The checksum of all bytes so far, from that of those before `bytes` (0 when there were none). */
export function crc32(bytes: Uint8Array, before: number): number {
  const [t0, t1, t2, t3] = TABLES;
  let value = ~before;
  let at = 0;
  for (; at + 4 <= bytes.length; at += 4) {
    value ^= bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
    value = t3[value & 0xff] ^ t2[(value >>> 8) & 0xff] ^ t1[(value >>> 16) & 0xff] ^
      t0[value >>> 24];
  }
  for (; at < bytes.length; at++) value = (value >>> 8) ^ t0[(value ^ bytes[at]) & 0xff];
  return ~value >>> 0;
}
