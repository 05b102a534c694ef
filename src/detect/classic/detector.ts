// scanlogd, both versions: which sources probed enough TCP ports in a short time. One engine; the
// versions differ in `Rules` and values. Knows records and its tables; the only clock is in the
// records. Follows process_packet() of scanlogd 1.0 step by step (Phrack 53, article 13), because
// every early return there decides what is found later.
//
// One known difference: for a source already logged, 1.0 compares one port beyond its list with the
// packet's (it finds its own flag masks there, as the compiler happened to place them). Here such a
// port is new, as the author meant.

import type { DetectorOptions } from "../../detector.ts";
import type { Emit } from "../../event.ts";
import { Field, Kind, Quirk, RECORD_BYTES, type Records, TcpFlag } from "../../record.ts";
import { describe, type Found } from "./describe.ts";
import { FloodLimiter, Verdict } from "./flood.ts";
import { classicFaults, type ClassicValues, portsRemembered, type Rules } from "./rules.ts";
import { State, STATE_BYTES, States, TICK_US, toTick, Varied } from "./states.ts";
import { SourceTable } from "./table.ts";

const TICKS_PER_SECOND = 1e6 / TICK_US;

/** Where an IPv4 address lies in the 16 bytes of an IPv4-mapped one. */
const SOURCE_V4 = Field.Source + 12;

/** `Field.Kind` and `Field.IpVersion` read as one number. Every machine that Deno runs on is little-endian. */
const TCP_OVER_IPV4 = Kind.Tcp | 4 << 8;

/** A raw TCP socket, scanlogd's source, delivers whole datagrams with sane lengths only. */
const DELIVERY = Quirk.BadIpLength | Quirk.Truncated | Quirk.Fragment | Quirk.FragmentWhole;
const REASSEMBLED = Quirk.Fragment | Quirk.FragmentWhole;

const PRIVILEGED_PORTS = 1024;

export class ClassicDetector {
  declare private readonly table: SourceTable;
  declare private readonly states: States;
  declare private readonly flood: FloodLimiter;
  declare private readonly hashBits: number;
  declare private delayTicks: number;
  private scans = 0;
  declare private readonly records: Records;
  declare private options: { rules: Rules; values: ClassicValues };
  declare private readonly emit: Emit;

  /**
   * Takes all memory it will ever use: about 50 + 6 × `portsRemembered` bytes a source and 8 a
   * bucket. Throws RangeError for values in which `classicFaults` finds fault.
   */
  constructor(
    records: Records,
    options: { rules: Rules; values: ClassicValues },
    emit: Emit,
  ) {
    this.records = records;
    this.options = options;
    this.emit = emit;

    const { rules, values } = options;
    const [fault] = classicFaults(rules, values);
    if (fault !== undefined) throw new RangeError(`Cannot create ClassicDetector: ${fault}`);

    this.table = new SourceTable(values.tableSources, values.hashBits);
    this.states = new States(records, values.tableSources, portsRemembered(values));
    this.flood = new FloodLimiter(values.floodCount, values.floodDelay * TICKS_PER_SECOND);
    this.hashBits = values.hashBits;
    this.delayTicks = values.scanDelay * TICKS_PER_SECOND;
  }

