// Gives each event of a replay its direction, seen from the home that was given, or that the first packets show.
// Works between detector and format; nothing is judged by it.

import type { Prefix } from "../address.ts";
import type { MakeDetector } from "../detector.ts";
import type { DetectorEvent, Emit } from "../event.ts";
import { Directions } from "./direction.ts";
import { HomeInference } from "./home_inference.ts";

export interface HomeHooks {
  /** Takes each event, with its direction. */
  onEvent: Emit;
  /** Home was inferred, before the first event: nothing where the packets do not show it. */
  onHome(home: Prefix[]): void;
}

export class HomeLabels {
  private readonly inference: HomeInference | undefined;
  private directions: Directions;
  private readonly tell: Emit;

  /**
   * `home`: what was said. Without it, home is inferred where `mayInfer`, and events are held back until the
   * first packets have shown it; else there are no directions.
   */
  constructor(home: Prefix[] | undefined, mayInfer: boolean, hooks: HomeHooks) {
    this.directions = new Directions(home ?? [], home !== undefined);
    this.tell = (event) => hooks.onEvent(this.directions.tag(event));
    if (home !== undefined || !mayInfer) return;
    this.inference = new HomeInference((inferred) => {
      hooks.onHome(inferred);
      this.directions = new Directions(inferred, false);
    }, this.tell);
  }

  /** The same detector; where home is inferred, with an eye on its first records. */
  over(make: MakeDetector): MakeDetector {
    return this.inference?.over(make) ?? make;
  }

  /** Takes an event of the detector. */
  readonly event = (event: DetectorEvent): void => {
    if (this.inference === undefined) this.tell(event);
    else this.inference.event(event);
  };
}
