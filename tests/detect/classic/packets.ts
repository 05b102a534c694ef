// Records made by hand for the classic detector's tests.

import { parseAddress } from "../../../src/address.ts";
import { ClassicDetector } from "../../../src/detect/classic/detector.ts";
import type { ClassicValues, Rules } from "../../../src/detect/classic/rules.ts";
import type { DetectorEvent, ScanEvent } from "../../../src/event.ts";
import { defaults } from "../../../src/params.ts";
import { Field, Kind, Records, TcpFlag } from "../../../src/record.ts";

/** What a test says of a packet; the rest is as in a plain SYN from 10.0.0.2:40000 to 10.0.0.1. */
export interface Probe {
  port: number;
  source?: string;
  destination?: string;
  sourcePort?: number;
  flags?: number;
  ttl?: number;
  trafficClass?: number;
  quirks?: number;
  kind?: number;
  ipVersion?: number;
  interface?: number;
}

/** 2026-11-21T22:14:52Z. */
export const START_US = 1_795_299_292_000_000;

/** A detector with one record of its own, fed packet by packet. */
export class Bench {
  readonly events: DetectorEvent[] = [];
  private readonly records = Records.allocate(1);
  readonly detector: ClassicDetector;

  constructor(rules: Rules, values: Partial<ClassicValues> = {}) {
    const all = { ...defaults(rules.tunables), ...values };
    this.detector = new ClassicDetector(
      this.records,
      { rules, values: all },
      (event) => this.events.push(event),
    );
  }

  /** One packet, so many seconds after the start. */
  packet(seconds: number, probe: Probe): void {
    const { bytes, u16, u32, f64 } = this.records;
    bytes.fill(0);
    f64[0] = START_US + Math.round(seconds * 1e6);
    bytes.set(parseAddress(probe.source ?? "10.0.0.2")!, Field.Source);
    bytes.set(parseAddress(probe.destination ?? "10.0.0.1")!, Field.Destination);
    u16[Field.SourcePort >> 1] = probe.sourcePort ?? 40000;
    u16[Field.DestinationPort >> 1] = probe.port;
    bytes[Field.TcpFlags] = probe.flags ?? TcpFlag.Syn;
    bytes[Field.Ttl] = probe.ttl ?? 64;
    bytes[Field.TrafficClass] = probe.trafficClass ?? 0;
    bytes[Field.Kind] = probe.kind ?? Kind.Tcp;
    bytes[Field.IpVersion] = probe.ipVersion ?? 4;
    u32[Field.Quirks >> 2] = probe.quirks ?? 0;
    u16[Field.Interface >> 1] = probe.interface ?? 0;
    this.detector.process(0, 1);
  }

  /** Ports one after another, from `seconds` on, `gap` seconds apart. */
  ports(seconds: number, gap: number, ports: Iterable<number>, probe: Omit<Probe, "port"> = {}) {
    let i = 0;
    for (const port of ports) this.packet(seconds + gap * i++, { ...probe, port });
  }

  get scans(): ScanEvent[] {
    return this.events.filter((event): event is ScanEvent => event.action === "scan-start");
  }
}

/** `count` numbers from `first` on. */
export function from(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
