// Levels of effort, and the buckets that scans of each draw on.

import assert from "node:assert/strict";
import {
  Budget,
  BUDGET_LEVELS,
  budgetLevel,
  effortOf,
} from "../../../../src/detect/scandog/scan/budget.ts";

Deno.test("budgetLevel() rises with each fourfold effort, and above all with a proof", () => {
  const levels = [3, 15, 16, 63, 64, 255, 256, 2047, 2048, 1e9].map((effort) =>
    budgetLevel(effort)
  );
  assert.deepEqual(levels, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
  assert.equal(budgetLevel(effortOf(3, false, true)), BUDGET_LEVELS - 1);
});

Deno.test("effortOf() counts attempts of a scan that was long in the making four times", () => {
  assert.deepEqual([effortOf(7, false), effortOf(7, true)], [7, 28]);
});

Deno.test("Budget has as many tokens of each level as its burst, and refills one by one", () => {
  const budget = new Budget(2, 1000);
  assert.deepEqual([0, 0, 0].map((level) => budget.take(level, 1)), [true, true, false]);
  assert.equal(budget.take(1, 1), true, "another level has its own");
  assert.equal(budget.has(0, 1000), false);
  assert.equal(budget.has(0, 1001), true);
  assert.equal(budget.take(0, 1001), true);
  assert.equal(budget.take(0, 1001), false);
  for (let i = 0; i < 2; i++) assert.equal(budget.take(0, 3_600_000), true);
  assert.equal(budget.take(0, 3_600_000), false, "never more than its burst");
});

Deno.test("Budget says when there is a token again: at once, or as long as refilling takes", () => {
  const budget = new Budget(1, 1000);
  assert.equal(budget.dueMs(0, 1), 0);
  budget.take(0, 1);
  for (const [ms, due] of [[1, 1000], [501, 500], [751, 250], [1001, 0], [9999, 0]]) {
    assert.equal(budget.dueMs(0, ms), due, `${ms} ms`);
    assert.equal(budget.has(0, ms), due === 0, `${ms} ms`);
  }
});
