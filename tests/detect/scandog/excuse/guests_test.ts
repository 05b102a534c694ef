// Whose clients are asked for their names, asked of attempts that were written by hand.

import assert from "node:assert/strict";
import { isGuest } from "../../../../src/detect/scandog/excuse/guests.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome, Stage } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { Entries, type Entry, SOURCE, TARGET } from "../entries.ts";

class Server extends Entries {
  /** An attempt of the target, after those that it has made. */
  guest(given: Entry = {}): this {
    const { table, heads } = this.memory;
    const marks = Stage.Open | Mark.Handshake;
    const outcome = Outcome.None;
    const slot = this.add({ source: TARGET, target: SOURCE, port: 6667, outcome, marks, ...given });
    table.earlier.set(slot, heads.push(table.sourceHash(slot), slot));
    return this;
  }

  asksGuest(): boolean {
    return isGuest(this.memory, this.add({ port: 113, outcome: Outcome.Refused }));
  }
}

Deno.test("isGuest() holds for a target that is connected to the source, and for nobody else", () => {
  assert.ok(new Server().guest().asksGuest());
  assert.ok(!new Server().asksGuest());
  assert.ok(!new Server().guest({ target: "203.0.113.99" }).asksGuest(), "to somebody else");
  assert.ok(!new Server().guest({ source: "203.0.113.99" }).asksGuest(), "of somebody else");
  assert.ok(!new Server().guest({ marks: Stage.Open }).asksGuest(), "no number acknowledged");
  assert.ok(!new Server().guest({ marks: Stage.Answered | Mark.Handshake }).asksGuest());
  assert.ok(!new Server().guest({ kind: TargetClass.Udp }).asksGuest());
});

Deno.test("isGuest() looks at the latest connections only", () => {
  const server = (others: number) => {
    const made = new Server().guest();
    for (let i = 0; i < others; i++) made.guest({ target: "203.0.113.99", port: 1 + i });
    return made;
  };
  assert.ok(server(3).asksGuest());
  assert.ok(!server(4).asksGuest());
});
