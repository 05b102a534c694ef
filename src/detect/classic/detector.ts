// scanlogd, both versions: which sources probed enough TCP ports in a short time. One engine; the
// versions differ in `Rules` and values. Knows records and its tables; the only clock is in the
// records. Follows process_packet() of scanlogd 1.0 step by step (Phrack 53, article 13), because
// every early return there decides what is found later.
//
// One known difference: for a source already logged, 1.0 compares one port beyond its list with the
// packet's (it finds its own flag masks there, as the compiler happened to place them). Here such a
// port is new, as the author meant.

import type { Emit } from "../../event.ts";
import { Field, Kind, Quirk, RECORD_BYTES, type Records, TcpFlag } from "../../record.ts";
import { describe, type Found } from "./describe.ts";
import { FloodLimiter, Verdict } from "./flood.ts";
import { classicFaults, type ClassicValues, portsRemembered, type Rules } from "./rules.ts";
import { SourceTable } from "./table.ts";

/** scanlogd counts in clock ticks, 100 a second (times(2)); its limits are exact in ticks. */
const TICK_US = 10_000;
const TICKS_PER_SECOND = 100;

/** Where an IPv4 address lies in the 16 bytes of an IPv4-mapped one. */
const SOURCE_V4 = Field.Source + 12;
const DESTINATION_V4 = Field.Destination + 12;

/** `Field.Kind` and `Field.IpVersion` read as one number. Every machine that Deno runs on is little-endian. */
const TCP_OVER_IPV4 = Kind.Tcp | 4 << 8;

/** A raw TCP socket, scanlogd's source, delivers whole datagrams with sane lengths only. */
const DELIVERY = Quirk.BadIpLength | Quirk.Truncated | Quirk.Fragment | Quirk.FragmentWhole;
const REASSEMBLED = Quirk.Fragment | Quirk.FragmentWhole;

const PRIVILEGED_PORTS = 1024;

/**
 * What is kept of a source, within one cache line: byte offsets, as in a record. Those beside
 * each other are written by one store when an entry is taken over.
 */
