// Infers home while a capture is replayed: looks at the records on their way to the detector, and holds events back
// until enough was seen, so that all events of a run are labelled alike. Knows when to look; `HomeGuess` decides what
// home is.

import type { Prefix } from "../address.ts";
import type { DetectorEvent, Emit } from "../event.ts";
import type { Detector, MakeDetector } from "../detector.ts";
import { RECORD_BYTES } from "../record.ts";
import { HomeGuess } from "./home_guess.ts";

/** The number of packets that are looked at. */
export const FIRST_PACKETS = 4096;

export class HomeInference {
  private held: DetectorEvent[] | undefined = [];

  /** `onHome` is called once, before the first event goes on; with nothing when home is not shown. */
  constructor(private readonly onHome: (home: Prefix[]) => void, private readonly onEvent: Emit) {}

  /** Takes an event: it goes on at once, or as soon as home is inferred. */
  event(event: DetectorEvent): void {
    if (this.held === undefined) this.onEvent(event);
    else this.held.push(event);
  }

  /** The same detector, with an eye on its first records. */
  over(make: MakeDetector): MakeDetector {
    return (records, emit, packets, flows) => {
      const detector = make(records, emit, packets, flows), guess = new HomeGuess(records);
      let left = FIRST_PACKETS;
      const look = (base: number, count: number) => {
        for (let i = 0; i < count; i++) guess.look(base + i * RECORD_BYTES);
        left -= count;
        if (left === 0) this.settle(guess);
      };
      const watched: Detector = {
        process(base, count) {
          if (left > 0) look(base, Math.min(left, count));
          detector.process(base, count);
        },
        finish: () => {
          detector.finish();
          if (left > 0) this.settle(guess);
        },
      };
      return watched;
    };
  }

  private settle(guess: HomeGuess): void {
    const held = this.held ?? [];
    this.held = undefined;
    this.onHome(guess.home());
    for (const event of held) this.onEvent(event);
  }
}
