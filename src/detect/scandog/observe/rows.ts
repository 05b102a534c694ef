// Records in a row that need no look of their own: segments of connections known to be used, and in a flood the
// first packets of sources to one target, of which one is like the other. Each is passed over in a short loop. Does
// with it what `Observer.observe` would do.

import { Kind, RECORD_BYTES } from "../../../record.ts";
import { Protocol } from "./protocol.ts";
import { isKnownSegment } from "../../../used_flows.ts";
import { isGoingOn } from "./segment.ts";

export class Rows extends Protocol {
  /**
   * Byte offset of the first record from `base` on, before `end`, that needs a look, or comes in another millisecond
   * than the packet before. Time does not pass: the caller says when the last one came.
   */
  pass(base: number, end: number): number {
    const { records, clock, attempts, packet, used } = this;
    const untilUs = clock.untilUs();
    let { lastUs } = clock;
    let at = base;
    while (at < end) {
      const timeUs = records.timeUs(at);
      if (!(timeUs >= lastUs && timeUs < untilUs) || records.kind(at) !== Kind.Tcp) break;
      const flags = records.tcpFlags(at);
      let next = at + RECORD_BYTES;
      if (!isKnownSegment(flags) || !used.has(packet.flowHashAt(at))) {
        if (isGoingOn(flags)) break;
        next = attempts.passOverAlike(at, end, untilUs);
        if (next === at) break;
      }
      lastUs = records.timeUs(next - RECORD_BYTES);
      at = next;
    }
    return at;
  }
}
