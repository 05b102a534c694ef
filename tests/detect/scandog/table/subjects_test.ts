// Who may be scanning: which subject gives way to which, and what is counted of each, bound by bound.

import assert from "node:assert/strict";
import { Subjects } from "../../../../src/detect/scandog/table/subjects.ts";

const HOUR_MS = 3_600_000, WAYS = 4, CAPACITY = 64, SETS = CAPACITY / WAYS;
const address = (i: number) => Int32Array.of(0, 0, -65_536, i);

/** Subjects of one set, admitted at these times. */
function admitted(...times: number[]) {
  const subjects = new Subjects(CAPACITY);
  const made = times.map((ms, i) => subjects.admit(address(i), 0, 0, 5, ms));
  return { subjects, made };
}

/** Which of the four gives way to a fifth. */
function gaveWay({ subjects, made }: ReturnType<typeof admitted>, ms: number): number {
  return made.indexOf(subjects.admit(address(99), 0, 0, 5, ms));
}

Deno.test("the subject with the least weight and points gives way, and an hour of silence takes one", () => {
  const one = () => admitted(0, 0, 0, 0);
  for (
    const [weight, points, expected] of [[[1, 2, 3, 4], [9, 2, 9, 9], 1], [[5, 5, 5, 4], [
      ...[0, 0, 0, 0],
    ], 3]] as const
  ) {
    const all = one();
    all.made.forEach((index, i) => {
      all.subjects.weight.set(index, weight[i]);
      all.subjects.points.set(index, points[i]);
    });
    assert.equal(gaveWay(all, 0), expected);
  }
  const aged = (hours: number) => {
    const all = admitted(HOUR_MS * hours, HOUR_MS * hours, 0, HOUR_MS * hours);
    all.made.forEach((index, i) => all.subjects.weight.set(index, i === 2 ? 3 : 2));
    return gaveWay(all, HOUR_MS * hours);
  };
  assert.deepEqual([0.99, 1.01].map(aged), [0, 2]);
});

Deno.test("a free place is taken before anybody gives way, and only who gives way is counted", () => {
  const all = admitted(0, 0, 0);
  const fourth = all.subjects.admit(address(4), 0, 0, 5, 0);
  assert.ok(fourth >= 0 && !all.made.includes(fourth));
  assert.equal(all.subjects.evicted, 0);
  all.subjects.admit(address(5), 0, 0, 5, 0);
  assert.equal(all.subjects.evicted, 1);
});

Deno.test("a new subject has nothing of who gave way but the count of those who had the place", () => {
  const all = admitted(7, 7, 7, 7), { subjects, made: [index] } = all;
  const generation = subjects.generation.of(index), epoch = subjects.epoch.of(index);
  subjects.failed.set(index, 3);
  subjects.notePort(index, 9);
  subjects.unasked.set(index, 4);
  assert.equal(subjects.admit(address(50), 0, 2, 5, 123), index);
  const { failed, unasked, width, lastMs, firstMs } = subjects;
  assert.deepEqual([failed, unasked, width, lastMs, firstMs].map((column) => column.of(index)), [
    ...[0, 0, 2, 123, 123],
  ]);
  assert.deepEqual([subjects.portBits(index), subjects.generation.of(index)], [0, generation + 1]);
  assert.notEqual(subjects.epoch.of(index), epoch);
  assert.equal(subjects.find(address(50), 0, 2, 5), index);
  assert.equal(subjects.find(address(50), 0, 0, 5), -1);
  assert.equal(subjects.find(address(50), 0, 2, 5 + SETS), -1, "another hash");
});

Deno.test("a subject is found in each place of its set, by a hash of 0 too", () => {
  const subjects = new Subjects(CAPACITY);
  const made = [1, 2, 3, 4].map((i) => subjects.admit(address(i), 0, 0, 0, 0));
  assert.deepEqual([1, 2, 3, 4].map((i) => subjects.find(address(i), 0, 0, 0)), made);
  assert.equal(new Set(made).size, WAYS);
});

Deno.test("of ports and hosts 128 bits each are kept apart, of each subject its own", () => {
  const subjects = new Subjects(CAPACITY);
  for (let bit = 0; bit < 128; bit++) {
    subjects.notePort(2, bit);
    assert.deepEqual([subjects.portBits(2), subjects.hostBits(2)], [bit + 1, 0]);
  }
  subjects.notePort(2, 128);
  assert.equal(subjects.portBits(2), 128, "seven bits of a hash count");
  for (let bit = 127; bit >= 0; bit--) {
    subjects.noteHost(2, bit);
    assert.equal(subjects.hostBits(2), 128 - bit);
  }
  for (const other of [1, 3]) {
    assert.deepEqual([subjects.portBits(other), subjects.hostBits(other)], [0, 0]);
  }
});

Deno.test("failures in a row from one port are counted after the first, and port 0 is none", () => {
  const { subjects, made: [index] } = admitted(0);
  const note = (port: number) => subjects.noteSourcePort(index, port);
  assert.deepEqual([7, 7, 7, 8, 8, 7].map(note), [0, 1, 2, 0, 1, 0]);
  assert.deepEqual([0, 0].map(note), [0, 0]);
});

Deno.test("uses from a port are made up for by failures from it, so many and no more, and another's not", () => {
  const { subjects, made: [index] } = admitted(0);
  const note = () => subjects.noteSourcePort(index, 7);
  const use = (port = 7) => {
    subjects.noteUsedSourcePort(index, port, 4, 10);
    return subjects.sameSourcePort.of(index);
  };
  assert.deepEqual([note(), note(), use()], [0, 1, -4], "what was counted is gone");
  assert.deepEqual([note(), note()], [-3, -2]);
  assert.deepEqual([use(), use(), use()], [-6, -10, -10]);
  assert.equal(use(8), -4, "another port begins anew");
  assert.equal(subjects.noteSourcePort(index, 8), -3);
});

Deno.test("reset() forgets the evidence, and neither the subject nor its proof", () => {
  const { subjects, made: [index] } = admitted(5);
  const { head, failed, used, weight, points, sameSourcePort, group } = subjects;
  const evidence = [head, failed, used, weight, points, sameSourcePort, group];
  const kept = [subjects.proof, subjects.answered, subjects.alone, subjects.scans, subjects.lastMs];
  for (const column of [...evidence, ...kept]) column.set(index, 3);
  subjects.notePort(index, 100);
  subjects.noteHost(index, 100);
  const epoch = subjects.epoch.of(index);
  subjects.reset(index, 99);
  assert.deepEqual(evidence.map((column) => column.of(index)), evidence.map(() => 0));
  assert.deepEqual(kept.map((column) => column.of(index)), kept.map(() => 3));
  assert.deepEqual([subjects.portBits(index), subjects.hostBits(index)], [0, 0]);
  assert.equal(subjects.firstMs.of(index), 99);
  assert.notEqual(subjects.epoch.of(index), epoch);
  assert.equal(subjects.find(address(0), 0, 0, 5), index);
});
