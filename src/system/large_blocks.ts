// Where malloc(3) takes large blocks from. glibc maps each by itself until the first such block is freed; from then on
// it takes blocks of up to that size from its heap. A table made there lies in memory that was used before: calloc(3)
// writes zeros into all of it, where a mapping of its own has no memory until something is written.

import { type Libc, libc } from "./libc.ts";
import { SystemError } from "./system_error.ts";

/** malloc.h */
const M_MMAP_THRESHOLD = -3;
/** As glibc begins. */
const LARGE_BYTES = 128 * 1024;

/**
 * From now on a large block has a mapping of its own, for as long as the process runs. False, and nothing is changed,
 * where that cannot be said: another C library, no permission for it.
 */
export function keepLargeBlocksApart(library: () => Libc = libc): boolean {
  try {
    return library().call.mallopt?.(M_MMAP_THRESHOLD, LARGE_BYTES) === 1;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
