// Many sources that fail once: from how many on, and for how long.

import assert from "node:assert/strict";
import { Singles } from "../../../../../src/detect/scandog/beside/flood/singles.ts";
import { Entries } from "../../entries.ts";

class Flooded extends Entries {
  readonly singles = new Singles(this.memory);

  fail(count: number): this {
    this.singles.add(count);
    return this;
  }
}

Deno.test("Singles are no longer quiet with as many as --flood-sources within ten seconds", () => {
  for (const [count, isQuiet] of [[511, true], [512, false]] as const) {
    assert.equal(new Flooded().fail(count).singles.isQuiet(), isQuiet, `${count}`);
  }
  for (const [ms, isQuiet] of [[10_000, false], [10_001, true]] as const) {
    const flooded = new Flooded().fail(256).wait(ms).fail(256);
    assert.equal(flooded.singles.isQuiet(), isQuiet, `${ms} ms`);
  }
});

Deno.test("Singles are quiet again a minute after the last of them", () => {
  const flooded = new Flooded().fail(600);
  // It goes on: each more extends it.
  flooded.wait(50_000).fail(7).wait(60_000).singles.turn();
  assert.equal(flooded.singles.isQuiet(), false);
  flooded.wait(1).singles.turn();
  assert.equal(flooded.singles.isQuiet(), true);
});

Deno.test("Singles that were over begin to count anew", () => {
  const flooded = new Flooded().fail(600).wait(60_001);
  flooded.singles.turn();
  assert.ok(flooded.fail(511).singles.isQuiet());
  assert.ok(!flooded.fail(1).singles.isQuiet());
});
