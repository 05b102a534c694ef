// What a failure is charged with, and that exactly this is given back: attempts put into the table by hand.

import assert from "node:assert/strict";
import { Charges } from "../../../../src/detect/scandog/suspect/charges.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/failed_chain.ts";
import { Failure } from "../../../../src/detect/scandog/weigh/failures.ts";
import { Entries, SOURCE, words } from "../entries.ts";

const ONE = "203.0.113.10", TWO = "203.0.113.20";

class Charged extends Entries {
  readonly charges = new Charges(this.memory);
  readonly subject: number;

  constructor() {
    super();
    const { subjects, clock } = this.memory;
    this.subject = subjects.admit(words(SOURCE), 0, 0, this.hash(SOURCE), clock.ms);
  }

  /** A refused SYN; its slot. */
  refused(target: string, port: number): number {
    return this.add({ target, port, outcome: Outcome.Refused, marks: Mark.Closed | Mark.Counted });
  }

  /** Charges an attempt; false where its target was charged before. */
  charge(slot: number): boolean {
    const { charges, subject, memory } = this;
    const failure = new Failure();
    failure.weigh(memory, slot, 0, false);
    addFailed(memory, subject, slot);
    const host = charges.host(slot, subject), port = charges.port(slot, subject);
    return charges.add(failure, subject, host, port);
  }

  fail(target: string, port: number): number {
    const slot = this.refused(target, port);
    assert.ok(this.charge(slot));
    return slot;
  }

  /** Failures, weight and points of the source; of it and the attempt's host: failures, weight; and port: points. */
  counts(slot: number): number[] {
    const { charges, subject, memory: { subjects, pairs } } = this;
    const host = charges.host(slot, subject), port = charges.port(slot, subject);
    return [
      ...[subjects.failed, subjects.weight, subjects.points].map((column) => column.of(subject)),
      ...[pairs.failed, pairs.weight].map((column) => column.of(host)),
      ...[pairs.failed, pairs.points].map((column) => column.of(port)),
    ];
  }
}

Deno.test("Charges adds a failure to its source, to its host and to its port", () => {
  const charged = new Charged();
  const low = charged.fail(ONE, 22);
  assert.deepEqual(charged.counts(low), [1, 3, 6, 1, 3, 1, 6]);
  const high = charged.fail(ONE, 5000);
  assert.deepEqual(charged.counts(high), [2, 4, 12, 2, 4, 1, 6]);
  const elsewhere = charged.fail(TWO, 22);
  assert.deepEqual(charged.counts(elsewhere), [3, 7, 18, 1, 3, 2, 12]);
});

Deno.test("Charges counts a target once", () => {
  const charged = new Charged();
  const slot = charged.fail(ONE, 22);
  assert.equal(charged.charge(charged.refused(ONE, 22)), false);
  assert.deepEqual(charged.counts(slot), [1, 3, 6, 1, 3, 1, 6]);
});

Deno.test("Charges gives back what one attempt was charged with, once, and nothing of what was not counted", () => {
  const charged = new Charged();
  const [low, high] = [charged.fail(ONE, 22), charged.fail(ONE, 5000)];
  charged.charges.takeBack(charged.refused(ONE, 23), charged.subject);
  assert.deepEqual(charged.counts(low), [2, 4, 12, 2, 4, 1, 6]);
  for (let times = 1; times <= 2; times++) {
    charged.charges.takeBack(low, charged.subject);
    assert.deepEqual(charged.counts(low), [1, 1, 6, 1, 1, 0, 0], `${times} times`);
  }
  assert.deepEqual(charged.counts(high), [1, 1, 6, 1, 1, 1, 6]);
  charged.charges.takeBack(high, charged.subject);
  assert.deepEqual(charged.counts(high), [0, 0, 0, 0, 0, 0, 0]);
});

Deno.test("Charges forgives a host that is used as often as it failed: its points, and no weight; once", () => {
  const charged = new Charged();
  const slots = [charged.fail(ONE, 80), charged.fail(ONE, 81)];
  const elsewhere = charged.fail(TWO, 22);
  const use = (port: number) => {
    const slot = charged.add({ target: ONE, port, outcome: Outcome.Used, marks: Mark.Open });
    charged.charges.credit(slot, charged.subject);
  };
  use(443);
  assert.deepEqual(charged.counts(slots[0]), [3, 9, 18, 2, 6, 1, 6], "one use of two failures");
  use(444);
  assert.deepEqual(charged.counts(slots[0]), [3, 9, 6, 2, 6, 0, 0]);
  use(445);
  charged.charges.takeBack(slots[0], charged.subject);
  assert.deepEqual(
    charged.counts(slots[0]),
    [2, 6, 6, 1, 3, 0, 0],
    "points were given back before",
  );
  assert.deepEqual(charged.counts(elsewhere), [2, 6, 6, 1, 3, 1, 6]);
});
