// What is counted of sources that have a place, and what of that is forgotten when they rest.

import assert from "node:assert/strict";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Charged } from "../../../../src/detect/scandog/suspect/sources.ts";
import { Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { WAYS } from "../../../../src/detect/scandog/table/word_table.ts";
import { type Entry, SOURCE } from "../entries.ts";
import { manyAddresses, rivalsOf, subjectAt } from "../places.ts";
import { Suspects } from "./suspects.ts";

const REFUSED: Entry = { port: 22, outcome: Outcome.Refused };

class Alone extends Suspects {
  constructor() {
    super({ remember: 3600 });
  }

  /** A refused attempt of the usual source, charged: one of `Charged`. */
  charge(entry: Entry): number {
    return this.sources.charge(this.add({ ...REFUSED, ...entry }), 0);
  }
}

Deno.test("Sources count what a source did alone one by one, both ways, and answers it got", () => {
  const entries = new Alone();
  const { sources, memory } = entries;
  const { alone, answered } = memory.subjects;
  const slot = entries.add({ port: 22 });
  // Nothing is counted of a source that has no place.
  sources.alone(slot, 1);
  sources.answered(slot);
  const subject = sources.admit(slot);
  const counts = () => [alone.of(subject), answered.of(subject)];
  assert.deepEqual(counts(), [0, 0]);
  for (let i = 0; i < 5; i++) sources.alone(slot, 1);
  assert.deepEqual(counts(), [5, 0]);
  for (const left of [4, 3]) {
    sources.alone(slot, -1);
    assert.deepEqual(counts(), [left, 0]);
  }
  sources.answered(slot);
  assert.deepEqual(counts(), [3, 1]);
  const other = entries.add({ source: "198.51.100.9", port: 22 });
  sources.alone(other, 1);
  sources.answered(other);
  assert.deepEqual(counts(), [3, 1], "another source's");
});

Deno.test("Sources know a source by its second failure, and count the first one then", () => {
  const { Single, Counted } = Charged;
  const alone = new Alone();
  const { sources, memory: { subjects } } = alone;
  assert.equal(alone.charge({ port: 22 }), Single);
  const of = () => sources.find(alone.add(REFUSED));
  assert.equal(of(), -1);
  assert.equal(alone.charge({ port: 23 }), Counted);
  assert.equal(subjects.failed.of(of()), 2);
  assert.equal(alone.charge({ port: 25 }), Counted);
  assert.equal(subjects.failed.of(of()), 3);
});

Deno.test("Sources count eight failures of one for whom there was no place among those who scan, once there is", () => {
  const { Not, Single, Counted } = Charged;
  const rivals = rivalsOf(SOURCE, manyAddresses(), WAYS, 4);
  for (const [before, failed] of [[6, 7], [7, 8], [8, 8]]) {
    const alone = new Alone();
    const { sources, memory: { subjects } } = alone;
    const others = rivals.map((source) => sources.admit(alone.add({ source })));
    for (const other of others) subjects.scan.set(other, 1);
    const charged = Array.from({ length: before }, (_, i) => alone.charge({ port: 5001 + i }));
    assert.deepEqual(charged, [Single, ...Array(before - 1).fill(Not)]);
    subjects.scan.set(others[0], 0);
    assert.equal(alone.charge({ port: 5020 }), Counted);
    assert.equal(subjects.failed.of(sources.find(alone.add({ port: 5021 }))), failed, `${before}`);
  }
});

Deno.test("a source that lost its place begins as one that never failed", () => {
  const alone = new Alone();
  const { sources, memory: { subjects } } = alone;
  for (const port of [22, 23]) alone.charge({ port });
  assert.ok(sources.find(alone.add(REFUSED)) >= 0);
  for (const source of rivalsOf(SOURCE, manyAddresses(), WAYS, 4)) {
    subjects.weight.set(sources.admit(alone.add({ source })), 100);
  }
  assert.equal(sources.find(alone.add(REFUSED)), -1);
  assert.equal(alone.charge({ port: 24 }), Charged.Single);
  assert.equal(alone.charge({ port: 25 }), Charged.Counted);
});

Deno.test("a source that has the first place is found, charged and proved as every other, and in a scan", () => {
  for (
    const [place, source] of [[0, subjectAt(0, manyAddresses(), 4)], [undefined, SOURCE]] as const
  ) {
    const alone = new Alone();
    const { sources, scans, memory: { subjects } } = alone;
    const slot = alone.add({ ...REFUSED, source });
    const subject = sources.admit(slot);
    if (place !== undefined) assert.equal(subject, place);
    assert.equal(sources.admit(slot), subject, "once");
    assert.equal(sources.charge(slot, 0), Charged.Counted);
    sources.alone(slot, 1);
    sources.answered(slot);
    sources.prove(slot, 4);
    const { failed, alone: own, answered, proof } = subjects;
    assert.deepEqual([failed, own, answered, proof].map((column) => column.of(subject)), [
      1,
      1,
      1,
      4,
    ]);
    sources.takeBack(slot);
    assert.equal(failed.of(subject), 0);
    assert.equal(sources.isScanning(slot), false);
    const used = alone.add({ source, port: 80, outcome: Outcome.Used });
    assert.equal(sources.use(used), Charged.Counted);
    assert.equal(subjects.used.of(subject), 1);
    scans.join(scans.begin(subject, ShapeCode.Ports)!, subject);
    assert.equal(sources.isScanning(slot), true);
  }
});

Deno.test("what becomes of a charge is one of three things", () => {
  assert.equal(new Set(Object.values(Charged)).size, 3);
});

Deno.test("Sources forget failures after --remember, to the millisecond, and successes but for 255 of them", () => {
  const cases: [ms: number, used: number, failed: number, kept: number][] = [
    [3_600_000, 300, 4, 300],
    [3_600_001, 300, 1, 255],
    [3_600_001, 200, 1, 200],
  ];
  for (const [ms, used, failed, kept] of cases) {
    const alone = new Alone();
    const { sources, memory: { subjects } } = alone;
    for (const port of [22, 23, 25]) alone.charge({ port });
    const subject = sources.find(alone.add(REFUSED));
    subjects.used.set(subject, used);
    alone.wait(ms).charge({ port: 53 });
    const left = [subjects.failed.of(subject), subjects.used.of(subject)];
    assert.deepEqual(left, [failed, kept], `${ms} ms, ${used} uses`);
  }
});
