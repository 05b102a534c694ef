// Which ordinary TCP segments a detector has no need of: those that go on with a flow that it said is used. They are
// counted, and have no record. Knows flows as numbers, and time; nothing of why a flow is used.
//
// The first packet of each millisecond has a record all the same: by it time passes for the detector as if it had
// seen every packet, and its result is the same.

import { Kind } from "../record.ts";
import { Hash } from "../keyed_hash.ts";
import { USED_FLOWS, UsedFlows } from "../used_flows.ts";

const MS = 1000;
/** In an ordinary frame: see `ordinary.ts`. */
const SOURCE_ADDRESS = 26, DESTINATION_ADDRESS = 30, PORTS = 34;

export class FlowFilter {
  readonly used = new UsedFlows(USED_FLOWS);
  /** When the next millisecond begins, whose first packet has a record. Microseconds since 1970. */
  nextUs = -Infinity;
  /** When the first packet came. */
  private firstUs = NaN;
  declare private readonly hash: Hash;

  /** `seed`: the detector's. */
  constructor(seed: number) {
    this.hash = new Hash(seed);
  }

  /** True when there is a flow to be left out. */
  isOn(): boolean {
    return !this.used.isEmpty;
  }

  /** True for a frame, with its first byte at `start`, of a flow known to be used; not where time stepped back. */
  isUsed(view: DataView, start: number, timeUs: number): boolean {
    if (timeUs < this.nextUs - MS) return false;
    const ports = view.getInt32(start + PORTS);
    const flow = this.hash.flow(
      view.getInt32(start + SOURCE_ADDRESS, true),
      ports >>> 16,
      view.getInt32(start + DESTINATION_ADDRESS, true),
      ports & 0xffff,
      Kind.Tcp,
    );
    return this.used.has(flow);
  }

  /** The first packet of a millisecond comes: when the next one begins. */
  next(timeUs: number): number {
    if (Number.isNaN(this.firstUs)) this.firstUs = timeUs;
    return this.nextUs = timeUs + MS - (timeUs - this.firstUs) % MS;
  }
}
