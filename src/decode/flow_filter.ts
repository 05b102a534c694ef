// Which ordinary TCP segments a detector has no need of: those that go on with a flow that it said is used. They are
// counted, and have no record. Knows flows as numbers, and time; nothing of why a flow is used.
//
// The first packet of each millisecond has a record all the same: by it time passes for the detector as if it had
// seen every packet, and its result is the same.

import { Kind } from "../record.ts";
import { Hash } from "../keyed_hash.ts";
import { USED_FLOWS, UsedFlows } from "../used_flows.ts";

const MS = 1000;
/** Flows opened anew of late whose segments have records: a power of two. */
const OPENED = 1024;
/** In an ordinary frame: see `ordinary.ts`. */
const SOURCE_ADDRESS = 26, DESTINATION_ADDRESS = 30, PORTS = 34;

export class FlowFilter {
  readonly used = new UsedFlows(USED_FLOWS);
  /** When the next millisecond begins, whose first packet has a record. Microseconds since 1970. */
  nextUs = -Infinity;
  /** Flows that were opened anew, one for each place. */
  private readonly opened = new Int32Array(OPENED);
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
    const flow = this.flowOf(view, start);
    return this.used.has(flow) && this.opened[flow & (OPENED - 1)] !== flow;
  }

  /**
   * A flow is opened by a SYN: the detector may begin it anew, and must see its handshake, before it can say so. As long
   * as not too many others are opened, all of it has records.
   */
  opens(view: DataView, start: number): void {
    const flow = this.flowOf(view, start);
    if (this.used.has(flow)) this.opened[flow & (OPENED - 1)] = flow;
  }

  private flowOf(view: DataView, start: number): number {
    const ports = view.getInt32(start + PORTS);
    return this.hash.flow(
      view.getInt32(start + SOURCE_ADDRESS, true),
      ports >>> 16,
      view.getInt32(start + DESTINATION_ADDRESS, true),
      ports & 0xffff,
      Kind.Tcp,
    );
  }

  /** The first packet of a millisecond comes: when the next one begins. */
  next(timeUs: number): number {
    if (Number.isNaN(this.firstUs)) this.firstUs = timeUs;
    return this.nextUs = timeUs + MS - (timeUs - this.firstUs) % MS;
  }
}
