// Outcomes of many sensors in, the scans out that no sensor alone could tell. What comes out depends on what comes
// in and on its times alone: no clock, no chance. So two correlators that read the same stream say the same, and one
// that starts anew and reads it again comes to the same.
//
// The stream's time goes with everything that comes in: when the server stored it, or, of files, the time of what is
// read. A sensor's own clock says in which order its outcomes were, never what time it is.

import type { DetectorEvent, Emit, Refusal, ScanEvent, VisitEvent } from "../event.ts";
import type { AttemptOutcome } from "../outcome.ts";
import { fnv1a } from "../text_hash.ts";
import { OutcomeIntake } from "../detect/scandog/outcome_intake.ts";
import type { ScandogOptions } from "../detect/scandog/options.ts";
import { type OwnScan, OwnScans } from "./own_scans.ts";
import { Reorder } from "./reorder.ts";
import { Sensors, type SensorsOptions, type SensorState } from "./sensors.ts";
import { Spread } from "./spread.ts";

/** A sensor's clock may be ahead by so much and still be taken at its word. Microseconds. */
const AHEAD_US = 2e6;
/** Outcomes that wait for their turn. */
const WAITING_MAX = 1 << 18;
/** What goes by time is looked at this often at least, also while nothing comes. Microseconds. */
const STEP_US = 500_000;
/** Between two looks for sensors that fell silent. Microseconds. */
const LOOK_US = 5e6;
/** Sensors named in one event. */
const NAMES_MAX = 64;
/** Two sensors see the same packet within this time, by clocks that may differ. Microseconds. */
const COMMON_US = 60e6;
const NONE = -1;

export interface CorrelatorOptions extends SensorsOptions {
  detector: ScandogOptions;
  /** How long an outcome may be late and still have its place in the order. Microseconds. */
  reorderUs: number;
  /** How long an attempt must not have come again before it is no check. Microseconds. */
  secondLookUs: number;
}

interface Item {
  sensor: SensorState;
  outcome: AttemptOutcome;
}

/**
 * A number for a scan that depends on what it is, not on how many came before: whoever reads the stream from another
 * place on has another count.
 */
function numberOf({ source, namedUs, startUs }: ScanEvent): number {
  return fnv1a(`${source}/${namedUs ?? startUs}`);
}

export class Correlator {
  readonly sensors: Sensors;
  /** What a status tells: outcomes taken, and those that came too late for their place. */
  taken = 0;
  late = 0;
  private readonly intake: OutcomeIntake;
  private readonly spread: Spread;
  private readonly own: OwnScans;
  private readonly waiting = new Reorder<Item>(WAITING_MAX);
  private readonly rememberUs: number;
  /** The stream's time, and that of the judging, which is behind it. */
  private streamUs = -Infinity;
  private judgedUs = -Infinity;
  private lookedUs = -Infinity;

  /** Throws a RangeError for impossible options. */
  constructor(private readonly options: CorrelatorOptions, private readonly emit: Emit) {
    const { detector, secondLookUs } = options;
    this.rememberUs = detector.remember * 1e6;
    this.own = new OwnScans(this.rememberUs);
    this.sensors = new Sensors(options, emit);
    this.spread = new Spread(detector, secondLookUs, this.own);
    this.intake = new OutcomeIntake(
      { ...detector, account: this.spread.account, mayTell: this.spread.mayTell },
      (event) => this.tell(event),
    );
  }

  /** Time of the latest that was judged; -Infinity before. Microseconds since 1970. */
  get nowUs(): number {
    return this.judgedUs;
  }

  /** Outcomes that wait for their turn. */
  get waitingCount(): number {
    return this.waiting.size;
  }

  /** A sensor says that it is there. `madeUs`: by its clock. */
  sign(name: string, madeUs: number, streamUs: number): void {
    this.advance(streamUs);
    const sensor = this.sensors.hear(name, streamUs);
    if (sensor === undefined) return;
    sensor.hasSigns = true;
    sensor.aheadUs = madeUs - streamUs;
  }

  /** One outcome of a sensor. */
  take(name: string, outcome: AttemptOutcome, streamUs: number): void {
    this.advance(streamUs);
    const sensor = this.sensors.hear(name, streamUs);
    if (sensor === undefined) return;
    const { sensors, waiting } = this;
    if (!sensors.takeToken(sensor, streamUs)) return sensors.refuse(sensor, "too-many", streamUs);
    sensor.outcomes++;
    const timely = this.timely(sensor, outcome, streamUs);
    if (timely === undefined) return;
    if (waiting.isFull) this.judge(waiting.shift());
    waiting.push(timely.settledUs, { sensor, outcome: timely });
  }

  /** A message of a sensor could not be read, or was in a place that is not the sensor's. */
  refuse(name: string, why: Refusal, streamUs: number, count = 1): void {
    this.advance(streamUs);
    const sensor = this.sensors.hear(name, streamUs);
    if (sensor !== undefined) this.sensors.refuse(sensor, why, streamUs, count);
  }

  /** True while a sensor is within its rate, and its message is to be read; otherwise the message is counted as refused. */
  mayHear(name: string, streamUs: number): boolean {
    this.advance(streamUs);
    const sensor = this.sensors.hear(name, streamUs);
    if (sensor === undefined) return false;
    const may = this.sensors.takeToken(sensor, streamUs);
    if (!may) this.sensors.refuse(sensor, "too-many", streamUs);
    return may;
  }

