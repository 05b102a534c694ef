import assert from "node:assert/strict";
import { faults, optionName } from "../src/tunable.ts";

Deno.test("faults() names option, range and value, once for each wrong value", () => {
  const rows = { scanDelay: { unit: "seconds", default: 3, min: 1, max: 10, reason: "." } };
  assert.deepEqual(faults(rows, { scanDelay: 11 }), [
    "--scan-delay must be from 1 to 10 seconds, got 11",
  ]);
  assert.equal(faults(rows, { scanDelay: NaN }).length, 1);
});

Deno.test("optionName() is the key in kebab case", () => {
  assert.equal(optionName("scanWeight"), "--scan-weight");
  assert.equal(optionName("memory"), "--memory");
});
