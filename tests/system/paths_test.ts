import assert from "node:assert/strict";
import { dirname, resolve } from "node:path/posix";
import fc from "fast-check";
import { absolute, folderOf } from "../../src/system/paths.ts";

/** Paths of the parts that decide: slashes alone and in a row, dots, names. */
const PATHS = fc.array(fc.constantFrom("/", "//", ".", "..", "a", "b.c", "..."), { maxLength: 9 })
  .map((parts) => parts.join(""));

Deno.test("absolute() is what Node makes of a path", () => {
  assert.equal(absolute("/var/../log//x/./y/"), "/log/x/y");
  assert.equal(absolute("x"), `${Deno.cwd()}/x`);
  fc.assert(fc.property(PATHS, (path) => assert.equal(absolute(path), resolve(path))));
});

Deno.test("folderOf() is what Node takes for the folder of an absolute path, and of a relative one", () => {
  assert.equal(folderOf("/var/log/x"), "/var/log");
  assert.equal(folderOf("/x"), "/");
  assert.equal(folderOf("x"), ".");
  fc.assert(
    fc.property(PATHS, (path) => {
      // A row of slashes at the start means the root here; POSIX leaves two of them open.
      assert.equal(absolute(folderOf(path)), absolute(dirname(path)), path);
    }),
  );
});