  /**
   * Reads `count` records in a row from byte offset `base` on. Allocates only to emit. Costs at most
   * `hashChain` steps and `portsRemembered` comparisons a record, whatever the packets hold.
   */
  process(base: number, count: number): void {
    const { bytes, u16, u32, f64 } = this.records;
    const { table, hashBits } = this;
    const { bytes: stateBytes, u32: stateU32, f64: stateF64, ports, stride } = this.states;
    const { source: sources, link, heads, end: chainEnd } = table;
    const { hashChain } = this.options.values;
    const { answerFlags } = this.options.rules;
    const bucketMask = (1 << hashBits) - 1;
    // What is not more by the microsecond is not more by the tick. The reverse is not true.
    const surelyRecentUs = this.delayTicks * TICK_US;

    const stop = base + count * RECORD_BYTES;
    for (let at = base; at < stop; at += RECORD_BYTES) {
      if (u16[(at + Field.Kind) >> 1] !== TCP_OVER_IPV4) continue;
      const delivery = u32[(at + Field.Quirks) >> 2] & DELIVERY;
      if (delivery !== 0 && delivery !== REASSEMBLED) continue;
      const source = u32[(at + SOURCE_V4) >> 2] | 0;
      // scanlogd marks its free entries with 0.0.0.0 and so refuses a packet from there.
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
        const age = f64[at >> 3] - stateF64[(entry * STATE_BYTES + State.LastUs) >> 3];
        if (age >= 0 && age <= surelyRecentUs || this.isRecent(entry, at)) {
          const port = u16[(at + Field.DestinationPort) >> 1];
          const state = entry * STATE_BYTES;
          let i = entry * stride;
          const portsEnd = i + stateU32[(state + State.Count) >> 2];
          while (i < portsEnd && ports[i] !== port) i++;
          if (i < portsEnd) {
            stateBytes[state + State.FlagsEver] |= flags;
            stateBytes[state + State.FlagsAlways] &= flags;
          } else if ((flags & answerFlags) === 0) {
            this.probe(entry, at);
          }
          continue;
        }
        table.unlink(entry); // too old, and not reused at once: scanlogd's order of eviction
      }

      // An ACK from a source not known may be the answer to a connection of ours.
      if ((flags & TcpFlag.Ack) !== 0) continue;

      // Addresses can be chosen to collide, so the last of a full chain is cut off. (A chain that
      // an entry has just left is not full: none ever has more than `hashChain`.)
      if (others >= hashChain) table.unlink(last);
      this.states.begin(table.take(source, bucket), at, this.weigh(at));
    }
  }

  /**
   * Takes other limits and times. Not sizes, nor weights, by which what it knows was counted; and it knows
   * nothing of `home` and `ignore`, which are a filter's before it.
   */
  reconfigure({ values, home, ignore }: DetectorOptions): boolean {
    const { rules, values: before } = this.options;
    const after = values as ClassicValues;
    const settled = ["tableSources", "hashBits", "scanWeight", "privilegedWeight", "portWeight"];
    const isSettled = (key: string) => before[key as keyof ClassicValues] === values[key];
    if (!settled.every(isSettled) || home.length + ignore.length > 0) return false;
    if (classicFaults(rules, after).length > 0) return false;
    this.options = { rules, values: after };
    this.delayTicks = after.scanDelay * TICKS_PER_SECOND;
    this.flood.reconfigure(after.floodCount, after.floodDelay * TICKS_PER_SECOND);
    return true;
  }

  /** Nothing is pending at the end: a scan is said when found. Here for the detectors' common shape. */
  finish(): void {}

  /**
   * Whether an entry is not too old at the time of the record, to the tick. A clock that stepped
   * back makes it older than any.
   */
  private isRecent(entry: number, at: number): boolean {
    const last = this.states.f64[(entry * STATE_BYTES + State.LastUs) >> 3];
    const age = toTick(this.records.f64[at >> 3]) - toTick(last);
    return age >= 0 && age <= this.delayTicks;
  }

  /** A port new to a known source. */
  private probe(entry: number, at: number): void {
    const { states } = this;
    const { scanWeight } = this.options.values;
    const state = entry * STATE_BYTES;
    states.f64[(state + State.LastUs) >> 3] = this.records.f64[at >> 3];
    if (states.u32[(state + State.Weight) >> 2] >= scanWeight) return; // logged already

    states.add(entry, at, this.weigh(at));
    // The port that completes the scan stays beyond the list: scanlogd does not print it, and a
    // packet to it later is one to a new port.
    if (states.u32[(state + State.Weight) >> 2] >= scanWeight) this.report(entry, at);
    else states.u32[(state + State.Count) >> 2]++;
  }

  private weigh(at: number): number {
    const { privilegedWeight, portWeight } = this.options.values;
    const port = this.records.u16[(at + Field.DestinationPort) >> 1];
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
    const { states } = this;
    const { profile, zeroMeansVaried } = this.options.rules;
    const state = entry * STATE_BYTES;
    const varied = states.bytes[state + State.Varied];
    const ttlRange = {
      min: states.bytes[state + State.TtlMin],
      max: states.bytes[state + State.TtlMax],
    };
    const sourcePort = states.u16[(state + State.SourcePort) >> 1];
    const slot = entry * states.stride;
    const probes = states.u32[(state + State.Count) >> 2] + 1;
    const constant = (value: number, hasVaried: boolean, zeroHides: boolean) =>
      hasVaried || (zeroHides && value === 0) ? undefined : value;
    return {
      profile,
      scan: ++this.scans,
      timeUs: f64[at >> 3],
      startUs: states.f64[(state + State.StartUs) >> 3],
      interface: u16[(at + Field.Interface) >> 1],
      source: bytes.slice(at + Field.Source, at + Field.Source + 16),
      sourcePort: constant(sourcePort, (varied & Varied.SourcePort) !== 0, zeroMeansVaried),
      trafficClass: constant(
        states.bytes[state + State.TrafficClass],
        (varied & Varied.TrafficClass) !== 0,
        false,
      ),
      ttl: constant(ttlRange.min, ttlRange.min !== ttlRange.max, zeroMeansVaried),
      ttlRange,
      ports: states.ports.slice(slot, slot + probes),
      destinations: states.destinations.slice(slot, slot + probes),
      flagsEver: states.bytes[state + State.FlagsEver],
      flagsAlways: states.bytes[state + State.FlagsAlways],
    };
  }
}
