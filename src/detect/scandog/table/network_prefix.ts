// The networks of an address: IPv4 /24, IPv6 /64 and /48, as addresses with zeroes at their end. Knows words.

import { formatAddress } from "../../../address.ts";

/** Third word of an IPv4-mapped address. */
const MAPPED = new Int32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0];
/** All but the last octet, which is the upper byte of a little-endian word. */
export const LAST_OCTET = 0x00ffffff;

/** True when the address at words[at] is an IPv4 one. */
export function isMappedAt(words: Int32Array, at: number): boolean {
  return words[at + 2] === MAPPED && (words[at] | words[at + 1]) === 0;
}

/** True for two addresses of one network: IPv4 /24, IPv6 /64. The second may lie in other words. */
export function isSameNetwork(
  words: Int32Array,
  a: number,
  b: number,
  others: Int32Array = words,
): boolean {
  return isMappedAt(words, a)
    ? isMappedAt(others, b) && ((words[a + 3] ^ others[b + 3]) & LAST_OCTET) === 0
    : words[a] === others[b] && words[a + 1] === others[b + 1];
}

/** True for an address of fe80::/10. */
export function isLinkLocal(words: Int32Array, at: number): boolean {
  return (words[at] & 0xff) === 0xfe && (words[at] >>> 8 & 0xc0) === 0x80;
}

/** An address of four words alone as text. */
export function textOf(address: Int32Array): string {
  return formatAddress(new Uint8Array(address.buffer, address.byteOffset, address.byteLength));
}

/** How wide a network is. */
export const Width = {
  /** IPv4 /24, IPv6 /64: one link. */
  Link: 1,
  /** IPv6 /48: one site, of which providers give each customer a part or the whole (RFC 6177). */
  Site: 2,
} as const;
/** The first 48 bits end in the middle of the second word, which is little-endian. */
const SITE_MASK = 0xffff;

/** Writes the network of the address at addresses[at] to the four words of `network`. */
export function networkOf(
  addresses: Int32Array,
  at: number,
  width: number,
  network: Int32Array,
): void {
  const isFour = isMappedAt(addresses, at);
  network[0] = addresses[at];
  network[1] = width === Width.Site ? addresses[at + 1] & SITE_MASK : addresses[at + 1];
  network[2] = isFour ? addresses[at + 2] : 0;
  network[3] = isFour ? addresses[at + 3] & LAST_OCTET : 0;
}
