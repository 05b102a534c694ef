// What is kept of each source in the table, in memory taken at start. Knows records and fields; which
// packet counts is the detector's.

import { Field, type Records } from "../../record.ts";

/** scanlogd counts in clock ticks, 100 a second (times(2)); its limits are exact in ticks. */
export const TICK_US = 10_000;

/** Microseconds to clock ticks. Exact: below 2^53 no quotient of whole numbers rounds up. */
export function toTick(timeUs: number): number {
  return Math.floor(timeUs / TICK_US);
}

/**
 * Byte offsets within a source's state, as in a record; all in one cache line. Those beside each
 * other are written by one store when an entry is taken over.
 */
export const State = {
  /** f64. Time of the last new port, and of the first. */
  LastUs: 0,
  StartUs: 8,
  /** u8 each. OR and AND of the TCP flags. */
  FlagsEver: 16,
  FlagsAlways: 17,
  TtlMin: 18,
  TtlMax: 19,
  /** u16. That of the first probe, as the next. */
  SourcePort: 20,
  /** u8. */
  TrafficClass: 22,
  /** u8. Bits of `Varied`. */
  Varied: 23,
  /** u32. */
  Weight: 24,
  /** u32. Ports remembered. */
  Count: 28,
} as const;
export const STATE_BYTES = 32;
export const Varied = { SourcePort: 1, TrafficClass: 2 } as const;

/** Where an IPv4 address lies in the 16 bytes of an IPv4-mapped one. */
const DESTINATION_V4 = Field.Destination + 12;

/** The state of entry `e` is at byte offset `e * STATE_BYTES`. Records are at byte offset `at`. */
export class States {
  declare readonly bytes: Uint8Array;
  declare readonly u16: Uint16Array;
  declare readonly u32: Uint32Array;
  declare readonly f64: Float64Array;

  /** Elements of the next two per entry: ports remembered, and the one that completes the scan. */
  declare readonly stride: number;
  /** In the order first probed. */
  declare readonly ports: Uint16Array;
  /** The destination at which each of these ports was probed, a word as it lies in memory. */
  declare readonly destinations: Uint32Array;
  declare private readonly records: Records;

  constructor(records: Records, entries: number, portsRemembered: number) {
    this.records = records;

    const memory = new ArrayBuffer(entries * STATE_BYTES);
    this.bytes = new Uint8Array(memory);
    this.u16 = new Uint16Array(memory);
    this.u32 = new Uint32Array(memory);
    this.f64 = new Float64Array(memory);
    this.stride = portsRemembered + 1;
    this.ports = new Uint16Array(entries * this.stride);
    this.destinations = new Uint32Array(entries * this.stride);
  }

  /** The first port of a source: forgets who had the entry before. */
  begin(entry: number, at: number, weight: number): void {
    const { bytes, u16, f64 } = this.records;
    const flags = bytes[at + Field.TcpFlags];
    const ttl = bytes[at + Field.Ttl];
    const timeUs = f64[at >> 3];
    const state = entry * STATE_BYTES;
    this.f64[(state + State.LastUs) >> 3] = timeUs;
    this.f64[(state + State.StartUs) >> 3] = timeUs;
    this.u32[(state + State.FlagsEver) >> 2] = flags | flags << 8 | ttl << 16 | ttl << 24;
    this.u32[(state + State.SourcePort) >> 2] = u16[(at + Field.SourcePort) >> 1] |
      bytes[at + Field.TrafficClass] << 16;
    this.u32[(state + State.Weight) >> 2] = weight;
    this.u32[(state + State.Count) >> 2] = 1;
    this.putPort(entry * this.stride, at);
  }

  /** A further port of a source: notes it after those remembered, and what of it differs. */
  add(entry: number, at: number, weight: number): void {
    const { bytes: record, u16: recordU16 } = this.records;
    const { bytes, u16, u32 } = this;
    const state = entry * STATE_BYTES;
    const flags = record[at + Field.TcpFlags];
    bytes[state + State.FlagsEver] |= flags;
    bytes[state + State.FlagsAlways] &= flags;
    const ttl = record[at + Field.Ttl];
    if (ttl < bytes[state + State.TtlMin]) bytes[state + State.TtlMin] = ttl;
    if (ttl > bytes[state + State.TtlMax]) bytes[state + State.TtlMax] = ttl;
    if (recordU16[(at + Field.SourcePort) >> 1] !== u16[(state + State.SourcePort) >> 1]) {
      bytes[state + State.Varied] |= Varied.SourcePort;
    }
    if (record[at + Field.TrafficClass] !== bytes[state + State.TrafficClass]) {
      bytes[state + State.Varied] |= Varied.TrafficClass;
    }
    u32[(state + State.Weight) >> 2] += weight;
    this.putPort(entry * this.stride + u32[(state + State.Count) >> 2], at);
  }

  private putPort(slot: number, at: number): void {
    const { u16, u32 } = this.records;
    this.ports[slot] = u16[(at + Field.DestinationPort) >> 1];
    this.destinations[slot] = u32[(at + DESTINATION_V4) >> 2];
  }
}
