// The status of a running program: plain data, bounded, one JSON object. It is the answer of the control socket;
// texts and metrics are made from it.

/** A capture device, with counts since the start. */
export interface DeviceStatus {
  name: string;
  /** Packets that passed the kernel's filter. */
  received: number;
  /** Lost in the kernel. */
  dropped: number;
  isUp: boolean;
  /** Averages of the last few seconds. */
  packetsPerSecond: number;
}

/** A scan that has been told and goes on, as its latest event told it. */
export interface ScanStatus {
  scan: number;
  source: string;
  destination: string;
  shape?: string;
  techniques: string[];
  /** RFC 3339. */
  start: string;
  last: string;
  attempts?: number;
  ports: number;
  hosts: number;
  /** Ports found open, in the words of the event. */
  open?: string;
  sources?: number;
}

/** A source that is not told, and what it lacks. */
export interface NearStatus {
  source: string;
  /** The rule by its name, as `explain` has it. */
  rule: string;
  reached: number;
  enough: number;
  /** The host or target that it was reached on. */
  on?: string;
  /** Enough was reached, but something else is missing. */
  held?: string;
  attempts: number;
  last: string;
  /** All of it in words, as `explain` says it. */
  text: string;
}

export interface TableStatus {
  name: string;
  /** Absent: not counted. */
  used?: number;
  capacity: number;
  /** Entries that had to give way while they were needed; absent: not counted. */
  evicted?: number;
}

export interface LogStatus {
  name: string;
  written: number;
  waiting: number;
  dropped: number;
  failures: number;
}

/** What is published to a server, and what became of it. Counts only grow, but those of what waits. */
export interface PublishStatus {
  /** Where to: all servers. */
  name: string;
  /** The server we are connected to; absent: none. */
  server?: string;
  /** Messages that a server has acknowledged, and the outcomes and events in them. */
  acknowledged: number;
  records: number;
  /** Messages sent more than once. */
  resent: number;
  /** Outcomes and events lost for want of room, or that the server would not take. */
  lost: number;
  /** Outcomes above the bound of a second: told as a number. */
  bounded: number;
  /** Messages that wait for an acknowledgement, and their bytes. */
  waiting: number;
  waitingBytes: number;
  /** RFC 3339; absent: none yet. */
  lastAck?: string;
  /** What went wrong last. */
  lastError?: string;
}

/** Counts by a name out of a known few. */
export type Counts = Record<string, number>;

/** Times between two events, in buckets that only grow. */
export interface HistogramStatus {
  /** Upper bounds, seconds; the last bucket has none. */
  bounds: number[];
  /** One more than there are bounds; not cumulative. */
  counts: number[];
  sum: number;
}

/** For a correlator: the sensors that it listens to. */
export interface FleetStatus {
  /** Where outcomes come from, in words. */
  from: string;
  /** How far the judging is behind now; absent: nothing has come yet. */
  behindSeconds?: number;
  /** Partitions that are read; absent: there are none. */
  partitions?: number[];
  /** For a stream: messages that are not read yet, and whether the server is connected. */
  unread?: number;
  isConnected?: boolean;
  /** Messages that were gone before they were read. */
  missed?: number;
  /** Lines or messages that nobody can be held to. */
  unreadable?: number;
  /** For a stream: alerts that this correlator stored first, that others had told, that wait, and that were given up. */
  alerts?: { stored: number; toldElsewhere: number; waiting: number; lost: number };
  outcomes: { taken: number; late: number; waiting: number };
  sensors: {
    heard: number;
    silent: number;
    /** Messages of sensors that there was no room for. */
    unheard: number;
    /** Some of the silent, and those of which most was not taken. */
    silentNames: string[];
    troubled: { name: string; refused: number }[];
    /** Some of those whose clocks differ from the server's by more than ten seconds; ahead, or (less than 0) behind. */
    clocks: { name: string; aheadSeconds: number }[];
  };
  /** What was not taken, by why. */
  refused: Counts;
}

export interface Status {
  program: { version: string; pid: number; profile: string; observer?: string };
  /** RFC 3339. */
  now: string;
  since: string;
  devices: DeviceStatus[];
  packets: { total: number; bytes: number; perSecond: number; kinds: Counts; malformed: Counts };
  lost: { kernel: number; interface: number; ring: number };
  scans: {
    told: number;
    foundOpen: number;
    shapes: Counts;
    techniques: Counts;
    /** Exact; `underWay` has the latest of them. */
    underWayCount: number;
    underWay: ScanStatus[];
  };
  visits: Counts;
  misuses: Counts;
  suppressed: Counts;
  /** The latest lines about floods, those that carry our addresses too. */
  floods: string[];
  floodCount: number;
  /** Floods that were told, and those of them that go on. */
  floodsTold: number;
  floodsUnderWay: number;
  /** Lines of the last alerts, latest last. */
  alerts: string[];
  /** Nearest first. Absent: this profile does not tell. */
  nearest?: NearStatus[];
  /** Absent: this profile does not tell. */
  tables?: TableStatus[];
  logs: LogStatus[];
  /** Absent: nothing is published. */
  publish?: PublishStatus;
  /** For a correlator only; then the members about packets are 0. */
  fleet?: FleetStatus;
  /** From a scan's first probe to its alert, and from the packet that caused an alert to its line. */
  delay: { detection: HistogramStatus; line: HistogramStatus };
  /** Values in effect that are not their defaults, as `--print-config` writes them. */
  configuration: Record<string, string>;
}
