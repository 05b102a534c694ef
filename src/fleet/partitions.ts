// Which of the 16 partitions a source belongs to: the same for every sensor and for good, so that all that
// is known of one network comes together in one place. Knows addresses; no server.
//
// The hash is FNV-1a (32 bits) over a byte 4 and the three bytes of the /24, or a byte 6 and
// the six bytes of the /48; then murmur3's finalizer, so that every bit of the network counts in every bit of
// the hash. Its four highest bits are the partition. Who chooses his address chooses his partition: that is
// no harm, as no partition knows less than another.

import { isMapped, parseAddress } from "../address.ts";

/** Fixed for good: with another number sources would move, and with them what is known of them. */
export const PARTITIONS = 16;

const IPV4_PREFIX_BYTES = 3;
const IPV6_PREFIX_BYTES = 6;
const FNV_START = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The partition of a source, given as text: see `formatAddress`. Undefined when it is no address. Never throws. */
export function partitionOf(source: string): number | undefined {
  const bytes = parseAddress(source);
  if (bytes === undefined) return undefined;
  return isMapped(bytes, 0)
    ? partition(4, bytes.subarray(12, 12 + IPV4_PREFIX_BYTES))
    : partition(6, bytes.subarray(0, IPV6_PREFIX_BYTES));
}

/** Where a sensor says what is of no source: that it is there, and what it lost. The same hash over its name. */
export function partitionOfSensor(name: string): number {
  return partition(0, new TextEncoder().encode(name));
}

function partition(kind: number, bytes: Uint8Array): number {
  let hash = Math.imul(FNV_START ^ kind, FNV_PRIME);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 28;
}
