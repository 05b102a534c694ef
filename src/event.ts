// The events that detectors give. A leaf: plain data, no text. Made once per alert, never per packet.

import type { Kind } from "./record.ts";

/** Which detector spoke. */
export type Profile = "scandog" | "scanlogd-2" | "scanlogd-1";

/** How a scan probed; the contract's `scandog.techniques`. */
export type Technique =
  | "syn"
  | "connect"
  | "fin"
  | "null"
  | "xmas"
  | "maimon"
  | "ack"
  | "syn-ack"
  | "other-tcp"
  | "udp"
  | "sctp-init"
  | "sctp-cookie-echo"
  | "ip-protocol"
  | "icmp-echo"
  | "icmp-timestamp"
  | "icmp-mask"
  | "arp";

/** One host, many ports; many hosts, one port; both; many sources; forged sources among real. */
export type Shape = "vertical" | "horizontal" | "block" | "distributed" | "decoy";

/** What proves the source address: a completed handshake, a RST that answered our SYN-ACK, nothing. */
export type SourceEvidence = "handshake" | "reset" | "none";

/** The direction between monitored addresses and others, in the terms of the Elastic Common Schema. */
export type Direction = "inbound" | "outbound" | "internal" | "external";

/**
 * Distinct values, separated by commas: ports as ranges (`21-25,80,443`), addresses one by one. `count`
 * is exact even where `list` names a part only.
 */
export interface Listing {
  count: number;
  list: string;
  /** `list` is not all. Said also where it cannot be told from `count`. */
  truncated?: true;
}

/** Fields that scanlogd prints only while they are constant are absent once they have varied. */
export interface ScanEvent {
  action: "scan-start" | "scan-update" | "scan-end";
  /** Same for start, updates and end of one scan: the detector's running number, from 1. */
  scan: number;
  profile: Profile;
  /**
   * Time of the packet that caused the event: of an end, the last probe, but never before the time of
   * the start. Microseconds since 1970.
   */
  timeUs: number;
  /**
   * `startUs` as it was when the scan was first told, to name the scan by: an older probe may be found
   * to belong to it later. Absent: `startUs`.
   */
  namedUs?: number;
  /** Time of the scan's first and (so far) last probe. */
  startUs: number;
  endUs: number;
  /** Index of the capture interface of the packet that caused it. */
  interface: number;
  ipVersion: 0 | 4 | 6;
  /** `Kind` of the probes; `Kind.Ip` where they are of several kinds. */
  kind: typeof Kind[keyof typeof Kind];
  /** RFC 5952 text. */
  source: string;
  sourcePort?: number;
  /** Link-layer address that its probes came from, where all came from one: `00:00:5e:00:53:23`. */
  sourceMac?: string;
  /** The first target. */
  destination: string;
  /** There were other targets. */
  destinationVaries: boolean;
  /** Port numbers in the order first probed: at most as many as the profile remembers. */
  portsSeen: number[];
  /** `order` in which they were taken; `choice`: a known list that they are. */
  ports: Listing & {
    open?: string;
    closed?: number;
    silent?: number;
    order?: "ascending" | "descending" | "random";
    choice?: "nmap-top-100" | "nmap-top-1000";
  };
  hosts: Listing;
  /** Found open, as `192.0.2.7:22` or `[2001:db8::7]:22`. Absent: of one host `ports.open` tells it. */
  open?: Listing;
  /** OR and AND of the TCP flag octets seen; absent when no probe was TCP. */
  flagsEver?: number;
  flagsAlways?: number;
  trafficClass?: number;
  /** When constant; else see `ttlRange`. */
  ttl?: number;
  ttlRange: { min: number; max: number };
  techniques: Technique[];
  shape?: Shape;
  slow?: boolean;
  /** Probes counted. */
  attempts?: number;
  /** Probes besides that a flood, of whomever, left no time to follow: their targets are in no list and no count. */
  unfollowed?: number;
  /** Routers that the probes passed, as their TTLs tell. 0: this link. */
  hops?: { min: number; max: number };
  /** TTLs of one source that no path explains. */
  ttlVaries?: true;
  evidence?: SourceEvidence;
  /** Signs that the source is the zombie of an idle scan, and somebody else the scanner. */
  zombie?: string[];
  /** Programs that the probes give away, surest first; `versions` that are known to probe so. */
  tool?: { name: string; versions?: string; confidence: number; matched: string[] }[];
  /** `guess`: no packet tells which of them is not forged; the one that is named may be any of them. */
  sources?: Listing & { forged: number; guess?: true };
  /** Seen from the monitored addresses, where they are known; to the first target. */
  direction?: Direction;
  /** The source is on the user's list of known scanners, under this name. */
  known?: { name: string; network: string };
  /** Names of the sensors that saw it, where many were listened to; `list` may be cut. */
  sensors?: { count: number; list: string[] };
  /** Names of scans that some of them told themselves, and that are part of it; may be cut. */
  joined?: string[];
}

