// The status of a running correlator: for its control socket, its file of metrics, and systemd. Knows the running
// parts; how each is told is in `src/status`.

import type { Correlator } from "../../correlate/correlator.ts";
import type { SensorState } from "../../correlate/sensors.ts";
import type { DetectorEvent, Refusal } from "../../event.ts";
import { grouped, plural } from "../../format/figures.ts";
import { rfc3339 } from "../../format/zone.ts";
import { CORRELATE_OPTIONS, type CorrelateValues } from "../../options/correlate.ts";
import type { Sink } from "../../sink/sink.ts";
import type { Owner } from "../../status/control_socket.ts";
import { Follow } from "../../status/follow.ts";
import type { Counts, FleetStatus, Status } from "../../status/status.ts";
import { VERSION } from "../../version.ts";
import { configurationOf } from "../in_effect_text.ts";
import { StatusOutlets } from "../status_outlets.ts";

export interface FleetParts {
  values: CorrelateValues;
  observer: string | undefined;
  notice(text: string): void;
  sinks(): readonly Sink[];
  source(): Partial<FleetStatus> & { from: string };
  /** Undefined before it is made. */
  correlator(): Correlator | undefined;
}

const TURN_MS = 1000;
/** A clock that is farther from the server's than this is said. Microseconds. */
const CLOCK_US = 10e6;
/** Sensors named in a status. */
const NAMED_MAX = 20;

export class LiveFleet {
  private readonly follow = new Follow();
  private readonly sinceUs = nowUs();
  private timer: ReturnType<typeof setInterval> | undefined;

  private readonly outlets: StatusOutlets;

  constructor(private readonly parts: FleetParts) {
    const { values, notice } = parts;
    this.outlets = new StatusOutlets(values.metricsFile, notice, () => this.status());
  }

  /** While files can still be made; `owner`: whom the program becomes. */
  open(owner: Owner | undefined): Promise<void> {
    return this.outlets.open(this.parts.values.control, owner);
  }

  ready(): void {
    this.outlets.supervisor?.ready("correlating");
    this.timer = setInterval(() => this.turn(), TURN_MS);
  }

  event(event: DetectorEvent, line: string | undefined): void {
    this.follow.event(event, line, nowUs());
  }

  private turn(): void {
    this.outlets.turn(performance.now(), () => this.line());
  }

  /** One line: for `systemctl status`. */
  private line(): string {
    const { fleet, scans } = this.status();
    const { sensors, outcomes } = fleet!;
    return `${plural(sensors.heard, "sensor")}, ${grouped(sensors.silent)} silent; ` +
      `${plural(outcomes.taken, "outcome")}; ${plural(scans.told, "scan")}`;
  }

  private status(): Status {
    const { values, observer, sinks } = this.parts;
    return {
      program: { version: VERSION, pid: Deno.pid, profile: "scandog", observer },
      now: rfc3339(nowUs()),
      since: rfc3339(this.sinceUs),
      devices: [],
      packets: { total: 0, bytes: 0, perSecond: 0, kinds: {}, malformed: {} },
      lost: { kernel: 0, interface: 0, ring: 0 },
      ...this.follow.status(),
      fleet: this.fleet(),
      logs: sinks().map(({ name, counters }) => ({ name, ...counters })),
      configuration: configurationOf(CORRELATE_OPTIONS, values),
    };
  }

  private fleet(): FleetStatus {
    const correlator = this.parts.correlator();
    const all = correlator?.sensors.all ?? [];
    const silent = all.filter(({ isSilent }) => isSilent);
    const judgedUs = correlator?.nowUs ?? -Infinity;
    return {
      ...(Number.isFinite(judgedUs) ? { behindSeconds: secondsSince(judgedUs) } : {}),
      outcomes: {
        taken: correlator?.taken ?? 0,
        late: correlator?.late ?? 0,
        waiting: correlator?.waitingCount ?? 0,
      },
      sensors: {
        heard: all.length,
        silent: silent.length,
        unheard: correlator?.sensors.unheard ?? 0,
        silentNames: silent.slice(0, NAMED_MAX).map(({ name }) => name),
        troubled: troubledOf(all),
        clocks: clocksOf(all),
      },
      refused: refusedOf(all),
      ...this.parts.source(),
    };
  }

  close(): void {
    clearInterval(this.timer);
    this.outlets.close(() => this.status());
  }
}

/** Those of which most was not taken. */
function troubledOf(all: readonly SensorState[]): FleetStatus["sensors"]["troubled"] {
  return all.map(({ name, refused }) => ({ name, refused: sumOf(refused) }))
    .filter(({ refused }) => refused > 0)
    .sort((a, b) => b.refused - a.refused).slice(0, NAMED_MAX);
}

/** Those that differ most. */
function clocksOf(all: readonly SensorState[]): FleetStatus["sensors"]["clocks"] {
  return all.filter(({ aheadUs }) => Math.abs(aheadUs) > CLOCK_US)
    .sort((a, b) => Math.abs(b.aheadUs) - Math.abs(a.aheadUs)).slice(0, NAMED_MAX)
    .map(({ name, aheadUs }) => ({ name, aheadSeconds: Math.round(aheadUs / 1e6) }));
}

function refusedOf(all: readonly SensorState[]): Counts {
  const counts: Counts = {};
  for (const { refused } of all) {
    for (const [why, count] of Object.entries(refused)) counts[why] = (counts[why] ?? 0) + count;
  }
  return counts;
}

function sumOf(refused: Partial<Record<Refusal, number>>): number {
  return Object.values(refused).reduce((sum, count) => sum + count, 0);
}

function secondsSince(timeUs: number): number {
  return Math.max(0, Math.round((nowUs() - timeUs) / 1e5) / 10);
}

function nowUs(): number {
  return Date.now() * 1000;
}
