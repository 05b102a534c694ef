// What one lab case says of itself: who is there, where the packets are caught, what happens, and
// what is true about it. Types only; the cases themselves are in cases/.

import type { Shape, Technique } from "../../src/event.ts";
import type { World } from "./world.ts";
import type { Edit } from "./edits.ts";

export type { Shape, Technique };

/** Who is in the world. Addresses carry their prefix length; the last number may be a range. */
export interface WorldPlan {
  /** Routers between the two sides; 0 puts everybody on one LAN. */
  hops: number;
  /** Host name to addresses, on the side the scanners come from. */
  outside: Record<string, string[]>;
  /** Host name to addresses, on the monitored side. */
  inside: Record<string, string[]>;
  /** The router's addresses on each side (unused without routers). */
  outsideGateway: string[];
  insideGateway: string[];
  /** Prefixes that the innermost router swallows silently: networks with nobody in them. */
  blackholes?: string[];
}

/** Where and how packets are caught. */
export interface CapturePlan {
  /** The namespace: a host's name, or `router` (the first), `router2`, …, `switch`. */
  at: string;
  /** Default `eth0`; a router has `outside` and `inside`; `any` is the cooked kind. */
  interface?: string;
  direction?: "in" | "out";
  snaplen?: number;
  /** tcpdump -y, for `any`: LINUX_SLL or LINUX_SLL2. */
  linkName?: string;
  nanoseconds?: boolean;
  /** A BPF expression: what this observer keeps. */
  filter?: string;
  format?: "pcap" | "pcap.gz" | "pcapng" | "pcapng.gz";
  /** A second interface of the same namespace, merged into one pcapng of two interfaces. */
  and?: string;
  /** What was done to the packets afterwards. */
  edits?: Edit[];
  /** Overrides for the folder that this capture becomes. */
  story?: string;
  home?: string[];
  /** What of the scans' truth is different from this point of view. */
  seen?: Partial<ScanTruth>;
  /** From here a report is neither required nor wrong. */
  optional?: boolean;
  /** What it shows of addresses used by others; default: the case's. */
  misuse?: MisuseTruth;
  /** In this capture the scan cannot be recognised, and the reason. */
  blind?: string;
}

/** One scan, as it really was. */
export interface ScanTruth {
  /** The addresses it came from. */
  sources: string[];
  /** Addresses written on probes by somebody who does not own them. */
  forged?: string[];
  techniques: Technique[];
  shape: Shape;
  /** Probed addresses, single, or `first-last`. */
  hosts: string[];
  /** Probed ports (or protocols), as ranges; absent when the technique has none. */
  ports?: string;
  /** Instead of `ports`: so many of nmap's own most usual TCP ports. */
  usualPorts?: number;
  /** Among the probed ports those with a listener, and those whose packets a filter swallows. */
  open?: string;
  silent?: string;
  tool: string;
  /** Routers on the way to the point of capture. */
  hops?: number;
  /** What proves the address: a completed handshake, a RST that answers our SYN-ACK, or nothing. */
  evidence?: "handshake" | "reset" | "none";
  /** So slow that only a long memory finds it. */
  slow?: boolean;
  /** Sent by the monitored host itself. */
  outbound?: boolean;
  /** The sources are zombies of an idle scan. */
  zombie?: boolean;
  note?: string;
}

/** A used connection by the scanner itself, or by another address of its network. */
export interface VisitTruth {
  source: string;
  port: number;
  match: "address" | "network";
}

/** An address used by others than its owner. */
export interface MisuseTruth {
  kind: "zombie" | "decoy" | "flood-backscatter";
  address: string;
  /** Who reads the zombie's IP IDs. */
  by?: string;
  /** Who is scanned or flooded; its ports that answered, as ranges, and the open ones of them. */
  against?: string;
  ports?: string;
  open?: string;
}

export interface Case {
  name: string;
  story: string;
  /** Ordinary traffic: nothing may be reported. */
  quiet?: boolean;
  /** Kept in testdata/attacks/real, where what is not told yet is known. */
  attack?: boolean;
  world?: Partial<WorldPlan>;
  /** Folder suffix to capture; the suffix `""` is the case's own name. */
  captures?: Record<string, CapturePlan>;
  scans?: ScanTruth[];
  /** Who came back after a scan and used a port that it had found open, in this order. */
  visits?: VisitTruth[];
  misuse?: MisuseTruth;
  /** Addresses whose forged packets look like whole scans: reporting them is no false alarm. */
  forgedScans?: string[];
  /** The monitored addresses; default: all of the host the capture was made on, or all inside. */
  home?: string[];
  /** Things that may be said without being an alarm about a scan, such as `flood`. */
  allowed?: string[];
  /** Seconds that the whole run may take. */
  limitSeconds?: number;
  /** What has to stand before the capture begins. */
  prepare?(world: World): Promise<void>;
  run(world: World): Promise<void>;
}
