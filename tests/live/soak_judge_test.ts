// A soak that finds nothing in what grows would be worth nothing.

import assert from "node:assert/strict";
import { type Sample, slopeKibAMinute, soakFaults } from "./soak_judge.ts";

/** Twelve minutes, a look each five seconds. */
function run(at: (seconds: number) => Partial<Sample>): Sample[] {
  return Array.from({ length: 144 }, (_, i) => ({
    seconds: 5 * i,
    rssKib: 110_000,
    descriptors: 30,
    threads: 9,
    ...at(5 * i),
  }));
}

Deno.test("slopeKibAMinute() is that of the line, and of no line zero", () => {
  assert.equal(Math.round(slopeKibAMinute(run((s) => ({ rssKib: 1000 + s * 2 })))), 120);
  assert.equal(slopeKibAMinute(run(() => ({}))), 0);
  assert.equal(slopeKibAMinute(run(() => ({})).slice(0, 1)), 0);
});

Deno.test("soakFaults() lets a warm-up and a garbage collector be", () => {
  const saw = (seconds: number) => (seconds % 60) * 300;
  const warm = (seconds: number) => 110_000 + Math.min(seconds, 240) * 300 + saw(seconds + 7);
  assert.deepEqual(soakFaults(run((s) => ({ rssKib: warm(s) }))), []);
  assert.deepEqual(soakFaults(run((s) => ({ threads: s % 20 === 0 ? 10 : 9 }))), []);
});

Deno.test("soakFaults() finds memory, descriptors and threads that grow slowly", () => {
  const leak = soakFaults(run((s) => ({ rssKib: 110_000 + s * 50 })));
  assert.match(leak[0], /^memory grows by 3000 KiB a minute/);
  const descriptors = soakFaults(run((s) => ({ descriptors: 30 + Math.floor(s / 300) })));
  assert.deepEqual(descriptors, ["descriptors grow from 31 to 32"]);
  assert.deepEqual(soakFaults(run((s) => ({ threads: s > 600 ? 10 : 9 }))), [
    "threads grow from 9 to 10",
  ]);
  assert.match(soakFaults(run(() => ({})).slice(0, 9))[0], /too few to judge/);
});
