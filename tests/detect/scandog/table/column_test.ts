// One word of every entry: what may be done to it, and that nothing else is touched by it.

import assert from "node:assert/strict";
import { Column } from "../../../../src/detect/scandog/table/column.ts";

const MOST = 0x7fffffff;

/** What becomes of a word by a change. */
function after(before: number, change: (column: Column) => void): number {
  const words = new Int32Array(12).fill(77), column = new Column(words, 4, 2);
  column.set(1, before);
  change(column);
  assert.equal(column.of(1), words[6]);
  assert.ok(words.every((word, i) => i === 6 || word === 77), "and of no other");
  return words[6];
}

Deno.test("a column is set, added to and marked, of one entry", () => {
  assert.equal(after(5, (column) => column.set(1, -3)), -3);
  assert.equal(after(5, (column) => column.add(1, 4)), 9);
  assert.equal(after(5, (column) => column.add(1, -7)), -2);
  assert.equal(after(5, (column) => column.mark(1, 2)), 7);
  assert.equal(after(5, (column) => column.mark(1, 4)), 5);
});

Deno.test("a column counts up to the largest signed number, and takes away down to zero", () => {
  assert.equal(after(5, (column) => column.count(1)), 6);
  assert.equal(after(MOST - 1, (column) => column.count(1)), MOST);
  assert.equal(after(MOST, (column) => column.count(1)), MOST);
  assert.equal(after(5, (column) => column.take(1, 4)), 1);
  assert.equal(after(5, (column) => column.take(1, 5)), 0);
  assert.equal(after(5, (column) => column.take(1, 6)), 0);
});

Deno.test("a column is raised to what is more", () => {
  assert.equal(after(5, (column) => column.raise(1, 6)), 6);
  assert.equal(after(5, (column) => column.raise(1, 5)), 5);
  assert.equal(after(5, (column) => column.raise(1, 4)), 5);
});
