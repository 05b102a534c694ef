// Attempts put into the table by hand that found something open, of scans that are told or not, and attempts that
// come back to it.

import { Visits } from "../../../../../src/detect/scandog/beside/visit/visits.ts";
import type { ScandogOptions } from "../../../../../src/detect/scandog/options.ts";
import { Scan, ScanMaps } from "../../../../../src/detect/scandog/scan/scan.ts";
import { Mark } from "../../../../../src/detect/scandog/table/attempt_state.ts";
import type { VisitEvent } from "../../../../../src/event.ts";
import { Entries, type Entry, words } from "../../entries.ts";

const { Open, Handshake, Reset } = Mark;

/** Scans of a source each, and what is remembered of them. */
export class Finds extends Entries {
  readonly visits: Visits;
  readonly told: VisitEvent[] = [];
  private scans = 0;

  constructor(options: Partial<ScandogOptions> = {}) {
    super(options);
    this.visits = new Visits(this.memory, this.view.links, (event) => {
      if (event.action === "scan-visit") this.told.push(event);
    });
  }

  scan(given: Partial<Scan> = {}): Scan {
    const number = ++this.scans;
    const scan = new Scan(this.memory, number, 1000 + number, new ScanMaps());
    return Object.assign(scan, { announced: true, namedUs: 7 * number }, given);
  }

  /** An attempt of the scan, which found this port open. */
  found(scan: Scan, port: number, entry: Entry = {}): number {
    const slot = this.add({ port, marks: Open | Reset, ...entry });
    this.memory.table.scan.set(slot, scan.handle);
    this.visits.found(scan, slot);
    return slot;
  }

  subject(source: string, proof: number): number {
    const { subjects, clock } = this.memory;
    const subject = subjects.admit(words(source), 0, 0, this.hash(source), clock.ms);
    subjects.proof.mark(subject, proof);
    return subject;
  }

  get size(): number {
    return this.visits.ports.size;
  }

  /** The latest try of the scanner at each port that was found, in the table's order. Microseconds since 1970. */
  tries(): number[] {
    const { ports } = this.visits;
    return [...ports.triedUs].filter((_, slot) => ports.isTaken(slot));
  }

  /** A new attempt was used, by one who is not scanning; how many visits are told by then. */
  used(entry: Entry): number {
    this.visits.ask(this.add({ marks: Open | Handshake, ...entry }));
    return this.told.length;
  }
}
