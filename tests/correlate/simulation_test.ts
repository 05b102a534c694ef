// A small fleet's hours, with sweeps hidden among the noise: the benchmark's simulation, scaled down.

import assert from "node:assert/strict";
import { simulate } from "../bench/fleet.ts";

for (const seed of [1, 2]) {
  Deno.test(`all hidden sweeps are told and nobody else, seed ${seed}`, () => {
    const { found, others } = simulate({
      seed,
      sensors: 200,
      outcomes: 100_000,
      seconds: 3600,
      sweeps: 21,
    });
    assert.deepEqual([found, others], [21, []]);
  });
}
