// Silent datagrams from a service's port, by themselves: which of them look like answers no longer.

import assert from "node:assert/strict";
import { unaskedAnswers } from "../../../../src/detect/scandog/excuse/unasked_answers.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { noteUsed } from "../../../../src/detect/scandog/table/uses.ts";
import { Entries, type Entry, SOURCE, TARGET, words } from "../entries.ts";

/** Written out: a number taken from the limits would follow any mistake in it. */
const FREE = 24;

class Unasked extends Entries {
  private readonly note = unaskedAnswers(this.memory, this.view);

  showSide(address: string): void {
    const at = new Int32Array([0, 0, 0, 0, ...words(address)]);
    this.view.noteSender(this.memory.hash.address(at, 4), at, 4);
  }

  /** How many of `count` look like answers still, each another target by `entry`. */
  free(count: number, entry: (i: number) => Entry): number {
    const looksLike = Array.from({ length: count }, (_, i) => {
      const slot = this.add({
        kind: TargetClass.Udp,
        outcome: Outcome.Silent,
        marks: Mark.ReplyLike,
        sourcePort: 53,
        ...entry(i),
      });
      this.note(slot);
      return this.memory.table.has(slot, Mark.ReplyLike);
    });
    return looksLike.filter(Boolean).length;
  }
}

Deno.test("unaskedAnswers() leaves a host so many silent answers, and each port of several hosts", () => {
  const ofHost = new Unasked();
  ofHost.showSide(TARGET);
  assert.equal(ofHost.free(FREE + 10, (i) => ({ port: 20_000 + i })), FREE);
  const ofPort = new Unasked();
  ofPort.showSide("10.1.0.200");
  assert.equal(ofPort.free(FREE + 10, (i) => ({ port: 20_000, target: `10.1.0.${i}` })), FREE);
});

Deno.test("unaskedAnswers() leaves one more a minute, to a host and to a port", () => {
  const targets: [side: string, entry: (i: number) => Entry][] = [
    [TARGET, (i) => ({ port: 20_000 + i })],
    ["10.1.0.200", (i) => ({ port: 20_000, target: `10.1.0.${i}` })],
  ];
  for (const [ms, free] of [[59_999, 0], [60_000, 1], [119_999, 1], [120_000, 2]] as const) {
    for (const [side, entry] of targets) {
      const unasked = new Unasked();
      unasked.showSide(side);
      assert.equal(unasked.free(FREE, entry), FREE);
      unasked.wait(ms);
      assert.equal(unasked.free(free + 1, (i) => entry(FREE + i)), free, `${ms} ms`);
    }
  }
});

Deno.test("unaskedAnswers() asks nothing of a side that is not seen, of TCP, or of who speaks first", () => {
  const more = FREE + 10;
  const port = (i: number) => 20_000 + i;
  assert.equal(new Unasked().free(more, (i) => ({ port: port(i) })), more);
  const others: Entry[] = [{ kind: TargetClass.Tcp }, { sourcePort: 5060 }, { sourcePort: 4500 }];
  for (const other of others) {
    const unasked = new Unasked();
    unasked.showSide(TARGET);
    assert.equal(unasked.free(more, (i) => ({ port: port(i), ...other })), more);
  }
});

Deno.test("unaskedAnswers() believes a source of which the host got an answer to a question", () => {
  const unasked = new Unasked();
  unasked.showSide(TARGET);
  const question = unasked.add({
    source: TARGET,
    target: SOURCE,
    port: 53,
    kind: TargetClass.Udp,
    outcome: Outcome.Used,
  });
  noteUsed(unasked.memory, question);
  assert.equal(unasked.free(FREE + 10, (i) => ({ port: 20_000 + i })), FREE + 10);
});
