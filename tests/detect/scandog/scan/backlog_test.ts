// What a source did before its scan was found and is part of it: by time, by target, by what became of it.

import assert from "node:assert/strict";
import { Decision } from "../../../../src/decision.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Proof } from "../../../../src/detect/scandog/probe/proof.ts";
import { TechniqueBit } from "../../../../src/detect/scandog/probe/techniques.ts";
import { backlogOf } from "../../../../src/detect/scandog/scan/backlog.ts";
import { Scan, ScanMaps } from "../../../../src/detect/scandog/scan/scan.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { Entries, type Entry, SOURCE, words } from "../entries.ts";

const SYN: Entry = { techniques: TechniqueBit.Syn };

/** A source's attempts in their order, and the scan that is found with them. */
class Before extends Entries {
  readonly subject: number;
  private ports = 1000;

  constructor() {
    super();
    const { subjects, clock } = this.memory;
    this.subject = subjects.admit(words(SOURCE), 0, 0, this.hash(SOURCE), clock.ms);
  }

  /** One more attempt at a port that no other has; its slot. */
  attempt(entry: Entry): number {
    const { table, heads } = this.memory;
    const slot = this.add({ port: this.ports++, ...SYN, ...entry });
    table.earlier.set(slot, heads.push(table.sourceHash(slot), slot));
    return slot;
  }

  failed(entry: Entry = {}): number {
    const slot = this.attempt({ outcome: Outcome.Refused, marks: Mark.Closed, ...entry });
    addFailed(this.memory, this.subject, slot);
    return slot;
  }

  open(entry: Entry = {}): number {
    return this.attempt({ outcome: Outcome.Used, marks: Mark.Open, ...entry });
  }

  get proof(): number {
    return this.memory.subjects.proof.of(this.subject);
  }

  /** The slots that a scan takes over, in their order; `gapMs`: its longest pause so far. */
  taken(gapMs = 0): number[] {
    const scan = new Scan(this.memory, 1, 5000, new ScanMaps());
    this.memory.stories.begin(scan.handle);
    scan.gapMs = gapMs;
    const slots: number[] = [];
    for (const slot of backlogOf(this.memory, scan, this.subject)) {
      scan.count(slot);
      slots.push(slot);
    }
    return slots;
  }
}

Deno.test("what failed is taken over oldest first, and then what was answered before it was found", () => {
  const before = new Before();
  const open = [before.open()];
  const failed = [before.failed(), before.failed()];
  open.push(before.open());
  failed.push(before.failed());
  assert.deepEqual(before.taken(), [...failed, ...open]);
});

Deno.test("what was answered belongs to a scan by half a second before its first failure, and four pauses more", () => {
  for (const [gapMs, most] of [[0, 500], [100, 900]]) {
    for (const ms of [most, most + 1]) {
      const before = new Before();
      const open = before.open();
      before.wait(ms);
      const failed = [before.failed(), before.failed()];
      assert.deepEqual(
        before.taken(gapMs),
        [...failed, ...(ms === most ? [open] : [])],
        `${ms} ms`,
      );
    }
  }
});

Deno.test("each attempt that was answered carries the scan's beginning back, until a longer pause", () => {
  const before = new Before();
  before.open();
  const open = [before.wait(501).open(), before.wait(500).open(), before.wait(500).open()];
  const failed = before.wait(500).failed();
  assert.deepEqual(before.taken(), [failed, ...open]);
});

Deno.test("of what was answered only attempts of the scan's kind at its targets are part of it", () => {
  const other = "203.0.113.99";
  const cases: [string, Entry, isPart: boolean][] = [
    ["open", {}, true],
    ["closed", { marks: Mark.Closed }, true],
    ["replied", { marks: Mark.Replied }, true],
    ["nobody heard of the target", { marks: 0 }, false],
    ["another technique", { techniques: TechniqueBit.Xmas }, false],
    ["one more technique", { techniques: TechniqueBit.Syn | TechniqueBit.Xmas }, true],
    ["another target, and another port", { target: other }, false],
    ["a datagram", { kind: TargetClass.Udp, techniques: TechniqueBit.Udp }, false],
  ];
  for (const [what, entry, isPart] of cases) {
    const before = new Before();
    const open = before.open(entry), failed = before.failed();
    assert.deepEqual(before.taken(), isPart ? [failed, open] : [failed], what);
  }
});

