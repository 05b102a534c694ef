// Entries of words: columns that lie in them, and none beside them.

import assert from "node:assert/strict";
import { ZombieSigns } from "../../../../src/detect/scandog/beside/zombie_signs.ts";
import { Entries } from "../../../../src/detect/scandog/table/entries.ts";

Deno.test("a column is one word of each entry, and no other", () => {
  const entries = new Entries(3, 4);
  for (let word = 0; word < 4; word++) {
    const column = entries.column(word);
    for (let index = 0; index < 3; index++) column.set(index, 10 * index + word);
  }
  assert.deepEqual([...entries.words.subarray(0, 12)], [
    0,
    1,
    2,
    3,
    10,
    11,
    12,
    13,
    20,
    21,
    22,
    23,
  ]);
});

Deno.test("a column beside the entry is refused: it would be the next entry's", () => {
  const entries = new Entries(3, 4);
  for (const word of [-1, 4, 5]) assert.throws(() => entries.column(word), RangeError, `${word}`);
});

Deno.test("a word is one column: it cannot have two meanings by mistake", () => {
  const entries = new Entries(3, 4);
  entries.column(2);
  assert.throws(() => entries.column(2), /word 2: it is one already/);
  assert.doesNotThrow(() => entries.column(3));
});

Deno.test("all columns of a table with computed places lie in its entries", () => {
  assert.doesNotThrow(() => new ZombieSigns());
});
