import assert from "node:assert/strict";
import { Backlog } from "../../src/sink/backlog.ts";
import { Random } from "../support/random.ts";

Deno.test("Backlog behaves as a bounded list over any sequence of calls", () => {
  const seed = 7;
  console.log(`seed ${seed}`);
  const random = new Random(seed);
  for (let round = 0; round < 50; round++) {
    const capacity = random.between(1, 20);
    const backlog = new Backlog<number>(capacity);
    let model: number[] = [];
    for (let step = 0; step < 300; step++) {
      const choice = random.below(20);
      if (choice < 10) {
        assert.equal(backlog.push(step), model.length < capacity);
        if (model.length < capacity) model.push(step);
      } else if (choice < 18) {
        backlog.shift();
        model.shift();
      } else if (choice === 18) {
        const items = Array.from({ length: random.below(4) }, (_, i) => -step * 4 - i);
        backlog.putBack(items);
        model = [...items, ...model];
      } else if (random.oneIn(10)) {
        backlog.clear();
        model = [];
      }
      assert.equal(backlog.length, model.length);
      assert.equal(backlog.first(), model[0]);
    }
  }
});

Deno.test("Backlog refuses an impossible capacity", () => {
  for (const capacity of [0, -1, 1.5, NaN]) {
    assert.throws(() => new Backlog(capacity), /capacity must be at least 1/);
  }
});
