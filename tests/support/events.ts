// Events for tests of formats and of what the command line does with events.

import type {
  CaptureLossEvent,
  FloodEvent,
  MisuseEvent,
  ScanEvent,
  SensorEvent,
  SuppressedEvent,
  VisitEvent,
} from "../../src/event.ts";
import { UTC } from "../../src/format/zone.ts";
import { Kind } from "../../src/record.ts";

/** What formats are told besides the event. */
export const CONTEXT = {
  zone: UTC,
  interfaceName: () => "eth0",
  observer: "host" as string | undefined,
  hostname: "machine" as string | undefined,
  version: "0.1.0",
  seed: 1,
};

/** 2026-11-21 22:14:52.123456 UTC. */
export const TIME_US = Date.parse("2026-11-21T22:14:52.123Z") * 1000 + 456;

/** A scan with everything known of it, as in the contract's example. */
export function scanEvent(changes: Partial<ScanEvent> = {}): ScanEvent {
  return {
    action: "scan-start",
    scan: 7,
    profile: "scandog",
    timeUs: TIME_US,
    startUs: TIME_US - 1_200_000,
    endUs: TIME_US,
    interface: 0,
    ipVersion: 4,
    kind: Kind.Tcp,
    source: "10.9.0.2",
    sourcePort: 55179,
    destination: "10.9.0.1",
    destinationVaries: false,
    portsSeen: [21, 22, 23],
    ports: { count: 7, list: "21-25,80,443", open: "22,80", closed: 5, silent: 0 },
    hosts: { count: 1, list: "10.9.0.1" },
    flagsEver: 2,
    flagsAlways: 2,
    trafficClass: 0,
    ttl: 37,
    ttlRange: { min: 37, max: 59 },
    techniques: ["syn"],
    shape: "vertical",
    slow: false,
    attempts: 9,
    hops: { min: 1, max: 5 },
    evidence: "handshake",
    tool: [{ name: "nmap", confidence: 0.97, matched: ["window 1024", "MSS 1460 only"] }],
    sources: { count: 3, list: "10.9.0.2,10.9.0.7,10.9.0.9", forged: 2 },
    ...changes,
  };
}

/** What a classic profile knows: no answers, no evidence. */
export function classicEvent(changes: Partial<ScanEvent> = {}): ScanEvent {
  const event = scanEvent({ profile: "scanlogd-2" });
  delete event.slow, delete event.hops, delete event.evidence, delete event.tool;
  delete event.sources;
  return { ...event, ports: { count: 7, list: "21-25,80,443" }, ...changes };
}

/** The zombie of an idle scan whose target is seen. */
export function misuseEvent(changes: Partial<MisuseEvent> = {}): MisuseEvent {
  return {
    action: "address-misused",
    story: 3,
    profile: "scandog",
    timeUs: TIME_US,
    startUs: TIME_US - 4_200_000,
    endUs: TIME_US,
    interface: 0,
    ipVersion: 4,
    kind: "zombie",
    address: "10.9.0.1",
    addresses: 1,
    port: 80,
    by: "10.9.0.2",
    against: "10.9.0.3",
    ports: { count: 41, open: 2 },
    packets: 31,
    ...changes,
  };
}

/** The scan of `scanEvent`, an hour later. */
export function visitEvent(changes: Partial<VisitEvent> = {}): VisitEvent {
  return {
    action: "scan-visit",
    profile: "scandog",
    timeUs: TIME_US + 3_600_000_000,
    interface: 0,
    ipVersion: 4,
    kind: Kind.Tcp,
    source: "10.9.0.2",
    sourcePort: 50122,
    destination: "10.9.0.1",
    destinationPort: 80,
    match: "address",
    evidence: "handshake",
    foundUs: TIME_US,
    triedUs: TIME_US,
    scanned: {
      number: 7,
      startUs: TIME_US - 1_200_000,
      seed: 1,
      source: "10.9.0.2",
      evidence: "handshake",
    },
    ...changes,
  };
}

export function suppressedEvent(changes: Partial<SuppressedEvent> = {}): SuppressedEvent {
  return {
    action: "alerts-suppressed",
    profile: "scandog",
    timeUs: TIME_US,
    startUs: TIME_US - 20_000_000,
    endUs: TIME_US,
    count: 1234,
    of: "scan-start",
    ...changes,
  };
}

export function floodEvent(changes: Partial<FloodEvent> = {}): FloodEvent {
  return {
    action: "flood",
    phase: "begin",
    story: 1,
    profile: "scandog",
    timeUs: TIME_US,
    startUs: TIME_US - 2_000_000,
    endUs: TIME_US - 500_000,
    namedUs: TIME_US - 2_000_000,
    interface: 0,
    ipVersion: 4,
    kind: Kind.Tcp,
    destination: "10.9.0.1",
    hosts: { count: 1, list: "10.9.0.1" },
    ports: { count: 1, list: "80" },
    techniques: ["syn"],
    packets: 30_500,
    sources: 30_000,
    rate: { mean: 20_333, peak: 24_000 },
    ...changes,
  };
}

export function lossEvent(changes: Partial<CaptureLossEvent> = {}): CaptureLossEvent {
  return {
    action: "capture-loss",
    profile: "scandog",
    timeUs: TIME_US,
    startUs: TIME_US - 2_000_000,
    endUs: TIME_US,
    kernel: 1000,
    interface: 0,
    ring: 200,
    tables: 34,
    ...changes,
  };
}

/** A sensor that others listen to. */
export function sensorEvent(given: Partial<SensorEvent> = {}): SensorEvent {
  return {
    action: "sensor-refused",
    profile: "scandog",
    timeUs: TIME_US,
    startUs: TIME_US - 600e6,
    endUs: TIME_US,
    sensor: "web1.example",
    refused: { "too-many": 12345, "ahead": 1 },
    ...given,
  };
}
