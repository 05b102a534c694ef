// The packet at hand: its addresses as hashes, and its time. Knows the record's layout only. One object,
// filled again for each packet.

import type { Records } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import type { Hash } from "../table/hash.ts";

/** Keeps flows of two protocols apart that agree in everything else. */
const CLASS_STEP = 0x9e3779b1;

export class Packet {
  /** Byte offset of its record. */
  base = 0;
  /** Hashes of its source and destination. */
  from = 0;
  to = 0;
  /** Microseconds since 1970. */
  timeUs = 0;
  declare readonly records: Records;
  declare private readonly hash: Hash;

  constructor({ hash }: Memory, records: Records) {
    this.records = records;
    this.hash = hash;
  }

  read(base: number): void {
    const { records, hash } = this;
    this.base = base;
    this.from = hash.address(records.i32, records.sourceAt(base));
    this.to = hash.address(records.i32, records.destinationAt(base));
    this.timeUs = records.timeUs(base);
  }

  /** Hash of the flow: both addresses and both ports, the same in both directions. */
  flowHash(targetClass: number, sourcePort: number, destinationPort: number): number {
    const mixed = Math.imul(targetClass, CLASS_STEP);
    return destinationPort <= sourcePort
      ? this.hash.triple(this.from, this.to, mixed ^ (destinationPort << 16 | sourcePort))
      : this.hash.triple(this.to, this.from, mixed ^ (sourcePort << 16 | destinationPort));
  }
}
