// Fields that pcap and pcapng have in common, and what values are made of them. Knows no layout.

const LINKTYPE_RAW = 101;

/**
 * The LINKTYPE_ value of a file's link-type field.
 *
 * The upper six bits of the 32-bit field say how long a frame check sequence is; libpcap passes
 * over them as well, and no decoder needs them where the IP header has a length. 12 and 14 are
 * what DLT_RAW was on the systems that wrote their own numbers before LINKTYPE_RAW (101) was
 * given; no LINKTYPE_ has these values.
 */
export function linkTypeOf(field: number): number {
  const value = field & 0x03ffffff;
  return value === 12 || value === 14 ? LINKTYPE_RAW : value;
}

/** libpcap's MAXIMUM_SNAPLEN: no packet may claim to have more captured bytes than this. */
export const CAPTURED_BYTES_MAX = 262144;

/**
 * The snapshot length to go by, 1 to `CAPTURED_BYTES_MAX`. As in libpcap 0 says that none was set,
 * and so does what a signed 32-bit number cannot hold. `added` is on top of what the file says.
 */
export function snapshotBytesOf(field: number, added = 0): number {
  if (field === 0 || field > 0x7fffffff) return CAPTURED_BYTES_MAX;
  return Math.min(field + added, CAPTURED_BYTES_MAX);
}
