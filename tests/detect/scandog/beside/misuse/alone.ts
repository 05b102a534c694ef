// Misuse without packets around it: answers and times to the millisecond, for tests.

import { parseAddress } from "../../../../../src/address.ts";
import { Misuse } from "../../../../../src/detect/scandog/beside/misuse/misuse.ts";
import { Memory } from "../../../../../src/detect/scandog/memory.ts";
import { type ScandogOptions, scandogOptions } from "../../../../../src/detect/scandog/options.ts";
import { Unasked } from "../../../../../src/detect/scandog/table/outcome_queue.ts";
import type { MisuseEvent } from "../../../../../src/event.ts";
import { Field } from "../../../../../src/record.ts";
import { recordsOf } from "../../../../packetlog/records.ts";

export const OURS = "203.0.113.10", VICTIM = "198.51.100.80", PROBER = "198.51.100.7";

export class Alone {
  readonly told: MisuseEvent[] = [];
  /** How many were not told, as that was said. */
  readonly suppressed: number[] = [];
  readonly memory: Memory;
  readonly misuse: Misuse;

  constructor(options: Partial<ScandogOptions> = {}) {
    this.memory = new Memory(scandogOptions({ memory: 4, ...options }));
    this.misuse = new Misuse(this.memory, (event) => {
      if (event.action === "address-misused") this.told.push(event);
      if (event.action === "alerts-suppressed") this.suppressed.push(event.count);
    });
  }

  /** Refusals by the victim's ports from `first` to `last`, at this time. */
  refused(ms: number, first: number, last = first, { own = 40_000, source = VICTIM } = {}): this {
    this.memory.clock.advance(ms * 1000);
    for (let sourcePort = first; sourcePort <= last; sourcePort++) {
      const made = { source, destination: OURS, sourcePort, port: own, timeUs: ms * 1000 };
      this.misuse.answers.segment(recordsOf([made]), 0, Unasked.Refusal);
    }
    return this;
  }

  /** A SYN-ACK to port 80. */
  synAck(source: string, sourcePort: number, window: number, ttl = 50, own = 80): this {
    const records = recordsOf([{ source, destination: OURS, sourcePort, port: own }]);
    records.u16[Field.Window >> 1] = window;
    records.bytes[Field.Ttl] = ttl;
    this.misuse.answers.segment(records, 0, Unasked.SynAck);
    return this;
  }

  /** What is told by the end: kind, by whom, against whom. */
  ends(): (string | undefined)[][] {
    this.misuse.finish();
    return this.told.map(({ kind, by, against }) => [kind, by, against]);
  }

  /** How many events there are after a look at this time. */
  turn(ms: number): number {
    this.memory.clock.advance(ms * 1000);
    this.misuse.turn();
    return this.told.length;
  }

  /** In how many milliseconds the next look is due, at this time. */
  dueMs(ms: number): number {
    this.memory.clock.advance(ms * 1000);
    return this.misuse.dueMs();
  }
}

/** A host whose answers have this place in the table. */
export function hostAt(place: number): string {
  const { memory, misuse: { answers } } = new Alone();
  for (let i = 0;; i++) {
    const host = `198.18.${i >> 8}.${i & 255}`;
    const words = new Int32Array(parseAddress(host)!.slice().buffer);
    if (answers.victim(memory.hash.address(words, 0)) === place) return host;
  }
}