Deno.test("what its looks excused is part of a scan, what was excused otherwise is not", () => {
  for (
    const [excuse, isPart] of [[Decision.Traceroute, true], [Decision.CameAgain, false]] as const
  ) {
    const before = new Before();
    const harmless = before.open({ outcome: Outcome.Harmless });
    before.memory.table.setExcuse(harmless, excuse);
    const failed = before.failed();
    assert.deepEqual(before.taken(), isPart ? [failed, harmless] : [failed], `${excuse}`);
  }
});

Deno.test("attempts of a scan that goes on are that scan's, those of one that is over are free", () => {
  for (const isOver of [false, true]) {
    const before = new Before();
    const { table, stories } = before.memory;
    const open = before.open(), told = before.failed({ outcome: Outcome.Silent, marks: 0 });
    const failed = before.failed();
    stories.begin(7000);
    for (const slot of [open, told]) table.scan.set(slot, 7000);
    if (isOver) stories.end(7000);
    // What failed was told with the earlier scan.
    assert.deepEqual(before.taken(), isOver ? [failed, open] : [failed]);
  }
});

Deno.test("a place that was taken over ends what is known from before: of another source, or later", () => {
  const cases: [string, between: Entry | undefined][] = [
    ["the source's own", {}],
    ["another source's", { source: "198.51.100.9" }],
  ];
  for (const [what, entry] of cases) {
    const before = new Before();
    const { table } = before.memory;
    const first = before.open(), second = before.open(), failed = before.failed();
    const other = before.add({
      port: 7,
      ...SYN,
      outcome: Outcome.Used,
      marks: Mark.Open,
      ...entry,
    });
    table.earlier.set(other, first + 1);
    table.earlier.set(second, other + 1);
    const isOwn = entry?.source === undefined;
    assert.deepEqual(
      before.taken(),
      isOwn ? [failed, first, other, second] : [failed, second],
      what,
    );
  }
  const before = new Before();
  const { table } = before.memory;
  const second = before.wait(5).open(), failed = before.failed();
  const later = before.wait(5).open();
  table.earlier.set(second, later + 1);
  before.memory.heads.push(table.sourceHash(second), failed);
  assert.deepEqual(before.taken(), [failed, second], "later than what it stands before");
});

Deno.test("what an answered attempt proved of its source is known with it, and of no other", () => {
  for (const [entry, proof] of [[{}, Proof.Handshake], [{ port: 9, target: "192.0.2.1" }, 0]]) {
    const before = new Before();
    before.open({ marks: Mark.Open | Mark.Handshake, ...entry as Entry });
    before.failed();
    before.taken();
    assert.equal(before.proof, proof);
  }
});

Deno.test("a ping that was used is part of a scan that has three pings", () => {
  const ping: Entry = {
    ...{ kind: TargetClass.IcmpEcho, port: 0, techniques: TechniqueBit.IcmpEcho },
    marks: Mark.Replied,
  };
  for (const pings of [2, 3]) {
    const before = new Before();
    const early = before.attempt({ ...ping, outcome: Outcome.Empty });
    const silent = Array.from(
      { length: pings },
      (_, i) => before.failed({ ...ping, outcome: Outcome.Silent, target: `203.0.113.${50 + i}` }),
    );
    before.failed();
    assert.equal(before.taken().includes(early), pings === 3, `${pings} and one`);
    assert.ok(silent.length === pings);
  }
});

Deno.test("answered pings are part of a scan from the third on; fewer greet its targets", () => {
  const ping: Entry = {
    ...{ kind: TargetClass.IcmpEcho, port: 0, techniques: TechniqueBit.IcmpEcho },
    ...{ outcome: Outcome.Empty, marks: Mark.Replied },
  };
  for (const pings of [2, 3]) {
    const before = new Before();
    const failed = Array.from(
      { length: pings },
      (_, i) => before.failed({ ...ping, target: `203.0.113.${50 + i}` }),
    );
    const refused = before.failed();
    assert.deepEqual(before.taken(), pings === 3 ? [...failed, refused] : [refused]);
  }
});
