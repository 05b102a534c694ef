// Which addresses belong to the internet, and which are of a site, a link, or an example (RFC 6890). Knows
// addresses as words.

import { isMappedAt } from "./network_prefix.ts";

/** IPv4 networks that no route leads to: the upper 16 bits, masked, and the mask. */
const SITES: readonly [number, number][] = [
  [0x0a00, 0xff00], // 10.0.0.0/8 (RFC 1918)
  [0xac10, 0xfff0], // 172.16.0.0/12
  [0xc0a8, 0xffff], // 192.168.0.0/16
  [0x6440, 0xffc0], // 100.64.0.0/10, behind a provider's NAT (RFC 6598)
  [0xa9fe, 0xffff], // 169.254.0.0/16, a link's
  [0xc612, 0xfffe], // 198.18.0.0/15, test networks (RFC 2544)
];
/** The three /24s for examples (RFC 5737), which laboratories use for the internet. */
const EXAMPLES: readonly number[] = [0xc00002, 0xc63364, 0xcb0071];
/** First octet of IPv6 addresses of the internet, 2000::/3, and its mask. */
const GLOBAL_6 = 0x20, GLOBAL_6_MASK = 0xe0;
/** 2001:db8::/32 (RFC 3849). */
const EXAMPLE_6 = 0x20010db8;

/** True for an address that packets can have crossed the internet from. The address is at words[at]. */
export function isInternet(words: Int32Array, at: number): boolean {
  if (!isMappedAt(words, at)) {
    const first = bigEndian(words[at]);
    return (first >>> 24 & GLOBAL_6_MASK) === GLOBAL_6 && first !== EXAMPLE_6;
  }
  const address = bigEndian(words[at + 3]);
  const upper = address >>> 16;
  if (SITES.some(([site, mask]) => (upper & mask) === site)) return false;
  return !EXAMPLES.includes(address >>> 8);
}

/** The words of addresses lie as the network sends them, in a little-endian machine. */
function bigEndian(word: number): number {
  return ((word & 0xff) << 24 | (word >>> 8 & 0xff) << 16 | (word >>> 16 & 0xff) << 8 |
    word >>> 24) >>> 0;
}
