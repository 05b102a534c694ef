// Events to stories for tests of the report: through the line that is logged, as the program does.

import type { DetectorEvent } from "../../src/event.ts";
import { jsonLine } from "../../src/format/json.ts";
import { UTC } from "../../src/format/zone.ts";
import { Fold } from "../../src/report/fold.ts";
import { gather } from "../../src/report/gather.ts";
import type { Made, ReportInput } from "../../src/report/input.ts";
import { readLine } from "../../src/report/json_line.ts";
import type { Told } from "../../src/report/told.ts";
import type { Window } from "../../src/report/story.ts";
import type { Tried } from "../../src/report/tried.ts";
import { CONTEXT } from "../support/events.ts";

/** What the event's line tells. */
export function told(event: DetectorEvent): Told {
  const read = readLine(jsonLine(event, CONTEXT));
  if (typeof read === "string") throw new Error(`${event.action} told nothing: ${read}`);
  return read;
}

export const MADE: Made = {
  version: "0.1.0",
  options: [],
  files: [{ name: "events.jsonl", bytes: 1234, sha256: "00ff" }],
  from: "log",
  amount: 12,
  foreign: 0,
  faults: [],
};

/** A report's input from events. */
export function inputOf(
  events: readonly DetectorEvent[],
  { made, window, tried }: { made?: Partial<Made>; window?: Window; tried?: Tried } = {},
): ReportInput {
  const fold = new Fold(window);
  for (const event of events) fold.add(told(event));
  const story = gather(fold, tried);
  return { story, tried, made: { ...MADE, ...made }, zone: UTC, zoneName: "UTC" };
}
