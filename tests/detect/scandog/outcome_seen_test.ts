// What an outcome shows of both its ends, whatever is judged of it: who sends, and who speaks on the link.

import assert from "node:assert/strict";
import type { AttemptOutcome } from "../../../src/outcome.ts";
import type { View } from "../../../src/detect/scandog/view.ts";
import type { Memory } from "../../../src/detect/scandog/memory.ts";
import { attemptOutcome, OUTCOME_START_US } from "../../support/outcomes.ts";
import { Judged } from "./judged.ts";
import { words } from "./entries.ts";

const SOURCE = "198.51.100.7", TARGET = "203.0.113.10";

/** Who is known to send, and to speak on the link, after an outcome with these facts. */
function seen(facts: AttemptOutcome["facts"], target: AttemptOutcome["target"] = "tcp"): string[] {
  const judged = new Judged().take({ facts, target, source: SOURCE, destination: TARGET });
  const { view, memory: { hash } } = judged.intake as unknown as {
    view: View;
    memory: Memory;
  };
  const all = { source: hash.address(words(SOURCE), 0), target: hash.address(words(TARGET), 0) };
  return Object.entries(all).flatMap(([name, hash]) => [
    ...(view.senders.has(hash) ? [`${name} sends`] : []),
    ...(view.speakers.has(hash) ? [`${name} speaks`] : []),
  ]);
}

Deno.test("an outcome's source sends, unless only answers were seen; its target does where it answered", () => {
  assert.deepEqual(seen([]), ["source sends"]);
  assert.deepEqual(seen(["reply-only"]), []);
  for (const answer of ["open", "closed", "replied"] as const) {
    assert.deepEqual(seen([answer]), ["source sends", "target sends"]);
    assert.deepEqual(seen([answer, "reply-only"]), ["target sends"]);
  }
  for (const other of ["handshake", "stack", "ambiguous"] as const) {
    assert.deepEqual(seen([other]), ["source sends"]);
  }
});

Deno.test("who asks for a neighbour speaks on the link, and who sends anything else need not", () => {
  assert.deepEqual(seen([], "arp"), ["source sends", "source speaks"]);
  assert.deepEqual(seen(["reply-only"], "arp"), []);
  assert.deepEqual(seen([], "udp"), ["source sends"]);
});

/** How many uses its subject has, after two failures of a source with these words of watchers. */
function used(...said: [all: number, watcher: number][]): number {
  const judged = new Judged();
  for (const [i, [all, watcher]] of said.entries()) {
    const uses = { all, host: 0, port: 0 };
    const outcome = attemptOutcome({ port: 5000 + i, uses, firstUs: OUTCOME_START_US + i * 1000 });
    judged.intake.take(outcome, watcher);
  }
  const { subjects } = Reflect.get(judged.intake, "memory") as Memory;
  const found = Array.from({ length: subjects.capacity }, (_, i) => i)
    .filter((index) => subjects.failed.of(index) > 0);
  assert.equal(found.length, 1);
  return subjects.used.of(found[0]);
}

Deno.test("what sensors say of a source's uses speaks for it, the most that one says and the sum of several", () => {
  assert.equal(used([0, 1], [0, 1], [0, 1]), 0);
  assert.equal(used([0, 1], [0, 1], [7, 1]), 7);
  assert.equal(used([0, 1], [7, 1], [9, 1]), 9);
  assert.equal(used([0, 1], [9, 1], [7, 1]), 9, "never less");
  assert.equal(used([0, 1], [7, 1], [5, 2]), 12);
});

/** How many of its attempts got an answer, as its subject has it, after two that got none. */
function answered(...facts: [port: number, facts: AttemptOutcome["facts"]][]): number {
  const judged = new Judged();
  const silent = { outcome: "silent", facts: [], witness: "none" } as const;
  for (const port of [9001, 9002]) judged.take({ ...silent, facts: [], port });
  for (const [port, said] of facts) judged.take({ port, facts: said });
  const { subjects } = Reflect.get(judged.intake, "memory") as Memory;
  const found = Array.from({ length: subjects.capacity }, (_, i) => i)
    .filter((index) => subjects.failed.of(index) > 0);
  assert.equal(found.length, 1);
  return subjects.answered.of(found[0]);
}

Deno.test("an attempt is answered once, when a sensor first says that it is open or closed", () => {
  assert.equal(answered(), 0);
  assert.equal(answered([1, ["closed"]]), 1);
  assert.equal(answered([1, ["open"]]), 1);
  assert.equal(answered([1, ["replied"]], [2, ["stack"]]), 0);
  assert.equal(answered([1, ["closed"]], [1, ["closed"]], [1, ["open", "closed"]]), 1);
  assert.equal(answered([1, []], [1, ["closed"]]), 1);
  assert.equal(answered([1, ["closed"]], [2, ["open"]], [3, []]), 2);
});
