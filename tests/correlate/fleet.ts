// A fleet for tests: sensors that say what became of attempts, and a correlator that listens.

import { Correlator, type CorrelatorOptions } from "../../src/correlate/correlator.ts";
import { scandogOptions } from "../../src/detect/scandog/options.ts";
import type { DetectorEvent, ScanEvent, SensorEvent } from "../../src/event.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { attemptOutcome, OUTCOME_START_US } from "../support/outcomes.ts";

export const SCANNER = "198.51.100.7";

/** Options as the command has them, with tables that are made quickly. */
export function correlatorOptions(given: Partial<CorrelatorOptions> = {}): CorrelatorOptions {
  return {
    detector: scandogOptions({ memory: 16, floodSources: 32768 }),
    reorderUs: 10e6,
    secondLookUs: 310e6,
    sensorsMax: 1000,
    sensorRate: 1000,
    silentUs: 300e6,
    ...given,
  };
}

export class Fleet {
  readonly events: DetectorEvent[] = [];
  readonly correlator: Correlator;
  /** The stream's time. */
  us = OUTCOME_START_US;

  constructor(given: Partial<CorrelatorOptions> = {}) {
    this.correlator = new Correlator(
      correlatorOptions(given),
      (event) => this.events.push(event),
    );
  }

  /** Time passes, and nothing comes. */
  wait(seconds: number): this {
    const endUs = this.us + seconds * 1e6;
    for (; this.us < endUs; this.us = Math.min(endUs, this.us + 1e6)) {
      this.correlator.advance(this.us);
    }
    this.correlator.advance(this.us);
    return this;
  }

  /** A sensor says what became of an attempt of a moment ago. */
  say(sensor: string, given: Partial<AttemptOutcome> = {}): this {
    this.us += 1000;
    const firstUs = given.firstUs ?? this.us - 1000;
    const sequence = given.sequence ?? this.us % 0xffffffff;
    const outcome = attemptOutcome({ settledUs: this.us, sequence, ...given, firstUs });
    this.correlator.take(sensor, outcome, this.us);
    return this;
  }

  /** The host that a sensor runs on. */
  host(number: number): string {
    return `203.0.${113 + (number >> 8)}.${number & 255}`;
  }

  /** One probe of each of so many sensors' own hosts. */
  sweep(sensors: number, given: Partial<AttemptOutcome> = {}, pauseSeconds = 0): this {
    for (let i = 1; i <= sensors; i++) {
      if (pauseSeconds > 0) this.wait(pauseSeconds);
      this.say(`host${i}`, { destination: this.host(i), ...given });
    }
    return this;
  }

  finish(): this {
    this.correlator.finish();
    return this;
  }

  scans(action: ScanEvent["action"] = "scan-start"): ScanEvent[] {
    return this.events.filter((event): event is ScanEvent => event.action === action);
  }

  sensorEvents(): SensorEvent[] {
    return this.events.filter((event): event is SensorEvent => "sensor" in event);
  }

  /** Sources of the scans that were told, and by how many sensors each was seen. */
  told(): [source: string, sensors: number | undefined][] {
    return this.scans().map(({ source, sensors }) => [source, sensors?.count]);
  }
}
