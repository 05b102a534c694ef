import assert from "node:assert/strict";
import { FloodLimiter, Verdict } from "../../../src/detect/classic/flood.ts";

const { Log, Announce, Silent } = Verdict;

function verdicts(times: number[]): number[] {
  const limiter = new FloodLimiter(2, 100);
  return times.map((time) => limiter.judge(time));
}

Deno.test("FloodLimiter logs so many, announces one, and is silent", () => {
  assert.deepEqual(verdicts([1000, 1000, 1000, 1000, 1000]), [Log, Log, Announce, Silent, Silent]);
});

Deno.test("FloodLimiter speaks again when more than the delay has passed since the announcement", () => {
  assert.deepEqual(
    verdicts([1000, 1050, 1100, 1150, 1200, 1201]),
    [Log, Log, Announce, Silent, Silent, Log],
  );
});

Deno.test("FloodLimiter counts scans that follow within the delay, however long it takes", () => {
  assert.deepEqual(verdicts([1000, 1100, 1200]), [Log, Log, Announce]);
  assert.deepEqual(verdicts([1000, 1101, 1202, 1303]), [Log, Log, Log, Log]);
});

Deno.test("FloodLimiter starts over when the clock steps back", () => {
  assert.deepEqual(verdicts([1000, 1000, 1000, 1000, 999, 999]), [
    Log,
    Log,
    Announce,
    Silent,
    Log,
    Log,
  ]);
});
