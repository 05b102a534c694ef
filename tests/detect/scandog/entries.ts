// Attempts written into the table by hand, for tests of rules that are asked about an attempt alone: no packet,
// no detector.

import { parseAddress } from "../../../src/address.ts";
import { Memory } from "../../../src/detect/scandog/memory.ts";
import { type ScandogOptions, scandogOptions } from "../../../src/detect/scandog/options.ts";
import { TargetClass, targetKey } from "../../../src/detect/scandog/probe/classes.ts";
import { packLook } from "../../../src/detect/scandog/probe/form.ts";
import { Outcome } from "../../../src/detect/scandog/table/attempt_state.ts";
import { View } from "../../../src/detect/scandog/view.ts";

/** What is known of an attempt; all else is 0. */
export interface Entry {
  source?: string;
  target?: string;
  /** `TargetClass`; TCP when absent. */
  kind?: number;
  port?: number;
  sourcePort?: number;
  /** `Outcome`; silent when absent. */
  outcome?: number;
  /** Bits of `Mark`, of `ArpMark`, of `TechniqueBit`. */
  marks?: number;
  arp?: number;
  techniques?: number;
  ttl?: number;
  sequence?: number;
  acknowledgement?: number;
  signature?: number;
  packets?: number;
  /** Milliseconds from its first to its latest packet. */
  repeatMs?: number;
}

export const SOURCE = "198.51.100.7", TARGET = "203.0.113.10";
/** 2026-01-01. */
const START_US = 1_767_225_600_000_000;

export class Entries {
  readonly memory: Memory;
  readonly view: View;
  private us = START_US;

  constructor(options: Partial<ScandogOptions> = {}) {
    this.memory = new Memory(scandogOptions({ memory: 4, ...options }));
    this.view = new View(this.memory);
    this.memory.clock.advance(this.us);
  }

  /** Lets time pass. */
  wait(ms: number): this {
    this.us += ms * 1000;
    this.memory.clock.advance(this.us);
    return this;
  }

  /** The hash of an address. */
  hash(address: string): number {
    return this.memory.hash.address(words(address), 0);
  }

  /** Puts an attempt into the table; its slot. */
  add(entry: Entry = {}): number {
    const { table, hash, clock } = this.memory;
    const { source = SOURCE, target = TARGET, kind = TargetClass.Tcp, port = 0 } = entry;
    const both = new Int32Array([...words(source), ...words(target)]);
    const key = targetKey(kind, port);
    const mixed = hash.triple(hash.address(both, 0), hash.address(both, 4), key);
    const slot = table.take(table.placeFor(mixed), both, 0, 4, key, mixed, clock.ms, this.us);
    table.setState(slot, entry.marks ?? 0);
    table.setOutcome(slot, entry.outcome ?? Outcome.Silent);
    table.markArp(slot, entry.arp ?? 0);
    table.sourcePort.set(slot, entry.sourcePort ?? 0);
    table.techniques.set(slot, entry.techniques ?? 0);
    table.look.set(slot, packLook(entry.ttl ?? 50, 0, 0, 4));
    table.sequence.set(slot, entry.sequence ?? 0);
    table.acknowledgement.set(slot, entry.acknowledgement ?? 0);
    table.signature.set(slot, entry.signature ?? 0);
    if (entry.repeatMs !== undefined) table.repeat(slot, this.us + entry.repeatMs * 1000);
    table.setPackets(slot, entry.packets ?? 1, 0);
    return slot;
  }
}

/** An address as the four words of a table. */
export function words(address: string): Int32Array {
  return new Int32Array(parseAddress(address)!.slice().buffer);
}
