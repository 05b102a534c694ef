// The TCP segment at hand, read once from its record. Knows the record's layout only.

import { type Records, TcpFlag } from "../../../record.ts";
import { TargetClass, targetKey } from "../probe/classes.ts";

const SYN_OR_ACK = TcpFlag.Syn | TcpFlag.Ack;

/** True for the flags of a segment that opens a connection. */
export function isOpening(flags: number): boolean {
  return (flags & SYN_OR_ACK) === TcpFlag.Syn;
}

/** True for the flags of a segment that goes on with a connection, or seems to. */
export function isGoingOn(flags: number): boolean {
  return (flags & SYN_OR_ACK) === TcpFlag.Ack;
}

/** Sequence numbers are signed here: they are only compared and subtracted. */
export class Segment {
  base = 0;
  flags = 0;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgement = 0;
  payload = 0;
  /** As sent. */
  window = 0;
  declare private readonly records: Records;

  constructor(records: Records) {
    this.records = records;
  }

  /** Reads ports and flags: what the first look needs. */
  begin(base: number): void {
    const { records } = this;
    this.base = base;
    this.flags = records.tcpFlags(base);
    this.sourcePort = records.sourcePort(base);
    this.destinationPort = records.destinationPort(base);
  }

  /** Reads the rest. */
  complete(): void {
    const { records, base } = this;
    this.sequence = records.sequence(base);
    this.acknowledgement = records.acknowledgement(base);
    this.payload = records.payloadLength(base);
    this.window = records.window(base);
  }

  /** True without ACK. */
  isBare(): boolean {
    return (this.flags & TcpFlag.Ack) === 0;
  }

  /** True for a RST as only a SYN is answered by: with ACK and the sequence number 0. */
  isRefusal(): boolean {
    return !this.isBare() && this.sequence === 0;
  }

  /** Target key if its sender began the conversation. */
  forwardKey(): number {
    return targetKey(TargetClass.Tcp, this.destinationPort);
  }

  /** Target key if its receiver began the conversation. */
  backwardKey(): number {
    return targetKey(TargetClass.Tcp, this.sourcePort);
  }
}
