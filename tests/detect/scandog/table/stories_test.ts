import assert from "node:assert/strict";
import { handleOf, indexOf, Stories } from "../../../../src/detect/scandog/table/stories.ts";

const LAST = 2 ** 22 - 1;

Deno.test("a scan's handle is never 0, names its place, and differs from those of the scans before", () => {
  for (const number of [1, 2, LAST - 1, LAST, LAST + 1, LAST + 2, 2 ** 31, 2 ** 40]) {
    for (const index of [0, 1, 1023]) {
      const handle = handleOf(number, index);
      assert.notEqual(handle, 0, `number ${number}`);
      assert.equal(indexOf(handle), index);
      assert.notEqual(handle, handleOf(number + 1, index), `number ${number}`);
    }
  }
});

Deno.test("a scan that has ended is over, and so is one whose place another took, after millions of scans too", () => {
  for (const number of [1, LAST, LAST + 1]) {
    const stories = new Stories(), handle = handleOf(number, 0);
    assert.ok(!stories.isOver(0));
    stories.begin(handle);
    assert.ok(!stories.isOver(handle));
    stories.begin(handleOf(number + 1, 0));
    assert.ok(stories.isOver(handle));
    stories.end(handleOf(number + 1, 0));
    assert.ok(stories.isOver(handleOf(number + 1, 0)));
  }
});
