import assert from "node:assert/strict";
import fc from "fast-check";
import { SourceTable } from "../../../src/detect/classic/table.ts";

/** Entries of a bucket, first to last. */
function chain(table: SourceTable, bucket: number): number[] {
  const entries: number[] = [];
  let entry = table.link[table.heads + bucket];
  while (entry !== table.end) {
    entries.push(entry);
    assert.ok(entries.length <= table.capacity, "the chain ends");
    entry = table.link[entry];
  }
  return entries;
}

Deno.test("SourceTable takes entries over in turn and puts each first in its bucket", () => {
  const table = new SourceTable(3, 1);
  assert.deepEqual([table.take(5, 0), table.take(6, 0), table.take(7, 1)], [0, 1, 2]);
  assert.deepEqual(chain(table, 0), [1, 0]);
  assert.deepEqual(chain(table, 1), [2]);
  assert.equal(table.take(8, 1), 0);
  assert.deepEqual(chain(table, 0), [1]);
  assert.deepEqual(chain(table, 1), [0, 2]);
  assert.equal(table.source[0], 8);
});

Deno.test("SourceTable leaves an entry off its chain unused until its turn", () => {
  const table = new SourceTable(3, 1);
  table.take(5, 0);
  table.take(6, 0);
  table.unlink(0);
  assert.deepEqual(chain(table, 0), [1]);
  assert.equal(table.take(7, 0), 2);
  assert.equal(table.take(8, 0), 0);
  assert.deepEqual(chain(table, 0), [0, 2, 1]);
});

Deno.test("SourceTable behaves as arrays do, whatever is taken and cut off", () => {
  const step = fc.record({
    what: fc.constantFrom("take", "take", "unlink"),
    bucket: fc.nat(3),
    entry: fc.nat(4),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
    const table = new SourceTable(5, 2);
    const model: number[][] = [[], [], [], []];
    let oldest = 0;
    const off = (entry: number) => {
      model.forEach((entries, b) => model[b] = entries.filter((other) => other !== entry));
    };
    steps.forEach(({ what, bucket, entry }, i) => {
      if (what === "take") {
        assert.equal(table.take(i + 1, bucket), oldest);
        off(oldest);
        model[bucket].unshift(oldest);
        oldest = (oldest + 1) % 5;
      } else {
        off(entry);
        table.unlink(entry);
      }
      assert.deepEqual(model.map((_, b) => chain(table, b)), model);
    });
  }));
});

Deno.test("SourceTable takes an entry off twice without harm to its neighbours", () => {
  // Too old, so off its chain; then its turn comes, and it is taken off again.
  const table = new SourceTable(4, 1);
  for (const source of [5, 6, 7]) table.take(source, 0);
  assert.deepEqual(chain(table, 0), [2, 1, 0]);
  table.unlink(1);
  table.unlink(1);
  assert.deepEqual(chain(table, 0), [2, 0]);
  table.unlink(0);
  assert.deepEqual(chain(table, 0), [2]);
});