  /** A sensor told a scan by itself. */
  ownScan(name: string, scan: OwnScan, streamUs: number): void {
    this.advance(streamUs);
    const sensor = this.sensors.hear(name, streamUs);
    if (sensor !== undefined) {
      this.own.add(sensor.number, { ...scan, endUs: Math.min(scan.endUs, streamUs) });
    }
  }

  /** The stream's time. What is due by then is judged; it never runs back. Microseconds since 1970. */
  advance(streamUs: number): void {
    if (!(streamUs > this.streamUs)) return;
    this.streamUs = streamUs;
    const { waiting, options } = this;
    const dueUs = streamUs - options.reorderUs;
    while (waiting.earliestUs <= dueUs) this.judge(waiting.shift());
    if (dueUs - this.judgedUs >= STEP_US) {
      if (this.judgedUs !== -Infinity) this.intake.advance(dueUs);
      this.judgedUs = dueUs;
    }
    if (streamUs - this.lookedUs < LOOK_US) return;
    this.lookedUs = streamUs;
    this.own.advance(streamUs);
    this.sensors.advance(streamUs);
  }

  /** Nothing more comes: all that waits is judged, and every scan ends. */
  finish(): void {
    while (this.waiting.size > 0) this.judge(this.waiting.shift());
    this.spread.isOver = true;
    this.intake.finish();
    this.sensors.finish(this.streamUs);
  }

  /** The outcome with its times made plausible; undefined where it is older than what is remembered. */
  private timely(
    sensor: SensorState,
    outcome: AttemptOutcome,
    streamUs: number,
  ): AttemptOutcome | undefined {
    const { settledUs } = outcome;
    if (streamUs - settledUs > this.rememberUs) {
      this.sensors.refuse(sensor, "too-old", streamUs);
      return undefined;
    }
    const isAhead = settledUs - streamUs > AHEAD_US;
    if (isAhead) this.sensors.refuse(sensor, "ahead", streamUs);
    const byUs = isAhead ? settledUs - streamUs : 0;
    const latestUs = Math.min(outcome.latestUs, settledUs) - byUs;
    // Nothing is followed for longer than is remembered.
    const leastUs = settledUs - byUs - this.rememberUs;
    return {
      ...outcome,
      settledUs: settledUs - byUs,
      latestUs: Math.max(latestUs, leastUs),
      firstUs: Math.min(Math.max(outcome.firstUs - byUs, leastUs), Math.max(latestUs, leastUs)),
    };
  }

  private judge({ sensor, outcome }: Item): void {
    const { spread, intake, sensors } = this;
    this.taken++;
    // A late outcome counts as of now: the judging half would take its time for a clock that was set back.
    if (outcome.settledUs < this.judgedUs) {
      this.late++;
      outcome.settledUs = this.judgedUs;
    } else this.judgedUs = outcome.settledUs;
    spread.sensor = sensor.number;
    spread.lengthUs = outcome.latestUs - outcome.firstUs;
    const isFailure = outcome.outcome !== "used" && outcome.outcome !== "harmless";
    const slot = intake.find(outcome);
    const owner = slot < 0 ? undefined : sensors.all[spread.ownerOf(slot)];
    if (owner === undefined || owner === sensor) return this.hand(outcome, sensor, slot, false);
    const isSameProbe = intake.isSameProbe(slot, outcome, COMMON_US);
    if (isSameProbe) sensors.noteCommon(owner, sensor);
    // A sensor that sees other packets than the one that reported the attempt may report a failure of it, but not excuse it.
    const isSame = sensors.isSame(owner, sensor);
    if (!isSame && !isFailure) return;
    const isBelieved = isSame || !intake.isExcused(slot);
    this.hand(outcome, sensor, isBelieved ? slot : NONE, isSameProbe);
  }

  /** `known`: the attempt's slot; `NONE` where it is new, or to be taken for new. */
  private hand(
    outcome: AttemptOutcome,
    sensor: SensorState,
    known: number,
    isSameProbe: boolean,
  ): void {
    const watcher = this.sensors.watcherOf(sensor);
    const slot = this.intake.take(outcome, sensor.number, watcher, known === NONE);
    if (known !== NONE && slot === known) this.spread.sawAgain(slot, isSameProbe);
  }

  /** An event of the judging half, with who saw it. */
  private tell(event: DetectorEvent): void {
    // The sensor of the flooded host, or of its router, tells a flood.
    if (event.action === "flood") return;
    if (event.action === "scan-visit") return this.tellVisit(event);
    if (!("scan" in event)) return this.emit(event);
    const told = this.spread.told(event.scan);
    if (told === undefined) return this.emit(event);
    const names = [...told.sensors].map((number) => this.sensors.all[number].name).sort();
    // Sensors are at different distances, so different TTLs say nothing about the source.
    const { ttlVaries: _, ...rest } = event;
    this.emit({
      ...rest,
      scan: numberOf(event),
      sensors: { count: names.length, list: names.slice(0, NAMES_MAX) },
      ...(told.joined.length === 0 ? {} : { joined: told.joined }),
    });
  }

  /** A sensor that told the scan tells the visit as well. */
  private tellVisit(event: VisitEvent): void {
    let isTold = false;
    this.own.ofSource(event.scanned.source, () => isTold = true);
    if (!isTold) this.emit(event);
  }
}
