// The attempts of scans, one by one: what the pictures of time and ports are drawn from, and who found
// what open where. Only captures tell of them; an event log does not. Bounded, whatever comes.

/** What became of an attempt, as its scanner saw it; worst for us first. */
export const OUTCOMES = ["open", "refused", "silent"] as const;
export type TriedOutcome = typeof OUTCOMES[number];

/** An attempt that is part of a scan. What a report wants to know of one, wherever it comes from. */
export interface Attempt {
  /** Microseconds since 1970. */
  timeUs: number;
  /** `tcp`, `udp`, `sctp`; anything else has no ports. */
  transport: string;
  /** Absent where the target has none. */
  port?: number;
  source: string;
  destination: string;
  outcome: TriedOutcome;
  /** `scandog.scan` of the scan that it is part of. */
  scan: string;
}

/** Attempts kept one by one; 22 bytes each. What comes after is counted only. */
const KEPT_MAX = 1_000_000;
const HOSTS_MAX = 20_000;
/** Different sources remembered of one host, and of one open port. */
const SOURCES_MAX = 1000;
const OPEN_PORTS_MAX = 1000;
const CAPACITY_FIRST = 1024;

export interface TriedHost {
  sources: Set<string>;
  open: Map<number, Set<string>>;
  counts: Record<TriedOutcome, number>;
}

export class Tried {
  /** Attempts in all, also those that are not kept. */
  total = 0;
  /** How many of the first attempts are kept one by one. */
  length = 0;
  times = new Float64Array(CAPACITY_FIRST);
  ports = new Uint16Array(CAPACITY_FIRST);
  /** Index in `OUTCOMES`. */
  outcomes = new Uint8Array(CAPACITY_FIRST);
  /** 1: it has a port. */
  hasPort = new Uint8Array(CAPACITY_FIRST);
  /** Index in `scanNames`. */
  scans = new Uint32Array(CAPACITY_FIRST);
  readonly scanNames: string[] = [];
  readonly hosts = new Map<string, TriedHost>();
  /** Hosts beyond what is kept were tried. */
  hostsLeftOut = false;
  private readonly indexOfScan = new Map<string, number>();

  add(attempt: Attempt): void {
    this.total++;
    this.addToHost(attempt);
    if (this.length === KEPT_MAX) return;
    if (this.length === this.times.length) this.grow();
    const at = this.length++;
    this.times[at] = attempt.timeUs;
    this.ports[at] = attempt.port ?? 0;
    this.outcomes[at] = OUTCOMES.indexOf(attempt.outcome);
    this.hasPort[at] = attempt.port === undefined || !hasPorts(attempt.transport) ? 0 : 1;
    this.scans[at] = this.scanIndex(attempt.scan);
  }

  private scanIndex(name: string): number {
    const known = this.indexOfScan.get(name);
    if (known !== undefined) return known;
    this.indexOfScan.set(name, this.scanNames.length);
    return this.scanNames.push(name) - 1;
  }

  /** Index in `scanNames`, or -1. */
  indexOf(scan: string): number {
    return this.indexOfScan.get(scan) ?? -1;
  }

  private addToHost({ source, destination, outcome, port, transport }: Attempt): void {
    let host = this.hosts.get(destination);
    if (host === undefined) {
      if (this.hosts.size === HOSTS_MAX) {
        this.hostsLeftOut = true;
        return;
      }
      host = { sources: new Set(), open: new Map(), counts: { open: 0, refused: 0, silent: 0 } };
      this.hosts.set(destination, host);
    }
    host.counts[outcome]++;
    if (host.sources.size < SOURCES_MAX) host.sources.add(source);
    if (outcome !== "open" || port === undefined || !hasPorts(transport)) return;
    const finders = host.open.get(port);
    if (finders === undefined) {
      if (host.open.size < OPEN_PORTS_MAX) host.open.set(port, new Set([source]));
    } else if (finders.size < SOURCES_MAX) finders.add(source);
  }

  private grow(): void {
    const copy = <T extends { set(from: T): void }>(to: T, from: T) => (to.set(from), to);
    const capacity = this.times.length * 2;
    this.times = copy(new Float64Array(capacity), this.times);
    this.ports = copy(new Uint16Array(capacity), this.ports);
    this.outcomes = copy(new Uint8Array(capacity), this.outcomes);
    this.hasPort = copy(new Uint8Array(capacity), this.hasPort);
    this.scans = copy(new Uint32Array(capacity), this.scans);
  }
}

function hasPorts(transport: string): boolean {
  return transport === "tcp" || transport === "udp" || transport === "sctp";
}
