import assert from "node:assert/strict";
import * as params from "../src/params.ts";

const TABLES = (Object.entries(params) as [string, unknown][]).filter(
  (entry): entry is [string, params.Tunables] => typeof entry[1] === "object",
);

Deno.test("every tunable has a unit, a reason and a default inside its range", () => {
  assert.ok(TABLES.length >= 3);
  for (const [table, rows] of TABLES) {
    assert.deepEqual(params.faults(rows, params.defaults(rows)), [], table);
    for (const [key, row] of Object.entries(rows)) {
      assert.match(key, /^[a-z][A-Za-z]*$/, table);
      // A weight is a bare number.
      assert.equal(row.unit === "", key.endsWith("Weight"), `${table}.${key}`);
      assert.match(row.reason, /[.]$/, `${table}.${key}`);
    }
  }
});
