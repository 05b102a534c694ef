// Which destination addresses are of one host although the frame went to a group. Knows addresses only.

/** Bytes 8 to 15 of an IPv4-mapped address begin so: 0, 0, 255, 255. */
const MAPPED_AT = 10;

/**
 * True for an IPv4 address (host order) that is neither multicast (224.0.0.0/4), nor 255.255.255.255, nor
 * 0.0.0.0. 240.0.0.0/4 is unicast: Linux routes it.
 */
export function isUnicastIpv4(address: number): boolean {
  return address >>> 28 !== 0xe && (address | 0) !== -1 && address !== 0;
}

/** The same of the 16 bytes at `at`, IPv4-mapped or IPv6 (ff00::/8 is multicast). */
export function isUnicast(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] === 0xff) return false;
  for (let i = 0; i < MAPPED_AT; i++) if (bytes[at + i] !== 0) return true;
  if (bytes[at + MAPPED_AT] !== 0xff || bytes[at + MAPPED_AT + 1] !== 0xff) return true;
  const host = bytes[at + 12] << 24 | bytes[at + 13] << 16 | bytes[at + 14] << 8 | bytes[at + 15];
  return isUnicastIpv4(host);
}
