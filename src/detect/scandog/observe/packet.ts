// The packet at hand: its addresses as hashes, its time, and what the view knows of its ends. One object,
// filled again for each packet.

import { inPrefixes } from "../../../address.ts";
import { linkSourceField, type Records } from "../../../record.ts";
import type { Memory } from "../memory.ts";
import type { Hash } from "../../../keyed_hash.ts";
import { isSameNetwork } from "../table/network_prefix.ts";
import type { View } from "../view.ts";

export class Packet {
  /** Byte offset of its record. */
  base = 0;
  /** Hashes of its source and destination. */
  from = 0;
  to = 0;
  /** Microseconds since 1970. */
  timeUs = 0;
  declare readonly records: Records;
  declare readonly view: View;
  declare private readonly hash: Hash;

  constructor({ hash }: Memory, view: View, records: Records) {
    this.view = view;
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

  /** Hash of the link-layer address that sent it; 0: not known. */
  linkSource(): number {
    return this.view.links.hashOf(this.records.bytes, this.linkAt());
  }

  /** Its sender's link-layer address claims to be that of the IP address at words[at]. */
  noteClaim(at: number): void {
    const { bytes, i32 } = this.records;
    this.view.links.noteClaim(bytes, this.linkAt(), i32, at);
  }

  /**
   * The source has shaken hands with a host of its own network, where no router is between: its link-layer address
   * claims its address as surely as by ARP, which may have been before the capture.
   */
  noteNeighbour(): void {
    const { records, base } = this;
    const from = records.sourceAt(base), to = records.destinationAt(base);
    if (isSameNetwork(records.i32, from, to)) this.noteClaim(from);
  }

  /** Byte index of the six bytes in the records. */
  private linkAt(): number {
    return this.base + linkSourceField(this.records.kind(this.base));
  }

  /** Hash of the flow: both addresses and both ports, the same in both directions. */
  flowHash(): number {
    return this.flowHashAt(this.base);
  }

  /** The same of the record at `base`, which need not be the packet at hand. */
  flowHashAt(base: number): number {
    const { records, hash } = this;
    const { i32 } = records;
    const from = records.sourceAt(base), to = records.destinationAt(base);
    const isFour = records.ipVersion(base) === 4;
    const a = isFour ? i32[from + 3] : hash.address(i32, from);
    const b = isFour ? i32[to + 3] : hash.address(i32, to);
    const source = records.sourcePort(base), destination = records.destinationPort(base);
    return hash.flow(a, source, b, destination, records.kind(base));
  }

  /** Hash of the source of the record at `base`, which is not the packet at hand. */
  sourceHashAt(base: number): number {
    return this.hash.address(this.records.i32, this.records.sourceAt(base));
  }

  /** The packet's source is alive: it sends. */
  noteSender(): void {
    const { records } = this;
    this.view.noteSender(this.from, records.i32, records.sourceAt(this.base));
  }

  /** True when the capture sees what the packet's destination sends: see `View.isSideSeen`. */
  isTargetSideSeen(): boolean {
    const { records } = this;
    const from = records.sourceAt(this.base), to = records.destinationAt(this.base);
    return this.view.isSideSeen(records.i32, from, to);
  }

  /**
   * True when an answer to a probe that was not seen proves nothing: what its receiver's side sends is seen, so the
   * probe would have been seen too, had it been sent. An answer of a monitored address counts all the same, because a
   * capture filter may have dropped the probe.
   */
  isBackscatter(): boolean {
    const { records, view } = this;
    return this.isTargetSideSeen() &&
      !inPrefixes(view.home, records.bytes, records.sourceAt(this.base) * 4);
  }
}
