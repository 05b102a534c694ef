// Packets for which a flood leaves no time: what they probe is noted, and no attempt is begun by them. Knows
// records.
//
// In a flood one packet is like the other: those to one target are handed on in batches.

import { Kind, type Records, TcpFlag } from "../../../record.ts";
import {
  classOf,
  isFromService,
  isHostClass,
  portOf,
  TargetClass,
  targetKey,
} from "../probe/classes.ts";
import { askedBy } from "../probe/pings.ts";
import { tcpTechnique, TechniqueBit, USUAL_TECHNIQUE } from "../probe/techniques.ts";
import { isOpening } from "./segment.ts";
import { sameWords } from "../table/attempt_table.ts";
import { BATCH_MAX, FloodPackets } from "../table/flood_packets.ts";

/** What comes later begins a new batch, so that rates are right and nothing waits. */
const SPAN_US = 100_000;
/** No TCP. */
const NO_FLAGS = -1;

/** True for the flags of a segment that is no answer. */
function isAsking(flags: number): boolean {
  return (flags & TcpFlag.Rst) === 0 && tcpTechnique(flags) !== TechniqueBit.SynAck;
}

export class Unfollowed {
  declare private readonly records: Records;
  /** The batch that grows. */
  private now = new FloodPackets();
  /** The batch before it, until the next is complete. */
  complete = new FloodPackets();
  /** Of the batch that grows. */
  private flags = NO_FLAGS;
  /** Bits of the techniques of the packet at hand. */
  private techniques = 0;

  constructor(records: Records) {
    this.records = records;
  }

  /**
   * Takes a packet; `to`: hash of its destination, `isFirst`: it is the first of its source. True when by it the batch
   * before became `complete`.
   */
  take(base: number, to: number, isFirst: boolean): boolean {
    const { records, now } = this;
    const timeUs = records.timeUs(base);
    if (records.kind(base) === Kind.Tcp && this.isAlike(base) && this.isOfBatch(base)) {
      this.takeAlike(base, isFirst);
      this.seen(timeUs);
      return false;
    }
    const key = this.keyOf(base);
    if (key === 0) return false;
    const isBegun = this.isOfBatch(base) && now.targetClass === classOf(key) &&
      now.techniques === this.techniques;
    if (!isBegun) this.begin(base, to, key);
    const batch = this.now;
    batch.toUs = timeUs;
    batch.ports[batch.count++] = portOf(key);
    if (isFirst) batch.sources++;
    return !isBegun && this.complete.count > 0;
  }

  /** How many packets the batch that grows has room for. */
  room(): number {
    const { count } = this.now;
    return count === 0 ? 0 : BATCH_MAX - count;
  }

  /** When the batch that grows began, and when it is too old. Microseconds since 1970. */
  fromUs(): number {
    return this.now.fromUs;
  }

  untilUs(): number {
    return this.now.fromUs + SPAN_US;
  }

  /** True when the batch that grows is of segments that open connections. */
  isOpening(): boolean {
    return isOpening(this.flags);
  }

  /** True for a TCP segment like those of the batch that grows. */
  isAlike(base: number): boolean {
    return this.records.tcpFlags(base) === this.flags && this.isToTarget(base);
  }

  /** Takes one of which `isAlike` is true, that comes in time and finds room; `isFirst`: as of `take`. */
  takeAlike(base: number, isFirst: boolean): void {
    const { records, now } = this;
    now.ports[now.count++] = records.destinationPort(base);
    if (isFirst) now.sources++;
  }

  /** The latest packet of the batch that grows came at this time. */
  seen(timeUs: number): void {
    this.now.toUs = timeUs;
  }

  /** True for a packet to the batch's target, where it has room and is not too old. */
  private isOfBatch(base: number): boolean {
    const timeUs = this.records.timeUs(base);
    return this.room() > 0 && timeUs >= this.fromUs() && timeUs < this.untilUs() &&
      this.isToTarget(base);
  }

  private isToTarget(base: number): boolean {
    const { records, now } = this;
    return sameWords(now.words, 0, records.i32, records.destinationAt(base));
  }

  /** Takes what has come so far out, without waiting for more. */
  takeRest(): FloodPackets {
    this.swap();
    return this.complete;
  }

  private swap(): void {
    const { now } = this;
    now.portCount = now.count;
    this.now = this.complete;
    this.complete = now;
    this.now.count = this.now.sources = 0;
  }

  private begin(base: number, to: number, key: number): void {
    this.swap();
    this.fill(this.now, base, to, key);
    this.flags = this.records.kind(base) === Kind.Tcp ? this.records.tcpFlags(base) : NO_FLAGS;
  }

  private fill(batch: FloodPackets, base: number, to: number, key: number): void {
    const { records } = this;
    const at = records.destinationAt(base);
    for (let i = 0; i < 4; i++) batch.words[i] = records.i32[at + i];
    batch.hash = to;
    batch.targetClass = classOf(key);
    batch.techniques = this.techniques;
    batch.fromUs = batch.toUs = records.timeUs(base);
    batch.interface = records.interface(base);
    batch.count = batch.sources = 0;
  }

  /** True for what begins something, by its own looks; a segment with ACK belongs to something, or seems to. */
  isAsking(base: number): boolean {
    const { records } = this;
    if (records.kind(base) === Kind.Tcp) return isAsking(records.tcpFlags(base));
    return this.keyOf(base) !== 0;
  }

  /** The key of its target, 0 where it asks nothing: an answer, an error, ARP; notes its technique. */
  private keyOf(base: number): number {
    const { records } = this;
    const kind = records.kind(base), port = records.destinationPort(base);
    if (kind === Kind.Tcp) {
      const flags = records.tcpFlags(base);
      this.techniques = tcpTechnique(flags);
      return isAsking(flags) ? targetKey(TargetClass.Tcp, port) : 0;
    }
    const targetClass = this.classOf(base, kind);
    this.techniques = USUAL_TECHNIQUE[targetClass];
    if (targetClass === 0 || isHostClass(targetClass)) return targetKey(targetClass, 0);
    return targetKey(targetClass, kind === Kind.Ip ? records.protocol(base) : port);
  }

  /** The class of what a packet that is no segment asks; 0: nothing. */
  private classOf(base: number, kind: number): number {
    const { records } = this;
    switch (kind) {
      case Kind.Udp:
        return isFromService(records.sourcePort(base), records.destinationPort(base))
          ? 0
          : TargetClass.Udp;
      case Kind.Sctp:
        return TargetClass.Sctp;
      case Kind.Icmp:
      case Kind.Icmp6:
        return askedBy(kind === Kind.Icmp6, records.type(base));
      case Kind.Ip:
        return TargetClass.IpProtocol;
      default:
        return 0;
    }
  }
}
