// The sensors that are listened to: their names as numbers, who is heard, whose clock differs, and what each sent
// that was not taken. Each is bounded by itself, so that one that errs, or lies, takes nothing from the others.
// Knows the stream's time; nothing of scans.

import type { Refusal, SensorEvent } from "../event.ts";

/** Between two notices that messages of a sensor were refused. Microseconds. */
const SAID_US = 600e6;
/** Seconds of its rate that a sensor may be ahead of it: after an outage it sends what waited. */
const BURST_SECONDS = 30;
/** Attempts that two sensors must have seen in common before they are taken to see the same packets. */
const COMMON_MIN = 8;
/** Pairs of sensors whose common attempts are counted. */
const PAIRS_MAX = 65_536;

export interface SensorsOptions {
  /** Further ones are not listened to. */
  sensorsMax: number;
  /** Outcomes a second that are taken of one sensor. */
  sensorRate: number;
  /** A sensor that gave signs of life is silent after this time without one. Microseconds. */
  silentUs: number;
}

/** What is known of one sensor. Times are the stream's, microseconds since 1970. */
export interface SensorState {
  name: string;
  number: number;
  firstUs: number;
  lastUs: number;
  outcomes: number;
  /** It has given signs of life, so that its silence means something. */
  hasSigns: boolean;
  isSilent: boolean;
  /** How far its clock was ahead of the stream's at its latest message; less than 0: behind, or it was late. */
  aheadUs: number;
  refused: Partial<Record<Refusal, number>>;
  /** The same since it was last said. */
  unsaid: Partial<Record<Refusal, number>>;
  unsaidFromUs: number;
  saidUs: number;
  tokens: number;
  tokensUs: number;
  /** Number of the sensor that stands for all that see the same packets. */
  watcher: number;
}

export class Sensors {
  readonly all: SensorState[] = [];
  private readonly byName = new Map<string, SensorState>();
  private readonly common = new Map<number, number>();
  /** Sensors that there was no room for. */
  unheard = 0;

  constructor(
    private readonly options: SensorsOptions,
    private readonly emit: (event: SensorEvent) => void,
  ) {}

  /** The sensor of this name, heard at `streamUs`; undefined where there is no room for one more. */
  hear(name: string, streamUs: number): SensorState | undefined {
    const known = this.byName.get(name);
    if (known !== undefined) {
      if (known.isSilent) this.back(known, streamUs);
      if (streamUs > known.lastUs) known.lastUs = streamUs;
      return known;
    }
    if (this.all.length >= this.options.sensorsMax) {
      this.unheard++;
      return undefined;
    }
    const sensor: SensorState = {
      name,
      number: this.all.length,
      firstUs: streamUs,
      lastUs: streamUs,
      outcomes: 0,
      hasSigns: false,
      isSilent: false,
      aheadUs: 0,
      refused: {},
      unsaid: {},
      unsaidFromUs: 0,
      saidUs: -Infinity,
      tokens: this.options.sensorRate * BURST_SECONDS,
      tokensUs: streamUs,
      watcher: this.all.length,
    };
    this.all.push(sensor);
    this.byName.set(name, sensor);
    return sensor;
  }

  /** Takes one outcome of its rate; false when the rate is used up. */
  takeToken(sensor: SensorState, streamUs: number): boolean {
    const { sensorRate } = this.options;
    const passed = Math.max(0, streamUs - sensor.tokensUs) / 1e6;
    sensor.tokensUs = Math.max(sensor.tokensUs, streamUs);
    sensor.tokens = Math.min(sensorRate * BURST_SECONDS, sensor.tokens + passed * sensorRate);
    if (sensor.tokens < 1) return false;
    sensor.tokens--;
    return true;
  }

  /** Notes that something of it was not taken, or not as it came. */
  refuse(sensor: SensorState, why: Refusal, streamUs: number, count = 1): void {
    if (Object.keys(sensor.unsaid).length === 0) sensor.unsaidFromUs = streamUs;
    sensor.refused[why] = (sensor.refused[why] ?? 0) + count;
    sensor.unsaid[why] = (sensor.unsaid[why] ?? 0) + count;
  }

  /** Says who fell silent, and what was not taken. In the stream's time. */
  advance(streamUs: number): void {
    for (const sensor of this.all) {
      if (streamUs - sensor.saidUs >= SAID_US) this.sayRefused(sensor, streamUs);
      const isSilent = sensor.hasSigns && streamUs - sensor.lastUs >= this.options.silentUs;
      if (!isSilent || sensor.isSilent) continue;
      sensor.isSilent = true;
      this.say("sensor-silent", sensor, [sensor.lastUs, streamUs]);
    }
  }

  /** Nothing more comes. */
  finish(streamUs: number): void {
    for (const sensor of this.all) this.sayRefused(sensor, streamUs);
  }

  private sayRefused(sensor: SensorState, streamUs: number): void {
    const { unsaid, unsaidFromUs } = sensor;
    if (Object.keys(unsaid).length === 0) return;
    sensor.unsaid = {};
    sensor.saidUs = streamUs;
    this.say("sensor-refused", sensor, [unsaidFromUs, streamUs], unsaid);
  }

  private back(sensor: SensorState, streamUs: number): void {
    sensor.isSilent = false;
    this.say("sensor-back", sensor, [sensor.lastUs, streamUs]);
  }

  private say(
    action: SensorEvent["action"],
    { name }: SensorState,
    [startUs, endUs]: [number, number],
    refused?: SensorEvent["refused"],
  ): void {
    this.emit({
      action,
      profile: "scandog",
      timeUs: endUs,
      startUs: Math.min(startUs, endUs),
      endUs,
      sensor: name,
      ...(refused === undefined ? {} : { refused }),
    });
  }

  /** Sensors that see the same packets count as one where they report uses: the number of that one. */
  watcherOf(sensor: SensorState): number {
    let at = sensor;
    while (at.watcher !== at.number) at = this.all[at.watcher];
    // So that the way is short next time.
    sensor.watcher = at.number;
    return at.number;
  }

  /** True for sensors that see the same packets: on a host, and at the router before it. */
  isSame(a: SensorState, b: SensorState): boolean {
    return this.watcherOf(a) === this.watcherOf(b);
  }

  /** Two sensors saw the same packet: after several of them they are taken to see the same. */
  noteCommon(a: SensorState, b: SensorState): void {
    if (this.isSame(a, b)) return;
    const pair = Math.min(a.number, b.number) * 65_536 + Math.max(a.number, b.number);
    const count = (this.common.get(pair) ?? 0) + 1;
    if (count >= COMMON_MIN) {
      this.common.delete(pair);
      this.all[this.watcherOf(b)].watcher = this.watcherOf(a);
      return;
    }
    if (this.common.size >= PAIRS_MAX && !this.common.has(pair)) return;
    this.common.set(pair, count);
  }
}
