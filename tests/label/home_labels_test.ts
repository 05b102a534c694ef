// Directions of events while home is said, not known, or still to be inferred.

import assert from "node:assert/strict";
import { parsePrefix, type Prefix } from "../../src/address.ts";
import { HomeLabels } from "../../src/label/home_labels.ts";
import { Records } from "../../src/record.ts";
import { scanEvent } from "../support/events.ts";

const EVENT = scanEvent({ source: "10.9.0.2", destination: "10.9.0.1" });
const HOME = [parsePrefix("10.9.0.1/32")!];

function labels(home: Prefix[] | undefined, mayInfer: boolean) {
  const told: unknown[] = [];
  const made = new HomeLabels(home, mayInfer, {
    onHome: (found) => told.push(`home ${found.length}`),
    onEvent: (event) => told.push("scan" in event ? event.direction : event.action),
  });
  return { made, told };
}

Deno.test("HomeLabels gives each event its direction from the home that was said", () => {
  const { made, told } = labels(HOME, true);
  made.event(EVENT);
  assert.deepEqual(told, ["inbound"]);
});

Deno.test("HomeLabels gives no direction where home is neither said nor to be inferred", () => {
  const { made, told } = labels(undefined, false);
  const detector = { process() {}, finish() {} };
  assert.equal(made.over(() => detector)(Records.allocate(1), () => {}), detector);
  made.event(EVENT);
  assert.deepEqual(told, [undefined]);
});

Deno.test("HomeLabels holds events back until home was inferred", () => {
  const { made, told } = labels(undefined, true);
  const detector = made.over(() => ({ process() {}, finish() {} }))(Records.allocate(1), () => {});
  made.event(EVENT);
  assert.deepEqual(told, []);
  detector.finish();
  assert.deepEqual(told, ["home 0", undefined]);
});
