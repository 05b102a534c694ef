// When home is inferred: after enough packets or at the end, and before any event goes on.

import assert from "node:assert/strict";
import type { Prefix } from "../../src/address.ts";
import { FIRST_PACKETS, HomeInference } from "../../src/label/home_inference.ts";
import type { DetectorEvent } from "../../src/event.ts";
import { Records } from "../../src/record.ts";

/** What happened, in order: batches, events, and where home was settled. */
function run(batches: number[]): string[] {
  const told: string[] = [];
  const inference = new HomeInference(
    (home: Prefix[]) => told.push(`home ${home.length}`),
    (event) => told.push(`event ${event.timeUs}`),
  );
  const event = (timeUs: number) => inference.event({ timeUs } as DetectorEvent);
  const detector = inference.over(() => ({
    process: (_base, count) => event(count),
    finish: () => event(-1),
  }))(Records.allocate(FIRST_PACKETS), () => {});
  for (const count of batches) {
    told.push(`batch ${count}`);
    detector.process(0, count);
  }
  detector.finish();
  return told;
}

Deno.test("events wait until enough packets were seen, and keep their order", () => {
  assert.deepEqual(run([1, FIRST_PACKETS - 2, 5, 7]), [
    "batch 1",
    `batch ${FIRST_PACKETS - 2}`,
    "batch 5",
    "home 0",
    "event 1",
    `event ${FIRST_PACKETS - 2}`,
    "event 5",
    "batch 7",
    "event 7",
    "event -1",
  ]);
});

Deno.test("events of a short capture go on at its end, all of them after home is said", () => {
  assert.deepEqual(run([3]), ["batch 3", "home 0", "event 3", "event -1"]);
  assert.deepEqual(run([]), ["home 0", "event -1"]);
});
