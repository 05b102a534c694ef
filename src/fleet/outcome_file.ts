// Outcomes as lines of a log. Knows lines and a sink; nothing of files.

import type { AttemptOutcome } from "../outcome.ts";
import type { Sink } from "../sink/sink.ts";
import type { Dropped } from "./batch.ts";
import { droppedLine, outcomeLine } from "./outcome_line.ts";
import type { OutcomeTaker } from "./outcome_tap.ts";

/** A sink takes the time of a line from its event; a file has no use for it. */
type LineSink = Pick<Sink, "write">;

export class OutcomeFile implements OutcomeTaker {
  constructor(private readonly sink: LineSink, private readonly sensor: string) {}

  outcome(outcome: AttemptOutcome): void {
    const line = outcomeLine(outcome, this.sensor);
    this.sink.write(line, { action: "packet", timeUs: outcome.settledUs });
  }

  dropped(dropped: Dropped): void {
    const line = droppedLine(dropped, this.sensor);
    this.sink.write(line, { action: "packet", timeUs: dropped.toUs });
  }
}
