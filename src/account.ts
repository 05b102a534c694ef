// Why a detector did or did not alert: an account of each source, of its attempts, of how near it came
// to each threshold. A leaf: plain data, no text. Made once per run, by who asked for it.

import type { FloodEvent, Technique } from "./event.ts";

/** What became of an attempt. */
export const OUTCOMES = [
  "undecided",
  "used",
  "harmless",
  "refused",
  "silent",
  "half-open",
  "empty",
] as const;
export type Outcome = typeof OUTCOMES[number];

/** What scans are found by. */
export const SHAPES = [
  "none",
  "ports",
  "hosts",
  "few-ports",
  "grid",
  "socket",
  "network",
  "group-ports",
  "group-hosts",
] as const;
export type ShapeName = typeof SHAPES[number];

/** What became of a scan's start. */
export const TELLINGS = [
  "told",
  // Its attempts are forgotten, or belong to another scan: nothing can be told of it.
  "nothing",
  // Only answers were seen, and the source is seen sending other things: its address was forged.
  "forged",
  // As many of this source were told as may be.
  "source-alerts",
  // As many of its level were told as may be at once.
  "budget",
  // It asked for neighbours by ARP, and has shown since that it is a router.
  "router",
] as const;
export type Telling = typeof TELLINGS[number];

/** What attempts are aimed at, besides the host. */
export type TargetName =
  | "tcp"
  | "udp"
  | "sctp"
  | "ping"
  | "timestamp"
  | "mask"
  | "protocol"
  | "arp";

export interface AttemptAccount {
  source: string;
  /** Absent where the target has no ports, and where it is not known. */
  sourcePort?: number;
  destination: string;
  target: TargetName;
  /** Port, or number of the IP protocol. */
  port?: number;
  /** Time of its first packet. Microseconds since 1970. */
  timeUs: number;
  techniques: Technique[];
  outcome: Outcome;
  /** Name of a row of `DECISIONS`. */
  decision: string;
  /** What it counted, and names of rows of `PORT_CLASSES` and `HOST_CLASSES`; absent when it never did. */
  weighed?: { weight: number; points: number; portRule: string; hostRule: string };
  /** Number of the scan it is part of. */
  scan?: number;
}

/** How near a source came to what a rule wants. */
export interface Threshold {
  rule: ShapeName;
  /** Weight, points, or (grid) targets. */
  reached: number;
  enough: number;
  /** The host, or the target, that it was reached on; absent for rules about all of them. */
  on?: string;
  /** Counts towards its network rather than the source itself. */
  network?: true;
  /** Rules about several sources: how many. */
  sources?: number;
  /**
   * Enough was reached, but there was no scan: too many attempts succeeded, the targets have no such
   * shape, the sources are too few or tried too little each, or they are ordinary neighbours.
   */
  held?: "successes" | "shape" | "sources" | "neighbours";
  failed?: number;
  used?: number;
}

/** A scan that a source took part in. */
export interface ScanAccount {
  scan: number;
  rule: ShapeName;
  /** What was reached when it began. */
  reached?: Threshold;
  /** Time of the packet with which it was found. */
  beganUs: number;
  slow: boolean;
  /** Absent: it was never asked to be told. */
  telling?: Telling;
  /** The source it is told as. */
  named: string;
  /** Sources that take part; `decoy`: all but one are forged. */
  sources: number;
  decoy: boolean;
  attempts: number;
}

export interface SourceAccount {
  source: string;
  /** A scan was told under its name. */
  scanned: boolean;
  /** Packets it sent, and how many of them went to groups or were no whole packet; with `--source` only. */
  packets?: { sent: number; unfit: number };
  /** Time of its first and latest attempt. */
  startUs: number;
  endUs: number;
  attempts: number;
  /** Only what there was. */
  outcomes: Partial<Record<Outcome, number>>;
  decisions: Partial<Record<string, number>>;
  /** What its attempts counted in all, without what was taken back. */
  weight: number;
  points: number;
  /** Nearest first. */
  thresholds: Threshold[];
  /** The latest; `scanCount` is exact. */
  scans: ScanAccount[];
  scanCount: number;
  /** How often what it had done before was too long ago, and was forgotten. */
  restarts: number;
  /** Packets that were not followed because of a flood. */
  gated: number;
  /** A rule held, for packets of a scan from more sources than are named: they are told with it. */
  dismissed: number;
  /** What it did earlier may be missing here: there were more sources than are kept. */
  partial: boolean;
  /** In order of time; with `--source` only. Those that counted are kept before others. */
  listed: AttemptAccount[];
}

/** Everything that is known at the end of a run. */
export interface Explanation {
  /** Nearest to a scan first. */
  sources: SourceAccount[];
  /** Sources that had to give way to those with more evidence, about. */
  leftOut: number;
  /** First packets that were not followed because of a flood, of all sources. */
  gated: number;
  /** Sources asked for, in that order, from which no packet came; `received`: packets that went there. */
  absent: { index: number; received: number }[];
  /** Each as it was when it was over, in that order; the first, where there are more than anybody reads. */
  floods: FloodEvent[];
}
