// The store of attempts in a flood: who is refused first, who is never hidden by whom, and how it fills.

import assert from "node:assert/strict";
import { AttemptBudget } from "../../../../src/detect/scandog/observe/attempt_budget.ts";

const RATE = 1000;
/** Efforts of who has just come, began a few attempts, does what a scanner does, and is loud. */
const FIRST = 0, FEW = 4, MIDDLE = 16, LOUD = 100;

/** How many it gives to who begins as many as it can, at one time. */
function drain(budget: AttemptBudget, effort: number, ms: number): number {
  let count = 0;
  while (budget.take(effort, ms)) count++;
  return count;
}

Deno.test("AttemptBudget.take() refuses who has just come first, and keeps most for who does what a scanner does", () => {
  const budget = new AttemptBudget(RATE);
  assert.equal(drain(budget, FIRST, 0), 0.2 * 16 * RATE);
  assert.equal(
    drain(budget, FEW, 0),
    0.2 * 16 * RATE,
    "names of a few probes drain no more than that",
  );
  assert.equal(drain(budget, LOUD, 0), 0, "nor does who is loud");
  assert.equal(drain(budget, MIDDLE, 0), 0.4 * 16 * RATE);
});

Deno.test("AttemptBudget.take() leaves who does what a scanner does its share under one who is loud", () => {
  const budget = new AttemptBudget(RATE);
  assert.equal(drain(budget, LOUD, 0), 0.4 * 16 * RATE);
  assert.ok(budget.take(MIDDLE, 0));
  assert.equal(budget.take(FIRST, 0), false);
});

Deno.test("AttemptBudget.takeKnown() has the last part, and of one that is loud not all of it", () => {
  const budget = new AttemptBudget(RATE);
  drain(budget, MIDDLE, 0);
  assert.equal(budget.takeKnown(LOUD, 0), false);
  let count = 0;
  while (budget.takeKnown(MIDDLE, 0)) count++;
  assert.equal(count, 0.2 * 16 * RATE);
});

Deno.test("AttemptBudget fills at its rate, up to sixteen seconds' worth, and not when the clock steps back", () => {
  const budget = new AttemptBudget(RATE);
  drain(budget, FIRST, 1000);
  assert.equal(drain(budget, FIRST, 2000), RATE);
  assert.equal(drain(budget, FIRST, 500), 0);
  assert.equal(drain(budget, FIRST, 510), 10, "time goes on from where it stepped to");
  assert.equal(drain(budget, FIRST, 1_000_000), 0.2 * 16 * RATE);
});
