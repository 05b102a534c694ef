// The finder of faults: each kind is found where it is, types and messages are left alone, and what is said
// of survivors is still true of the sources.

import assert from "node:assert/strict";
import { exists } from "../support/skip.ts";
import { inRepository } from "../support/paths.ts";
import { mutantsOf, mutated, shown } from "./mutants.ts";
import { ROOMS } from "./rooms.ts";
import { SURVIVORS } from "./survivors.ts";

const SOURCE = `
import { a } from "./a.ts";
type Three = 3;
const LIMIT = 20;
export function f(x: number, y: boolean): number {
  if (x < LIMIT && !y) return x + 1;
  a(x);
  let z = 0x10;
  z |= 1;
  return y ? z : -1;
}
`;

Deno.test("mutantsOf() finds comparisons, junctions, negations, statements, conditions, constants", () => {
  const found = mutantsOf("f.ts", SOURCE);
  const changes = found.map((mutant) => shown(SOURCE, mutant).split(" -> ")[1]);
  for (
    const expected of [
      "const LIMIT = 21;",
      "if (x <= LIMIT && !y) return x + 1;",
      "if (x < LIMIT || !y) return x + 1;",
      "if (x < LIMIT && y) return x + 1;",
      "if (false) return x + 1;",
      "if (x < LIMIT && !y) return x - 1;",
      ";",
      "let z = 17;",
      "z &= 1;",
    ]
  ) assert.ok(changes.includes(expected), `${expected} in ${changes.join(" ## ")}`);
  assert.ok(!changes.some((text) => text.includes("Three")), "a type is no constant");
});

Deno.test("every mutant is another text of which the rest is the same", () => {
  const found = mutantsOf("f.ts", SOURCE);
  assert.equal(new Set(found.map((mutant) => mutated(SOURCE, mutant))).size, found.length);
  for (const mutant of found) {
    const text = mutated(SOURCE, mutant);
    assert.notEqual(text, SOURCE);
    assert.equal(text.slice(0, mutant.start), SOURCE.slice(0, mutant.start));
    assert.ok(text.endsWith(SOURCE.slice(mutant.end)));
    assert.equal(SOURCE.split("\n")[mutant.line - 1].length > 0, true);
  }
});

Deno.test("every room has sources with faults to make, and tests that are there", () => {
  for (const [name, { sources, tests }] of Object.entries(ROOMS)) {
    for (const path of sources) assert.ok(exists(inRepository(`src/${path}`)), `${name}: ${path}`);
    for (const path of tests) assert.ok(exists(inRepository(`tests/${path}`)), `${name}: ${path}`);
  }
});

Deno.test("every survivor's line is still in the sources, and has a reason", () => {
  for (const { path, before, reason } of SURVIVORS) {
    const text = Deno.readTextFileSync(inRepository(path)).replace(/\s+/g, " ");
    assert.ok(text.includes(before), `${path}: ${before}`);
    assert.ok(reason.length > 20, `${path}: ${before}`);
  }
});
