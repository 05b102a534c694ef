// Relations between limits that the rest of the detector relies on.

import assert from "node:assert/strict";
import * as limits from "../../../src/detect/scandog/limits.ts";
import { FULL_POINTS } from "../../../src/failure_class.ts";

Deno.test("limits do not contradict each other", () => {
  assert.ok(
    limits.ONE_PORT_PROOF > limits.ONE_PORT_RUN,
    "what a raw socket alone is found by is more than what makes each of its probes weigh",
  );
  assert.ok(limits.GRID_POINTS <= FULL_POINTS, "a grid of failures that mean what they seem to");
  assert.ok(
    limits.ADMIT_SOURCES > limits.ADMIT_FAILURES,
    "a network needs more sources than one source needs failures, or it would be admitted first",
  );
  assert.ok(
    limits.SECOND_LOOK_MS > limits.ROUND_MS * limits.ROUNDS_MIN,
    "what waits for a second look has the time for so many rounds of a monitor",
  );
  assert.ok(limits.ARP_PAUSE_MAX_MS > limits.ARP_SLOW_MS, "one pause can make an asker slow");
  assert.ok(limits.GROUP_MS > limits.COPY_MS, "a group outlives the copies that make it");
});
