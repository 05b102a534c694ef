// Which captures are small. Knows numbers only, so that a large capture loads nothing for it.

import type { ReplaySource } from "./handle.ts";

/** Bytes of all files, as they lie there and unpacked, up to which a capture is small. */
export const SMALL_BYTES_MAX = 1 << 20;

/** True where it is worth a look whether the files are small unpacked as well, and nobody needs a thread. */
export function mayBeSmall({ bytes, speed, packetBytes }: ReplaySource): boolean {
  // Whoever waits for a packet's time, or for room for its bytes, waits while another thread goes on.
  if (speed > 0 || packetBytes !== undefined) return false;
  return bytes !== undefined && bytes <= SMALL_BYTES_MAX;
}
