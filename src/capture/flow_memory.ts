// What the decoder is told of flows: a detector's notices, taken up at moments that do not depend on which thread
// was faster, or a replay would not repeat. Knows the ring's counts, and the decoder's filter.

import type { FlowFilter } from "../decode/flow_filter.ts";
import { FlowNoticeReader } from "../ring/flow_notices.ts";
import type { Producer } from "../ring/ring.ts";

/** A replay takes notices up once in so many records. Divides every ring's capacity. */
const BLOCK = 1024;

export class FlowMemory {
  private readonly reader: FlowNoticeReader;
  private readonly capacity: number;

  constructor(
    notices: SharedArrayBuffer,
    private readonly filter: FlowFilter,
    private readonly producer: Producer,
  ) {
    this.reader = new FlowNoticeReader(notices);
    this.capacity = producer.records.capacity;
  }

  /** Takes up what was said of all records that were given back: for live capture. */
  learnAll(): void {
    this.reader.read(this.producer.returned(), this.filter.used);
  }

  /**
   * Takes up what was said of the records that every run has given back by now, when a block begins: those for which
   * the ring must have had room. Gives how many records are left of the block. Called where there is room for one.
   */
  learnBlock(): number {
    const count = this.producer.count() & (BLOCK - 1);
    if (count === 0) this.reader.read(this.producer.count() - this.capacity, this.filter.used);
    return BLOCK - count;
  }
}
