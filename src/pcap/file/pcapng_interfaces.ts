// The interfaces that a pcapng section describes (draft-ietf-opsawg-pcapng, section 4.2). Knows an
// interface description block's body; knows nothing of packets or of where the block came from.

import { linkTypeOf, snapshotBytesOf } from "./file_fields.ts";
import { isResolutionKnown, PcapngClock, RESOLUTION_MICROSECONDS } from "./pcapng_clock.ts";

/**
 * Interfaces one section may describe. The obsolete packet block can name no more, and mergecap
 * makes one for each file it merges; past it a file only takes memory.
 */
export const INTERFACES_MAX = 65536;

const FIXED_BYTES = 8; // link type, reserved, snapshot length
const OPTION_HEADER_BYTES = 4;
const OPTION_END = 0;
const OPTION_TIME_RESOLUTION = 9;
const OPTION_TIME_OFFSET = 14;

/** What packets need to know of the interface they came by. */
export interface PcapngInterface {
  /** LINKTYPE_ value. */
  readonly linkType: number;
  /** Snapshot length, `CAPTURED_BYTES_MAX` when the file sets none. */
  readonly snapshotBytes: number;
  readonly clock: PcapngClock;
}

/**
 * Reads an interface description from `view[start, end)`, the block's body without its lengths.
 * Options that are not about time are passed over; of an option given twice the last one counts.
 * Returns the interface, or a sentence that says what is wrong with the block.
 */
export function parseInterface(
  view: DataView,
  start: number,
  end: number,
  little: boolean,
): PcapngInterface | string {
  if (end - start < FIXED_BYTES) {
    return `interface description of ${end - start} bytes, at least ${FIXED_BYTES} are needed`;
  }
  let resolution = RESOLUTION_MICROSECONDS;
  let offsetSeconds = 0;
  let at = start + FIXED_BYTES;
  // Each turn passes over four bytes at least.
  while (end - at >= OPTION_HEADER_BYTES) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    at += OPTION_HEADER_BYTES;
    if (code === OPTION_END) break;
    if (length > end - at) {
      return `interface option ${code} of ${length} bytes claimed, ${
        end - at
      } are left in its block`;
    }
    if (code === OPTION_TIME_RESOLUTION) {
      if (length !== 1) return `if_tsresol option of ${length} bytes, 1 is needed`;
      resolution = view.getUint8(at);
      if (!isResolutionKnown(resolution)) {
        return `if_tsresol ${resolution} is finer than 64 bits can count`;
      }
    } else if (code === OPTION_TIME_OFFSET) {
      if (length !== 8) return `if_tsoffset option of ${length} bytes, 8 are needed`;
      const high = view.getInt32(little ? at + 4 : at, little);
      offsetSeconds = high * 2 ** 32 + view.getUint32(little ? at : at + 4, little);
    }
    at += (length + 3) & ~3;
  }
  return {
    linkType: linkTypeOf(view.getUint16(start, little)),
    snapshotBytes: snapshotBytesOf(view.getUint32(start + 4, little)),
    clock: new PcapngClock(resolution, offsetSeconds),
  };
}
