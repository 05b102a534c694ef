// The TCP segment at hand, read once from its record. Knows the record's layout only.

import type { Records } from "../../../record.ts";
import * as record from "../../../record.ts";
import { targetKey } from "../probe/classes.ts";
import * as classes from "../probe/classes.ts";
import * as conversations from "../table/conversations.ts";

// V8 folds a module's own constants into the code; imported ones it loads, each time.
const { Field } = record;
const { TargetClass } = classes;
const { wordAt } = conversations;

/** Sequence numbers are signed here: they are only compared and subtracted. */
export class Segment {
  base = 0;
  flags = 0;
  sourcePort = 0;
  destinationPort = 0;
  sequence = 0;
  acknowledgement = 0;
  payload = 0;
  declare private readonly records: Records;

  constructor(records: Records) {
    this.records = records;
  }

  /** Reads ports and flags: what the first look needs. */
  begin(base: number): void {
    const { bytes, u16 } = this.records;
    this.base = base;
    this.flags = bytes[base + Field.TcpFlags];
    this.sourcePort = u16[(base + Field.SourcePort) >> 1];
    this.destinationPort = u16[(base + Field.DestinationPort) >> 1];
  }

  /** Reads the rest. */
  complete(): void {
    const { i32 } = this.records;
    const { base } = this;
    this.sequence = i32[wordAt(base, Field.Sequence)];
    this.acknowledgement = i32[wordAt(base, Field.Acknowledgement)];
    this.payload = i32[wordAt(base, Field.PayloadLength)];
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
