// The detector's time: what packets in order, behind, far ahead and in the same moment do to it.

import assert from "node:assert/strict";
import { Clock } from "../../../src/detect/scandog/clock.ts";

const START_US = 1_790_000_000_000_000, SECOND_US = 1_000_000, DAY_US = 86_400 * SECOND_US;

/** Milliseconds since the start after packets so many microseconds from the first one. */
function after(...offsets: number[]): number {
  const clock = new Clock();
  for (const offset of [0, ...offsets]) clock.advance(START_US + offset);
  return clock.since(Clock.START_MS);
}

Deno.test("Clock counts whole milliseconds, and keeps what is left of one", () => {
  assert.deepEqual([after(), after(999), after(1000), after(1999), after(2000)], [0, 0, 1, 1, 2]);
  assert.equal(after(600, 1200, 1800), 1);
  assert.equal(after(600, 1200, 1800, 2000), 2);
  assert.equal(after(...Array.from({ length: 10 }, (_, i) => 999 * (i + 1))), 9);
  assert.equal(after(5000, 5000, 5000), 5, "the same moment");
});

Deno.test("Clock takes what is less than ten seconds behind for the same moment", () => {
  const behind = 10 * SECOND_US;
  // The next packet counts from the latest one, or from the one that stepped back.
  assert.equal(after(behind, 1, behind + 1000), 10_001);
  assert.equal(after(behind, 0, behind - 1000), 10_000 + 9_999);
  assert.equal(after(behind, -1, 1000), 10_000 + 1);
});

Deno.test("Clock that leaps back to where it was before goes on from there", () => {
  const hours = 3 * 3600 * SECOND_US, behind = 10 * SECOND_US;
  assert.equal(after(hours, 1000, hours + 2000, 3000, hours + 4000), 10_800_000 + 2 + 2);
  assert.equal(after(hours, 0, hours - behind + 1, hours + 1000), 10_800_000 + 1);
  // Not as far: nobody was there before.
  assert.equal(after(hours, 0, hours - behind), 2 * 10_800_000 - 10_000);
  assert.equal(after(hours, 0, hours + 5000), 10_800_000 + 5);
});

Deno.test("Clock cuts a leap to a day", () => {
  assert.equal(after(DAY_US), 86_400_000);
  assert.equal(after(DAY_US + 1000), 86_400_000);
  assert.equal(after(DAY_US + 1000, DAY_US + 3000), 86_400_002, "and counts on from behind it");
});

Deno.test("Clock knows the last and the latest packet time, and when its next millisecond begins", () => {
  const clock = new Clock();
  assert.deepEqual([clock.ms, clock.latestUs, clock.lastUs, clock.untilUs()], [
    Clock.START_MS,
    0,
    NaN,
    NaN,
  ]);
  clock.advance(START_US);
  assert.deepEqual([clock.lastUs, clock.latestUs], [START_US, START_US]);
  assert.equal(clock.untilUs(), START_US + 1000);
  clock.advance(START_US + 1);
  assert.deepEqual([clock.lastUs, clock.latestUs], [START_US + 1, START_US + 1]);
  clock.advance(START_US + 1300);
  assert.deepEqual([clock.lastUs, clock.untilUs()], [START_US + 1300, START_US + 2000]);
  clock.advance(START_US - 20 * SECOND_US);
  assert.deepEqual([clock.lastUs, clock.latestUs], [
    START_US - 20 * SECOND_US,
    START_US + 1300,
  ]);
});

Deno.test("Clock goes on behind 2^32 milliseconds, and tells how long ago before it was", () => {
  const clock = new Clock();
  clock.advance(START_US);
  const DAYS = 50;
  for (let day = 1; day <= DAYS; day++) {
    clock.advance(START_US + day * DAY_US);
    // From the 25th on it takes more than 31 bits.
    const ms = 86_400_000 * (day + 1) % 2 ** 32;
    assert.deepEqual([clock.ms, clock.since(0)], [ms, ms], `day ${day}`);
  }
  assert.equal(clock.ms, 86_400_000 * (DAYS + 1) % 2 ** 32);
  assert.ok(clock.ms < Clock.START_MS * 2);
  assert.equal(clock.since(Clock.START_MS), 86_400_000 * DAYS % 2 ** 32);
  assert.equal(clock.since(clock.ms - 5), 5);
  assert.equal(new Clock().since(0), 86_400_000, "never is a day ago");
});
