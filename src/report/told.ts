// The content of a line of the event log, as plain data: what a report is made of. A leaf of this room. All text here
// is foreign (a log may come from anywhere): it is bounded, and escaped where it is shown.

/** Ports or protocol numbers from `first` to `last`. */
export interface PortRange {
  first: number;
  last: number;
}

/** A port that was found open, and where. */
export interface OpenAt {
  host: string;
  port: number;
}

export interface ToldScan {
  what: "scan";
  phase: "start" | "update" | "end";
  /** The same from start to end. */
  id: string;
  /** When it was told. Microseconds since 1970, as all times here. */
  timeUs: number;
  startUs: number;
  endUs: number;
  source: string;
  destination: string;
  /** `tcp`, `udp`, ...; absent where there is none, or several. */
  transport?: string;
  direction?: string;
  techniques: string[];
  shape?: string;
  slow: boolean;
  /** Probes; absent where the profile does not count them. */
  attempts?: number;
  /** `count` is exact, `ranges` may be cut. */
  ports: { count: number; ranges: PortRange[] };
  /** What was found open; absent: the profile does not look at answers. Ranges may be cut. */
  open?: PortRange[];
  closed?: number;
  silent?: number;
  order?: string;
  /** What was found open and where; empty where the log does not tell. */
  openAt: OpenAt[];
  /** `count` is exact, `list` may be cut. */
  hosts: { count: number; list: string[] };
  hops?: { min: number; max: number };
  evidence?: string;
  isZombie: boolean;
  tools: { name: string; versions?: string; confidence: number }[];
  known?: string;
  sources?: { count: number; list: string[]; forged: number };
  /** Sensors that saw it, where a correlator told it. */
  sensors?: { count: number; list: string[] };
  observer?: string;
  device?: string;
}

export interface ToldVisit {
  what: "visit";
  id: string;
  timeUs: number;
  source: string;
  destination: string;
  port: number;
  /** The visitor is the scanner itself, or only of its network. */
  match: "address" | "network";
  evidence?: string;
  /** The scan that found the port open. */
  scan: { id: string; source: string; startUs?: number };
  /** When the scan found it open. */
  foundUs?: number;
  known?: string;
  observer?: string;
}

/** What is told in its own words: misuse of an address, a flood. */
export interface ToldStory {
  what: "misuse" | "flood";
  id: string;
  timeUs: number;
  startUs: number;
  endUs: number;
  /** Addresses that it names. */
  addresses: string[];
  /** The line's text, without the time and the first word. */
  text: string;
  observer?: string;
}

export interface ToldLoss {
  what: "loss";
  id: string;
  startUs: number;
  endUs: number;
  packets: number;
  observer?: string;
}

export interface ToldSuppressed {
  what: "suppressed";
  id: string;
  startUs: number;
  endUs: number;
  /** 0: not known. */
  count: number;
  of: string;
  /** The scan that did most. */
  most?: { source: string; destination: string; attempts: number };
  observer?: string;
}

export type Told = ToldScan | ToldVisit | ToldStory | ToldLoss | ToldSuppressed;
