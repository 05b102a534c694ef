// The network of an address: IPv4 /24, IPv6 /64, as an address with zeroes at its end. Knows words.

/** Third word of an IPv4-mapped address. */
const MAPPED = new Int32Array(new Uint8Array([0, 0, 0xff, 0xff]).buffer)[0];
/** All but the last octet, which is the upper byte of a little-endian word. */
export const LAST_OCTET = 0x00ffffff;

/** True when the address at words[at] is an IPv4 one. */
export function isMappedAt(words: Int32Array, at: number): boolean {
  return words[at + 2] === MAPPED && (words[at] | words[at + 1]) === 0;
}

/** Writes the network of the address at addresses[at] to the four words of `network`. */
export function networkOf(addresses: Int32Array, at: number, network: Int32Array): void {
  const isFour = isMappedAt(addresses, at);
  network[0] = addresses[at];
  network[1] = addresses[at + 1];
  network[2] = isFour ? addresses[at + 2] : 0;
  network[3] = isFour ? addresses[at + 3] & LAST_OCTET : 0;
}