const Entry = {
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
const ENTRY_BYTES = 32;
const Varied = { SourcePort: 1, TrafficClass: 2 } as const;

export class ClassicDetector {
  private readonly table: SourceTable;
  private readonly flood: FloodLimiter;
  private readonly hashBits: number;
  private readonly delayTicks: number;
  private scans = 0;

  /** Views of the entries, `ENTRY_BYTES` each. */
  private readonly entryBytes: Uint8Array;
  private readonly entryU16: Uint16Array;
  private readonly entryU32: Uint32Array;
  private readonly entryF64: Float64Array;

  /** Elements of the next two per entry: ports remembered, and the one that completes the scan. */
  private readonly stride: number;
  /** In the order first probed. */
  private readonly ports: Uint16Array;
  /** The destination at which each of these ports was probed, a word as it lies in memory. */
  private readonly destinations: Uint32Array;

  /**
   * Takes all memory it will ever use: about 50 + 6 × `portsRemembered` bytes a source and 8 a
   * bucket. Throws RangeError for values in which `classicFaults` finds fault.
   */
  constructor(
    private readonly records: Records,
    private readonly options: { rules: Rules; values: ClassicValues },
    private readonly emit: Emit,
  ) {
    const { rules, values } = options;
    const [fault] = classicFaults(rules, values);
    if (fault !== undefined) throw new RangeError(`Cannot create ClassicDetector: ${fault}`);

    this.table = new SourceTable(values.tableSources, values.hashBits);
    this.flood = new FloodLimiter(values.floodCount, values.floodDelay * TICKS_PER_SECOND);
    this.hashBits = values.hashBits;
    this.delayTicks = values.scanDelay * TICKS_PER_SECOND;
    const entries = new ArrayBuffer(values.tableSources * ENTRY_BYTES);
    this.entryBytes = new Uint8Array(entries);
    this.entryU16 = new Uint16Array(entries);
    this.entryU32 = new Uint32Array(entries);
    this.entryF64 = new Float64Array(entries);
    this.stride = portsRemembered(values) + 1;
    this.ports = new Uint16Array(values.tableSources * this.stride);
    this.destinations = new Uint32Array(values.tableSources * this.stride);
  }

  /**
   * Reads `count` records in a row from byte offset `base` on. Allocates only to emit. Costs at most
   * `hashChain` steps and `portsRemembered` comparisons a record, whatever the packets hold.
   */
  process(base: number, count: number): void {
    const { bytes, u16, u32, f64 } = this.records;
    const { entryBytes, entryU32, entryF64, ports, stride, hashBits } = this;
    const { table } = this;
    const { source: sources, link, heads, end: chainEnd } = table;
    const { hashChain } = this.options.values;
    const { answerFlags } = this.options.rules;
    const bucketMask = (1 << hashBits) - 1;
    // So much later by the microsecond is at most `delayTicks` later by the tick.
    const surelyRecentUs = (this.delayTicks - 1) * TICK_US;

    const stop = base + count * RECORD_BYTES;
    for (let at = base; at < stop; at += RECORD_BYTES) {
      if (u16[(at + Field.Kind) >> 1] !== TCP_OVER_IPV4) continue;
      const delivery = u32[(at + Field.Quirks) >> 2] & DELIVERY;
      if (delivery !== 0 && delivery !== REASSEMBLED) continue;
      const source = u32[(at + SOURCE_V4) >> 2] | 0;
      // A source of 0.0.0.0 marks a free entry, so a forged one is refused here.
      if (source === 0) continue;
      const flags = bytes[at + Field.TcpFlags];

      let bucket = 0;
      for (let rest = source; rest !== 0; rest >>>= hashBits) bucket ^= rest;
      bucket &= bucketMask;

      let others = 0;
      let last = chainEnd;
      let entry = link[heads + bucket];
      sources[chainEnd] = source;
      while (sources[entry] !== source) {
        others++;
        last = entry;
        entry = link[entry];
      }

      if (entry !== chainEnd) {
        const age = f64[at >> 3] - entryF64[(entry * ENTRY_BYTES + Entry.LastUs) >> 3];
        if (age >= 0 && age <= surelyRecentUs || this.isRecent(entry, at)) {
          const port = u16[(at + Field.DestinationPort) >> 1];
          const state = entry * ENTRY_BYTES;
          let i = entry * stride;
          const portsEnd = i + entryU32[(state + Entry.Count) >> 2];
          while (i < portsEnd && ports[i] !== port) i++;
          if (i < portsEnd) {
            entryBytes[state + Entry.FlagsEver] |= flags;
            entryBytes[state + Entry.FlagsAlways] &= flags;
          } else if ((flags & answerFlags) === 0) {
            this.probe(entry, at);
          }
          continue;
        }
        table.free(entry);
        others = 0;
      }

      // An ACK from a source not known may be the answer to a connection of ours.
      if ((flags & TcpFlag.Ack) !== 0) continue;

      // Addresses can be chosen to collide, so the last of a full chain is cut off; not if an
      // entry has just left the chain, though there may be more behind it: scanlogd's way.
      if (others >= hashChain) table.unlink(last);
      this.begin(table.take(source, bucket), at);
    }
  }

  /** Nothing is pending at the end: a scan is said when found. Here for the detectors' common shape. */
  finish(): void {}

  /**
   * Whether an entry is not too old at the time of the record, to the tick. A clock that stepped
   * back makes it older than any.
   */
  private isRecent(entry: number, at: number): boolean {
    const last = this.entryF64[(entry * ENTRY_BYTES + Entry.LastUs) >> 3];
    const age = toTick(this.records.f64[at >> 3]) - toTick(last);
    return age >= 0 && age <= this.delayTicks;
  }

  /** First port of a source not known. */
  private begin(entry: number, at: number): void {
    const { bytes, u16, u32, f64 } = this.records;
    const { entryU32, entryF64 } = this;
    const port = u16[(at + Field.DestinationPort) >> 1];
    const flags = bytes[at + Field.TcpFlags];
    const ttl = bytes[at + Field.Ttl];
    const timeUs = f64[at >> 3];
    const state = entry * ENTRY_BYTES;
    entryF64[(state + Entry.LastUs) >> 3] = timeUs;
    entryF64[(state + Entry.StartUs) >> 3] = timeUs;
    entryU32[(state + Entry.FlagsEver) >> 2] = flags | flags << 8 | ttl << 16 | ttl << 24;
    entryU32[(state + Entry.SourcePort) >> 2] = u16[(at + Field.SourcePort) >> 1] |
      bytes[at + Field.TrafficClass] << 16;
    entryU32[(state + Entry.Weight) >> 2] = this.weigh(port);
    entryU32[(state + Entry.Count) >> 2] = 1;
    const slot = entry * this.stride;
    this.ports[slot] = port;
    this.destinations[slot] = u32[(at + DESTINATION_V4) >> 2];
  }

  /** A port new to a known source. */
  private probe(entry: number, at: number): void {
    const { bytes, u16, u32, f64 } = this.records;
    const { entryBytes, entryU16, entryU32 } = this;
    const { scanWeight } = this.options.values;
    const state = entry * ENTRY_BYTES;
    this.entryF64[(state + Entry.LastUs) >> 3] = f64[at >> 3];
    if (entryU32[(state + Entry.Weight) >> 2] >= scanWeight) return; // logged already

    const flags = bytes[at + Field.TcpFlags];
    entryBytes[state + Entry.FlagsEver] |= flags;
    entryBytes[state + Entry.FlagsAlways] &= flags;
    const ttl = bytes[at + Field.Ttl];
    if (ttl < entryBytes[state + Entry.TtlMin]) entryBytes[state + Entry.TtlMin] = ttl;
    if (ttl > entryBytes[state + Entry.TtlMax]) entryBytes[state + Entry.TtlMax] = ttl;
    if (u16[(at + Field.SourcePort) >> 1] !== entryU16[(state + Entry.SourcePort) >> 1]) {
      entryBytes[state + Entry.Varied] |= Varied.SourcePort;
    }
    if (bytes[at + Field.TrafficClass] !== entryBytes[state + Entry.TrafficClass]) {
      entryBytes[state + Entry.Varied] |= Varied.TrafficClass;
    }

    const port = u16[(at + Field.DestinationPort) >> 1];
    const slot = entry * this.stride + entryU32[(state + Entry.Count) >> 2];
    this.ports[slot] = port;
    this.destinations[slot] = u32[(at + DESTINATION_V4) >> 2];
    entryU32[(state + Entry.Weight) >> 2] += this.weigh(port);
    // The port that completes the scan stays beyond the list: scanlogd does not print it, and a
    // packet to it later is one to a new port.
    if (entryU32[(state + Entry.Weight) >> 2] >= scanWeight) this.report(entry, at);
    else entryU32[(state + Entry.Count) >> 2]++;
  }

  private weigh(port: number): number {
    const { privilegedWeight, portWeight } = this.options.values;
    return port < PRIVILEGED_PORTS ? privilegedWeight : portWeight;
  }

  /** A scan was found: says so, unless too many were. */
  private report(entry: number, at: number): void {
    const timeUs = this.records.f64[at >> 3];
    const verdict = this.flood.judge(toTick(timeUs));
    if (verdict === Verdict.Log) this.emit(describe(this.found(entry, at)));
    if (verdict !== Verdict.Announce) return;
    this.emit({
      action: "alerts-suppressed",
      profile: this.options.rules.profile,
      timeUs,
      startUs: timeUs,
      endUs: timeUs,
      count: 0,
      of: "scan-start",
    });
  }

  /** What is known of the scan that the record at `at` completes. */
  private found(entry: number, at: number): Found {
    const { bytes, u16, f64 } = this.records;
    const { entryBytes, entryU16, entryU32, entryF64 } = this;
    const { profile, zeroMeansVaried } = this.options.rules;
    const state = entry * ENTRY_BYTES;
    const varied = entryBytes[state + Entry.Varied];
    const ttlRange = {
      min: entryBytes[state + Entry.TtlMin],
      max: entryBytes[state + Entry.TtlMax],
    };
    const sourcePort = entryU16[(state + Entry.SourcePort) >> 1];
    const slot = entry * this.stride;
    const probes = entryU32[(state + Entry.Count) >> 2] + 1;
    const constant = (value: number, hasVaried: boolean, zeroHides: boolean) =>
      hasVaried || (zeroHides && value === 0) ? undefined : value;
    return {
      profile,
      scan: ++this.scans,
      timeUs: f64[at >> 3],
      startUs: entryF64[(state + Entry.StartUs) >> 3],
      interface: u16[(at + Field.Interface) >> 1],
      source: bytes.slice(at + Field.Source, at + Field.Source + 16),
      sourcePort: constant(sourcePort, (varied & Varied.SourcePort) !== 0, zeroMeansVaried),
      trafficClass: constant(
        entryBytes[state + Entry.TrafficClass],
        (varied & Varied.TrafficClass) !== 0,
        false,
      ),
      ttl: constant(ttlRange.min, ttlRange.min !== ttlRange.max, zeroMeansVaried),
      ttlRange,
      ports: this.ports.slice(slot, slot + probes),
      destinations: this.destinations.slice(slot, slot + probes),
      flagsEver: entryBytes[state + Entry.FlagsEver],
      flagsAlways: entryBytes[state + Entry.FlagsAlways],
    };
  }
}

/** Microseconds to clock ticks. Exact: below 2^53 no quotient of whole numbers rounds up. */
function toTick(timeUs: number): number {
  return Math.floor(timeUs / TICK_US);
}
