// Scans of sources whose attempts were put into the table by hand, and what is told of them.

import type { DetectorEvent, ScanEvent } from "../../../../src/event.ts";
import { Visits } from "../../../../src/detect/scandog/beside/visit/visits.ts";
import { ZombieSigns } from "../../../../src/detect/scandog/beside/zombie_signs.ts";
import type { ScandogOptions } from "../../../../src/detect/scandog/options.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import type { Scan } from "../../../../src/detect/scandog/scan/scan.ts";
import { Scans } from "../../../../src/detect/scandog/scan/scans.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { Entries, type Entry, SOURCE, words } from "../entries.ts";

const SETTINGS = { updateFirst: 60, endSilence: 120 };

export class Told extends Entries {
  readonly events: DetectorEvent[] = [];
  readonly scans: Scans;
  private ports = 1000;

  constructor(options: Partial<ScandogOptions> = {}) {
    super({ ...SETTINGS, ...options });
    const { memory, view } = this;
    const emit = (event: DetectorEvent) => this.events.push(event);
    const visits = new Visits(memory, view.links, emit);
    this.scans = new Scans(memory, { view, emit, visits, zombies: new ZombieSigns() });
  }

  /** A subject that failed so many times at a port each. */
  subject(source = SOURCE, failures = 12): number {
    const { subjects, clock } = this.memory;
    const subject = subjects.admit(words(source), 0, 0, this.hash(source), clock.ms);
    for (let i = 0; i < failures; i++) {
      addFailed(this.memory, subject, this.failed(source));
      subjects.failed.add(subject, 1);
    }
    return subject;
  }

  /** The slot of a refused SYN to a port that no other has. */
  failed(source = SOURCE, entry: Entry = {}): number {
    const refused = { outcome: Outcome.Refused, marks: Mark.Closed, techniques: TechniqueBit.Syn };
    return this.add({ source, port: this.ports++, ...refused, ...entry });
  }

  /** A scan of such a subject; told after `waitMs`, or not yet where that is undefined. */
  scan(source = SOURCE, waitMs?: number, failures = 12): Scan {
    const subject = this.subject(source, failures);
    const scan = this.scans.begin(subject, ShapeCode.Ports)!;
    this.scans.join(scan, subject);
    if (waitMs !== undefined) this.scans.start(scan, waitMs);
    return scan;
  }

  /** One more failure of the scan's source. */
  more(scan: Scan, source = SOURCE): this {
    this.scans.goOn(scan, this.failed(source));
    return this;
  }

  /** Lets time pass, and looks what is due. */
  turn(ms = 0): this {
    this.wait(ms).scans.turn();
    return this;
  }

  said(): string[] {
    return this.events.filter((event): event is ScanEvent => event.action.startsWith("scan-"))
      .map(({ action, attempts }) => `${action.slice("scan-".length)} ${attempts}`);
  }
}
