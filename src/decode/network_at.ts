// Where in a frame the network layer begins, for formats that show headers. Not for the packet path: the decoder
// knows it already.

import { Records } from "../record.ts";
import { createCounters } from "./counters.ts";
import { decodeLink } from "./link/link.ts";
import { Packet } from "./packet.ts";
import { Reason } from "./reason.ts";

/** Looks through link layers as the decoder does. */
export class NetworkFinder {
  declare private readonly packet: Packet;

  constructor() {
    this.packet = new Packet(Records.allocate(1), { extensionHeaders: 0 }, createCounters());
  }

  /** Offset in `bytes` of the network header of the frame bytes[start, end); -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number, linkType: number): number {
    const { packet } = this;
    packet.bytes = bytes;
    packet.open(start, end, end - start, 0, 0);
    return decodeLink(packet, linkType, start) === Reason.None ? packet.at : -1;
  }
}
