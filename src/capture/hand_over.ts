// How both loops of the worker give packets to the other thread. Knows the two rings' order; nothing
// of where packets come from.

import type { CurrentPacket } from "../pcap/file/step.ts";
import type { FlowMemory } from "./flow_memory.ts";
import type { BytesProducer } from "../ring/bytes_ring.ts";
import type { Producer } from "../ring/ring.ts";

/** The rings that a capture fills. */
export interface Rings {
  producer: Producer;
  /** Where the packets' bytes go, if anybody wants them. */
  packets: BytesProducer | undefined;
  /** Learns what the detector needs no more, if it says so. */
  flows: FlowMemory | undefined;
}

/** Publishes the first `count` records, their bytes first: who sees a record takes its bytes. */
export function handOver({ producer, packets }: Rings, count: number): void {
  packets?.publish();
  producer.publish(count);
}

/** Adds the packet's bytes; false, and nothing added, while there is no room. */
export function putBytes(
  ring: BytesProducer,
  packet: CurrentPacket & { readonly bytes: Uint8Array },
): boolean {
  const { bytes, start, end, wireLength, nanos, linkType } = packet;
  return ring.put(bytes, start, end, wireLength, nanos, linkType);
}
