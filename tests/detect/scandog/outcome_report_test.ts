// What is handed on of an attempt: each field from where it is kept, who witnessed it, and when it is said again.

import assert from "node:assert/strict";
import { Decision } from "../../../src/decision.ts";
import { OutcomeReport } from "../../../src/detect/scandog/outcome_report.ts";
import { TargetClass } from "../../../src/detect/scandog/probe/classes.ts";
import { DONT_FRAGMENT, Options, packLook } from "../../../src/detect/scandog/probe/form.ts";
import { TechniqueBit } from "../../../src/detect/scandog/probe/techniques.ts";
import { ArpMark, Mark, Outcome } from "../../../src/detect/scandog/table/attempt_state.ts";
import type { AttemptOutcome } from "../../../src/outcome.ts";
import { Entries, type Entry, SOURCE, TARGET } from "./entries.ts";
import { FULL_LOOK } from "./full_outcome.ts";

class Reported extends Entries {
  readonly said: AttemptOutcome[] = [];
  readonly report = new OutcomeReport(this.memory, (outcome) => this.said.push(outcome));

  /** What is handed on of this attempt. */
  of(entry: Entry, excuse?: number): AttemptOutcome {
    this.report.say(this.add(entry), excuse);
    return this.said.at(-1)!;
  }
}

Deno.test("OutcomeReport hands on each field of an attempt", () => {
  const reported = new Reported();
  const { table, clock } = reported.memory;
  const slot = reported.add({
    ...{ port: 8080, sourcePort: 40_000, techniques: TechniqueBit.Syn, repeatMs: 3000 },
    ...{ outcome: Outcome.Refused, marks: Mark.Closed, packets: 4 },
    ...{ sequence: 0xdeadbeef | 0, acknowledgement: 0xcafebabe | 0, signature: -2 },
  });
  table.look.set(slot, packLook(57, 0xb8, 2, 4));
  table.wire.set(slot, 65_535 << 16 | 54_321);
  table.form.set(slot, 1460 << 16 | Options.Windows | DONT_FRAGMENT);
  table.linkSource.set(slot, -3);
  table.replyBytes.set(slot, -1);
  table.setPackets(slot, 4, 3);
  reported.wait(5000).report.say(slot);
  const [outcome] = reported.said;
  assert.deepEqual(outcome, {
    ...FULL_LOOK,
    source: SOURCE,
    destination: TARGET,
    firstUs: clock.lastUs - 5_000_000,
    latestUs: clock.lastUs - 2_000_000,
    settledUs: clock.lastUs,
    linkSource: 0xfffffffd,
    uses: { all: 0, host: 0, port: 0 },
  });
  assert.ok(table.has(slot, Mark.HandedOn));
});

Deno.test("OutcomeReport hands on an acknowledgement of TCP alone: of others the word tells copies", () => {
  for (const [kind, expected] of [[TargetClass.Tcp, 77], [TargetClass.Udp, 0]]) {
    assert.equal(
      new Reported().of({ kind, port: 9, acknowledgement: 77 }).acknowledgement,
      expected,
    );
  }
});

Deno.test("OutcomeReport says who witnessed what became of an attempt", () => {
  const cases: [string, Entry, excuse: number | undefined][] = [
    ["none", { outcome: Outcome.Silent }, undefined],
    ["target", { outcome: Outcome.Refused, marks: Mark.Closed }, undefined],
    ["router", { outcome: Outcome.Refused }, undefined],
    ["target", { outcome: Outcome.Empty, marks: Mark.Open }, undefined],
    ["target", { outcome: Outcome.Used, marks: Mark.Replied }, undefined],
    ["source", { outcome: Outcome.Used }, undefined],
    ["source", { outcome: Outcome.HalfOpen }, undefined],
  ];
  for (const [witness, entry, excuse] of cases) {
    const said = new Reported().of(entry, excuse);
    assert.equal(said.witness, witness, JSON.stringify(entry));
    assert.ok(!("excuse" in said));
  }
  const excused = new Reported().of({ outcome: Outcome.Harmless }, Decision.CameAgain);
  assert.deepEqual([excused.outcome, excused.excuse], ["harmless", "came-again"]);
});

Deno.test("OutcomeReport names marks as facts, those of ARP among them, and no other", () => {
  const facts = (entry: Entry) => new Reported().of(entry).facts;
  assert.deepEqual(facts({}), []);
  assert.deepEqual(facts({ marks: Mark.Counted | Mark.Learned }), []);
  assert.deepEqual(facts({ marks: Mark.Open | Mark.Handshake }), ["open", "handshake"]);
  assert.deepEqual(facts({ marks: Mark.ReplyOnly }), ["reply-only"]);
  const kind = TargetClass.Arp;
  assert.deepEqual(facts({ kind, arp: ArpMark.InOrder }), ["arp-in-order"]);
  assert.deepEqual(facts({ kind, arp: ArpMark.AtEdge | ArpMark.Kernels }), [
    ...["arp-at-edge", "arp-kernels"],
  ]);
});

Deno.test("OutcomeReport says an attempt again whenever it has come again for twice as long, from four seconds on", () => {
  const reported = new Reported();
  const { report, memory: { table } } = reported;
  const slot = reported.add({ outcome: Outcome.Refused });
  const again = (repeatMs: number) => {
    table.repeatMs.set(slot, repeatMs);
    const before = reported.said.length;
    report.sayAgain(slot);
    return reported.said.length - before;
  };
  assert.equal(again(60_000), 0, "it was never handed on");
  report.say(slot);
  const said = [3999, 4000, 7999, 8000, 15_999, 16_000, 16_000, 64_000].map(again);
  assert.deepEqual(said, [0, 1, 0, 1, 0, 1, 0, 1]);
  assert.equal(again(127_999), 0);
  table.setOutcome(slot, Outcome.Used);
  assert.equal(again(1_000_000), 0, "who uses what there is comes again all day");
});
