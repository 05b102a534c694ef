// Follows the events of a running detector: scans under way, counts, the last alerts. Bounded, whatever comes. Gets
// every event; asked seldom.

import type { DetectorEvent, FloodEvent, MisuseEvent, ScanEvent } from "../event.ts";
import { rfc3339 } from "../format/zone.ts";
import { Histogram } from "./histogram.ts";
import type { Counts, ScanStatus, Status } from "./status.ts";

/** Scans told that are remembered until they end; the oldest give way. */
const UNDER_WAY_MAX = 10_000;
const UNDER_WAY_SHOWN = 20;
const ALERTS_MAX = 10;
const ALERT_UNITS_MAX = 500;
const FLOODS_MAX = 5;

/** From the first probe to the alert: patient scans take hours by their nature. */
const DETECTION_SECONDS = [0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1800, 7200];
/** From the packet to the line: what the program adds itself. */
const LINE_SECONDS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

export class Follow {
  private readonly underWay = new Map<number, ScanEvent>();
  private readonly alerts: string[] = [];
  private readonly floods: string[] = [];
  private floodCount = 0;
  private floodsTold = 0;
  private readonly floodsUnderWay = new Set<number>();
  private told = 0;
  private foundOpen = 0;
  private readonly openTold = new Set<number>();
  private readonly shapes: Counts = {};
  private readonly techniques: Counts = {};
  private readonly visits: Counts = {};
  private readonly misuses: Counts = {};
  private readonly suppressed: Counts = {};
  private readonly detection = new Histogram(DETECTION_SECONDS);
  private readonly line = new Histogram(LINE_SECONDS);

  /** `line`: what was logged of it; `nowUs`: by the clock that packets carry. */
  event(event: DetectorEvent, line: string | undefined, nowUs: number): void {
    switch (event.action) {
      case "scan-start":
      case "scan-update":
      case "scan-end":
        this.scan(event);
        break;
      case "scan-visit":
        count(this.visits, event.match);
        break;
      case "address-misused":
        this.misuse(event, line);
        break;
      case "flood":
        this.flood(event, line);
        break;
      case "alerts-suppressed":
        count(this.suppressed, event.of, event.count);
        break;
    }
    if (event.action === "scan-start") {
      this.detection.add((event.timeUs - event.startUs) / 1e6);
      this.line.add((nowUs - event.timeUs) / 1e6);
    }
    if (line !== undefined && event.action !== "capture-loss") {
      this.alerts.push(readable(line).slice(0, ALERT_UNITS_MAX));
      if (this.alerts.length > ALERTS_MAX) this.alerts.shift();
    }
  }

  private scan(event: ScanEvent): void {
    const { scan, action, ports } = event;
    if (action === "scan-start") {
      this.told++;
      count(this.shapes, event.shape ?? "unknown");
      for (const technique of event.techniques) count(this.techniques, technique);
    }
    if (ports.open && !this.openTold.has(scan)) {
      this.foundOpen++;
      this.openTold.add(scan);
    }
    if (action === "scan-end") {
      this.underWay.delete(scan);
      this.openTold.delete(scan);
      return;
    }
    this.underWay.delete(scan);
    this.underWay.set(scan, event);
    if (this.underWay.size <= UNDER_WAY_MAX) return;
    const [oldest] = this.underWay.keys();
    this.underWay.delete(oldest);
    this.openTold.delete(oldest);
  }

  private misuse({ kind }: MisuseEvent, line: string | undefined): void {
    count(this.misuses, kind);
    if (kind === "flood-backscatter" && line !== undefined) this.aboutFlood(line);
  }

  private flood({ phase, story }: FloodEvent, line: string | undefined): void {
    if (phase === "end") this.floodsUnderWay.delete(story);
    else {
      this.floodsTold++;
      if (this.floodsUnderWay.size < UNDER_WAY_MAX) this.floodsUnderWay.add(story);
    }
    if (line !== undefined) this.aboutFlood(line);
  }

  private aboutFlood(line: string): void {
    this.floodCount++;
    this.floods.push(readable(line).slice(0, ALERT_UNITS_MAX));
    if (this.floods.length > FLOODS_MAX) this.floods.shift();
  }

  /** A new configuration may have brought a new detector: its scans begin anew. */
  restarted(): void {
    this.underWay.clear();
    this.floodsUnderWay.clear();
    this.openTold.clear();
  }

  status(): Pick<
    Status,
    | "scans"
    | "visits"
    | "misuses"
    | "suppressed"
    | "floods"
    | "floodCount"
    | "floodsTold"
    | "floodsUnderWay"
    | "alerts"
    | "delay"
  > {
    const latest = [...this.underWay.values()].slice(-UNDER_WAY_SHOWN).reverse();
    return {
      scans: {
        told: this.told,
        foundOpen: this.foundOpen,
        shapes: { ...this.shapes },
        techniques: { ...this.techniques },
        underWayCount: this.underWay.size,
        underWay: latest.map(scanStatus),
      },
      visits: { ...this.visits },
      misuses: { ...this.misuses },
      suppressed: { ...this.suppressed },
      floods: [...this.floods],
      floodCount: this.floodCount,
      floodsTold: this.floodsTold,
      floodsUnderWay: this.floodsUnderWay.size,
      alerts: [...this.alerts],
      delay: { detection: this.detection.status(), line: this.line.status() },
    };
  }
}

/** A line for people: of one in JSON, the message in it. */
function readable(line: string): string {
  if (!line.startsWith("{")) return line;
  const { message } = JSON.parse(line);
  return typeof message === "string" ? message : line;
}

function count(counts: Counts, name: string, by = 1): void {
  counts[name] = (counts[name] ?? 0) + by;
}

const OPEN_UNITS_MAX = 200;

function scanStatus(event: ScanEvent): ScanStatus {
  const { scan, source, destination, shape, techniques, startUs, endUs, attempts } = event;
  return {
    scan,
    source,
    destination,
    shape,
    techniques: [...techniques],
    start: rfc3339(startUs),
    last: rfc3339(endUs),
    attempts,
    ports: event.ports.count,
    hosts: event.hosts.count,
    open: event.ports.open?.slice(0, OPEN_UNITS_MAX),
    sources: event.sources?.count,
  };
}
