// What a report tells, before it has a form: scans folded from their events, by source and by target.
// Plain data.

import type {
  PortRange,
  ToldLoss,
  ToldScan,
  ToldStory,
  ToldSuppressed,
  ToldVisit,
} from "./told.ts";

/** What a scan's answers told the scanner, worst for us first. `unknown`: answers were not looked at. */
export const LEARNED = ["open", "refused", "silent", "unknown"] as const;
export type Learned = typeof LEARNED[number];

/** A scan as its latest event told it. */
export interface Scan extends Omit<ToldScan, "what" | "phase" | "timeUs"> {
  /** Names its rows and bars; a running number in order of time. */
  anchor: string;
  /** Its end was told. */
  isEnded: boolean;
  learned: Learned;
  /** Ports found open, of all hosts together. */
  openCount: number;
  /** A monitored address sent it. */
  isOurs: boolean;
  /** Visits to what it found open. */
  visits: ToldVisit[];
}

export interface SourceRow {
  source: string;
  anchor: string;
  /** In order of time; at least one. */
  scans: Scan[];
  learned: Learned;
  open: PortRange[];
  openCount: number;
  firstUs: number;
  lastUs: number;
  /** Most ports and hosts of one scan. */
  ports: number;
  hosts: number;
  /** The best there is: `handshake`, `reset`, `none`; undefined: not looked at. */
  evidence?: string;
  tools: string[];
  hops?: { min: number; max: number };
  techniques: string[];
  shapes: string[];
  known?: string;
  isOurs: boolean;
  isZombie: boolean;
  /** By the same address, or by a neighbour. */
  visits: ToldVisit[];
  /** IPv4 /24 or IPv6 /64, where other sources are of it too; and how many in all. */
  network?: { prefix: string; sources: number };
}

export interface OpenPort {
  port: number;
  /** Sources that found it open. */
  sources: string[];
}

export interface TargetRow {
  host: string;
  open: OpenPort[];
  /** Sources that tried it. */
  sources: number;
  visits: number;
  /** Attempts, where they are known one by one. */
  tries?: { open: number; refused: number; silent: number };
}

export interface Interval {
  startUs: number;
  endUs: number;
}

export interface Story {
  scans: Scan[];
  /** Worst first. */
  sources: SourceRow[];
  /** Most open first. */
  targets: TargetRow[];
  /** Hosts that were probed. A lower bound where `isHostsExact` is false. */
  hosts: number;
  isHostsExact: boolean;
  /** Hosts on which something was found open; undefined: scans found something, but not told where. */
  openHosts?: number;
  visits: ToldVisit[];
  misuse: ToldStory[];
  floods: ToldStory[];
  losses: ToldLoss[];
  suppressed: ToldSuppressed[];
  /** Of what is told; undefined where nothing is. */
  span?: Interval;
  /** Blind intervals, merged, in order. */
  blind: Interval[];
  observers: string[];
  /** What was told beyond what is kept. */
  notKept: number;
}

/** A time inside which events count; either end may be open. */
export interface Window {
  sinceUs?: number;
  untilUs?: number;
}
