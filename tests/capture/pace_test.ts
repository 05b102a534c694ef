// At which pace a capture is replayed: its own, or a multiple; and what a clock that jumps does to it.

import assert from "node:assert/strict";
import { Pace } from "../../src/capture/pace.ts";

const S = 1_000_000;

/** How long is waited before each packet, in milliseconds: packets by time in the capture, and the clock's meanwhile. */
function waits(speed: number, packets: readonly [timeUs: number, nowMs: number][]): number[] {
  let now = 0;
  const pace = new Pace(speed, () => now);
  return packets.map(([timeUs, nowMs]) => {
    now = nowMs;
    return pace.wait(timeUs);
  });
}

Deno.test("Pace waits as long as the capture did from its first packet on, or a part of it", () => {
  assert.deepEqual(waits(1, [[5 * S, 700], [6 * S, 700], [7 * S, 1700]]), [0, 1000, 1000]);
  assert.deepEqual(waits(4, [[5 * S, 700], [6 * S, 700], [7 * S, 950]]), [0, 250, 250]);
});

Deno.test("Pace waits for no packet that is due already, and catches up", () => {
  assert.deepEqual(waits(1, [[0, 0], [1 * S, 1500], [2 * S, 1500]]), [0, 0, 500]);
});

Deno.test("Pace begins anew after more than a minute without a packet, and where the clock steps back", () => {
  assert.deepEqual(waits(1, [[0, 0], [60 * S, 0]]), [0, 60_000]);
  assert.deepEqual(waits(1, [[0, 0], [60 * S + 1, 10], [61 * S + 1, 10]]), [0, 0, 1000]);
  assert.deepEqual(waits(1, [[9 * S, 0], [8 * S, 10], [9 * S, 10]]), [0, 0, 1000]);
});