/** A scanner, or another address of its network, came back and used a port that its scan had found open. */
export interface VisitEvent {
  action: "scan-visit";
  profile: Profile;
  /** When the connection was seen to be used. Microseconds since 1970. */
  timeUs: number;
  /** Index of the capture interface. */
  interface: number;
  ipVersion: 4 | 6;
  kind: typeof Kind[keyof typeof Kind];
  /** The visitor. RFC 5952 text. */
  source: string;
  sourcePort: number;
  /** As in `ScanEvent`. */
  sourceMac?: string;
  destination: string;
  destinationPort: number;
  /** The visitor is the scanner, or only of its network (IPv4 /24, IPv6 /64): perhaps somebody else. */
  match: "address" | "network";
  /** The visitor's own: `handshake` when its completion was seen. */
  evidence: SourceEvidence;
  /** When the scan found the port open, and when the scan's source was last seen to try it. */
  foundUs: number;
  triedUs: number;
  /** The scan, as it was told. */
  scanned: {
    number: number;
    /** `namedUs` of its events: when it began. */
    startUs: number;
    /** The seed of the run, from which the names of events are made. */
    seed: number;
    source: string;
    evidence: SourceEvidence;
  };
  /** The visitor is on the user's list of known scanners, under this name. */
  known?: { name: string; network: string };
}

/** Alerts were found but not said. */
export interface SuppressedEvent {
  action: "alerts-suppressed";
  profile: Profile;
  timeUs: number;
  startUs: number;
  endUs: number;
  /** How many; 0 where the profile (scanlogd) announces the silence before it counts. */
  count: number;
  /** What was suppressed: `scan-start`, ... */
  of: string;
  /** The few suppressed scans that did most, the largest first: source, first target, number of attempts. */
  most?: { source: string; destination: string; attempts: number }[];
}

/** Packets were lost before a detector saw them. */
export interface CaptureLossEvent {
  action: "capture-loss";
  profile: Profile;
  timeUs: number;
  /** The blind interval. */
  startUs: number;
  endUs: number;
  /** Dropped by the kernel, by the interface, by our ring, displaced in tables. */
  kernel: number;
  interface: number;
  ring: number;
  tables: number;
}

/**
 * Answers that nobody asked for show that somebody uses an address of others. No scan of it: whose
 * answers they are is a victim as well. Counts are lower bounds.
 */
export interface MisuseEvent {
  action: "address-misused";
  /** Same for all events of one story: the detector's running number of such, from 1. */
  story: number;
  profile: Profile;
  timeUs: number;
  startUs: number;
  endUs: number;
  interface: number;
  ipVersion: 4 | 6;
  /**
   * `zombie`: its IP IDs are read, to scan others with. `decoy`: it stands on probes of a scan of
   * another host. `flood-backscatter`: it stands on packets of a flood.
   */
  kind: "zombie" | "decoy" | "flood-backscatter";
  /** The address that is misused; of several, the first, and how many. */
  address: string;
  addresses: number;
  /** If there are several, those that are kept, separated by commas; `address` is one of them. */
  addressList?: string;
  /** Its port, where there is one only. */
  port?: number;
  /** The host that reads the IP IDs. */
  by?: string;
  /** The host that is scanned or flooded with it. For a zombie: only if that host's answers were seen. */
  against?: string;
  /** Ports of that host that answered, and how many accepted. */
  ports?: { count: number; open: number };
  /** Packets that show it: answers, or a zombie's probes. */
  packets: number;
}

/** Why something that a sensor sent was not taken. */
export const REFUSALS = [
  /** No outcomes, or of another version. */
  "unreadable",
  /** In another partition than its source's. */
  "wrong-partition",
  /** With another sensor's name in it. */
  "other-name",
  /** More than one sensor may say. */
  "too-many",
  /** From before what is remembered. */
  "too-old",
  /** From the future: taken, as of now. */
  "ahead",
  /** The sensor itself could not send it. */
  "dropped",
] as const;
export type Refusal = typeof REFUSALS[number];

/** About a sensor of a fleet: it fell silent, is heard again, or sent what was refused. */
export interface SensorEvent {
  action: "sensor-silent" | "sensor-back" | "sensor-refused";
  profile: Profile;
  timeUs: number;
  /** The silence, or the time in which was sent what was not taken. */
  startUs: number;
  endUs: number;
  sensor: string;
  /** How many outcomes or messages were not taken, by why. */
  refused?: Partial<Record<Refusal, number>>;
}

/**
 * A flood of packets from sources that try once and are not heard of again: forged, as a rule. It accuses
 * nobody.
 */
export interface FloodEvent {
  action: "flood";
  /** Each flood is told by one of each. */
  phase: "begin" | "end";
  /** Same for both: the detector's running number of such, from 1. */
  story: number;
  profile: Profile;
  timeUs: number;
  /** Time of its first packet, and of the last so far. */
  startUs: number;
  endUs: number;
  /** `startUs` as it was when the flood was first told: an older packet may be found to belong to it later. */
  namedUs: number;
  interface: number;
  ipVersion: 4 | 6;
  /** `Kind` of its packets; `Kind.Ip` where they are of several kinds. */
  kind: typeof Kind[keyof typeof Kind];
  /** The victim; if there are several hosts, the first. */
  destination: string;
  /** If there are several victims, their network: `192.0.2.0/24`. */
  network?: string;
  /** For an IPv6 network this is a lower bound. */
  hosts: Listing;
  ports: Listing;
  /** Its packets', or those that they answer. */
  techniques: Technique[];
  /** Its packets are answers to what their target did not send: forged, or asked for in its name. */
  answers?: true;
  /** So far; lower bounds. */
  packets: number;
  sources: number;
  /** Packets a second. */
  rate: { mean: number; peak: number };
  /** Inbound where who is flooded is monitored; else not known. */
  direction?: "inbound";
}

export type DetectorEvent =
  | FloodEvent
  | ScanEvent
  | VisitEvent
  | MisuseEvent
  | SuppressedEvent
  | CaptureLossEvent
  | SensorEvent;

/** Where a detector delivers; called during `process`, at most a bounded number of times a packet. */
export type Emit = (event: DetectorEvent) => void;
