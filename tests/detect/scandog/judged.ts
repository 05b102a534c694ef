// Outcomes, made by hand and judged without a packet, for tests of who answers for what and of when it is told.

import { OutcomeIntake } from "../../../src/detect/scandog/outcome_intake.ts";
import { type ScandogOptions, scandogOptions } from "../../../src/detect/scandog/options.ts";
import type { DetectorEvent, ScanEvent } from "../../../src/event.ts";
import type { AttemptOutcome } from "../../../src/outcome.ts";
import { attemptOutcome, OUTCOME_START_US } from "../../support/outcomes.ts";

/** Outcomes judged, a millisecond apart. */
export class Judged {
  readonly events: DetectorEvent[] = [];
  readonly intake: OutcomeIntake;
  private us = OUTCOME_START_US;

  constructor(options: Partial<ScandogOptions> = {}) {
    this.intake = new OutcomeIntake(
      scandogOptions({ memory: 16, ...options }),
      (event) => this.events.push(event),
    );
  }

  wait(seconds: number): this {
    this.us += seconds * 1e6;
    this.intake.advance(this.us);
    return this;
  }

  take(given: Partial<AttemptOutcome>, sensor = 0): this {
    this.us += 1000;
    this.intake.take(attemptOutcome({ firstUs: this.us, ...given }), sensor);
    return this;
  }

  refused(source: string, port: number, sensor = 0): this {
    return this.take({ source, port, sourcePort: 40000 + port }, sensor);
  }

  scans(): ScanEvent[] {
    return this.events.filter((event): event is ScanEvent => event.action === "scan-start");
  }

  named(): string[] {
    return this.scans().map(({ source }) => source);
  }
}
