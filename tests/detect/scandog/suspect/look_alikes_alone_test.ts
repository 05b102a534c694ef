// Groups of look-alikes by themselves: which probes are copies, what becomes of a group beside others and after its
// scan, asked of subjects that were admitted by hand.

import assert from "node:assert/strict";
import { Proof } from "../../../../src/detect/scandog/probe/proof.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { SOURCE } from "../entries.ts";
import { manyAddresses, subjectAt } from "../places.ts";
import { Suspects } from "./suspects.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const COPIES_MIN = 3;

class Alike extends Suspects {
  /** So many subjects that sent the same probes; `network`: the third octet of their addresses. */
  group(count: number, network = 100): number[] {
    const members = Array.from(
      { length: count },
      (_, i) => this.admit(`198.51.${network}.${1 + i}`),
    );
    for (let i = 0; i < COPIES_MIN; i++) {
      for (const member of members) this.lookAlikes.link(members[0], member);
    }
    return members;
  }

  isActing(subject: number): boolean {
    return this.lookAlikes.actingFor(subject) !== undefined;
  }
}

Deno.test("a group ends with its scan, unless more than half of its members are left to be found anew", () => {
  for (const [left, isGroup] of [[6, true], [4, true], [3, false]] as const) {
    const alike = new Alike();
    const { lookAlikes, scans, memory: { subjects } } = alike;
    const members = alike.group(6);
    assert.ok(lookAlikes.begin(members[0], ShapeCode.GroupPorts));
    const scan = scans.of(members[0])!;
    assert.equal(scan.members.length, 6);
    // It gives way to another, and then some of their places are taken over.
    scans.end(scan, true);
    for (const member of members.slice(left)) subjects.group.set(member, 0);
    assert.equal(alike.isActing(members[0]), isGroup, `${left} of 6`);
    // It stays one however many of them leave it later.
    for (const member of members.slice(1)) subjects.group.set(member, 0);
    assert.equal(alike.isActing(members[0]), isGroup, `${left} of 6, and later one`);
  }
});

Deno.test("a copy is another source's same probe of the same target, two seconds after the last at most", () => {
  const other = "198.51.100.8";
  const cases: [string, Parameters<Alike["add"]>[0], ms: number, look: number, isCopy: boolean][] =
    [
      ["at once", { source: other }, 0, 5, true],
      ["after two seconds", { source: other }, 2000, 5, true],
      ["later", { source: other }, 2001, 5, false],
      ["a second probe of the source", { source: SOURCE }, 0, 5, false],
      ["of another port", { source: other, port: 23 }, 0, 5, false],
      ["of another target", { source: other, target: "203.0.113.11" }, 0, 5, false],
      ["that does not agree", { source: other }, 0, 5 + 8192, false],
    ];
  for (const [what, entry, ms, look, isCopy] of cases) {
    const alike = new Alike();
    const first = alike.add({ port: 22 });
    assert.equal(alike.lookAlikes.note(first, 5), -1);
    alike.wait(ms);
    const slot = alike.add({ port: 22, ...entry });
    assert.equal(alike.lookAlikes.note(slot, look), isCopy ? first : -1, what);
  }
});

Deno.test("each copy keeps a probe two seconds more, and what comes later is remembered in its place", () => {
  const alike = new Alike();
  const slots = Array.from({ length: 5 }, (_, i) => alike.add({ source: `198.51.100.${i}` }));
  const note = (index: number) => alike.lookAlikes.note(slots[index], 77);
  assert.equal(note(0), -1);
  for (const index of [1, 2]) {
    alike.wait(2000);
    assert.equal(note(index), slots[0]);
  }
  alike.wait(2001);
  assert.equal(note(3), -1);
  assert.equal(note(4), slots[3]);
  assert.equal(note(3), -1, "an attempt is no copy of itself");
});

Deno.test("a subject is in no group alone, nor with one that there is no place for", () => {
  const alike = new Alike();
  const [one, two] = [alike.admit("198.51.100.1"), alike.admit("198.51.100.2")];
  for (let i = 0; i < COPIES_MIN; i++) {
    alike.lookAlikes.link(one, one);
    alike.lookAlikes.link(-1, two);
    alike.lookAlikes.link(one, -1);
  }
  assert.deepEqual([one, two].map((subject) => alike.isActing(subject)), [false, false]);
});

Deno.test("the first place among subjects is in a group as every other, whichever comes first", () => {
  const source = subjectAt(0, manyAddresses(), 4);
  for (const isFirst of [true, false]) {
    const alike = new Alike();
    const first = alike.admit(source), other = alike.admit("198.51.100.2");
    assert.equal(first, 0);
    for (let i = 0; i < COPIES_MIN; i++) {
      alike.lookAlikes.link(...(isFirst ? [first, other] : [other, first]) as [number, number]);
    }
    assert.ok(alike.isActing(first) && alike.isActing(other));
  }
});

Deno.test("a group acts from its third copy on, for ten minutes after the latest", () => {
  const alike = new Alike();
  const [one, two] = [alike.admit("198.51.100.1"), alike.admit("198.51.100.2")];
  for (const isActing of [false, false, true]) {
    alike.lookAlikes.link(one, two);
    assert.equal(alike.isActing(one), isActing);
  }
  assert.ok(alike.wait(600_000).isActing(one));
  assert.ok(!alike.wait(1).isActing(one));
  alike.lookAlikes.link(one, two);
  assert.ok(alike.isActing(one));
});

Deno.test("who did more than twice as much alone as with its group, of its latest 32 failures, acts alone", () => {
  const cases: [copies: number, own: number, older: number, isActing: boolean, marks?: number][] = [
    [1, 2, 0, true],
    [1, 3, 0, false],
    [0, 1, 0, false],
    [11, 21, 50, true],
    [10, 22, 0, false],
    [10, 22, 50, false],
    [32, 0, 100, true],
    [10, 22, 50, false, Mark.LookAlike],
  ];
  for (const [copies, own, older, isActing, marks = 0] of cases) {
    for (const isOwnLatest of [true, false]) {
      const alike = new Alike();
      const [member] = alike.group(2);
      let port = 1;
      const fail = (count: number, marks: number) => {
        for (let i = 0; i < count; i++) {
          const slot = alike.add({ source: "198.51.100.1", port: port++, marks });
          addFailed(alike.memory, member, slot);
        }
      };
      fail(older, marks);
      if (!isOwnLatest) fail(own, 0);
      fail(copies, Mark.LookAlike);
      if (isOwnLatest) fail(own, 0);
      assert.equal(alike.isActing(member), isActing, `${copies} copies, ${own} of its own`);
    }
  }
});

Deno.test("who proves to be real has a place in a full group, of the latest that did not; once, and scanning nothing else", () => {
  const cases: [string, proves: number, isProved: number[], elsewhere: boolean, out?: number][] = [
    ["the one too many", 128, [], false, 127],
    ["the same, and the last one is real as well", 128, [126, 127], false, 125],
    ["one that has a place", 3, [], false, undefined],
    ["one that is in another scan", 128, [], true, undefined],
  ];
  for (const [what, proves, isProved, elsewhere, out] of cases) {
    for (const isBegun of [false, true]) {
      const alike = new Alike();
      const { lookAlikes, scans, memory: { subjects } } = alike;
      const members = alike.group(129);
      for (const index of isProved) subjects.proof.set(members[index], Proof.Reset);
      if (isBegun) lookAlikes.begin(members[0], ShapeCode.GroupPorts);
      if (elsewhere) scans.join(scans.begin(members[proves], ShapeCode.Ports)!, members[proves]);
      lookAlikes.proved(members[proves]);
      if (!isBegun) lookAlikes.begin(members[0], ShapeCode.GroupPorts);
      const inScan = scans.of(members[0])!.members;
      const expected = members.slice(0, 128).filter((_, i) => i !== out);
      if (out !== undefined) expected.push(members[proves]);
      assert.deepEqual(new Set(inScan), new Set(expected), `${what}, begun: ${isBegun}`);
      assert.equal(inScan.length, 128);
    }
  }
});

Deno.test("a group's scan is told once it has waited for a packet that tells which source is real", () => {
  const alike = new Alike({ decoyWait: 7 });
  const [member] = alike.group(3);
  assert.ok(alike.lookAlikes.begin(member, ShapeCode.GroupPorts));
  const scan = alike.scans.of(member)!;
  assert.deepEqual([scan.tellMs - alike.memory.clock.ms, scan.kindOfSources], [7000, "decoy"]);
  assert.ok(alike.wait(5000).lookAlikes.begin(member, ShapeCode.GroupPorts), "it is in it");
  assert.equal(alike.scans.of(member), scan);
});

Deno.test("what a member did that has no place in its group's scan is that scan's, and it begins anew", () => {
  const alike = new Alike();
  const { lookAlikes, memory: { subjects, table } } = alike;
  const members = alike.group(129), last = members[128];
  const slots = Array.from({ length: 4 }, (_, i) => {
    const slot = alike.add({ source: "198.51.100.129", port: 1 + i, marks: Mark.LookAlike });
    addFailed(alike.memory, last, slot);
    return slot;
  });
  subjects.failed.set(last, 4);
  table.scan.set(slots[1], 77);
  assert.ok(lookAlikes.begin(last, ShapeCode.GroupPorts));
  const { handle } = alike.scans.of(members[0])!;
  assert.deepEqual(slots.map((slot) => table.scan.of(slot)), [handle, 77, handle, handle]);
  assert.deepEqual([subjects.failed.of(last), alike.isActing(last)], [0, true]);
});

Deno.test("a group whose scan finds no place answers for its members all the same, and they keep what they did", () => {
  const alike = new Alike();
  const { lookAlikes, scans, memory: { subjects, sizes } } = alike;
  for (let i = 0; i < sizes.scans; i++) {
    const other = alike.admit(`192.0.${i}.1`);
    const scan = scans.begin(other, ShapeCode.Ports)!;
    scans.join(scan, other);
    scan.attempts = 1e6;
  }
  const [member] = alike.group(3);
  subjects.failed.set(member, 9);
  assert.ok(lookAlikes.begin(member, ShapeCode.GroupPorts));
  assert.deepEqual([scans.of(member), subjects.failed.of(member)], [undefined, 9]);
});

Deno.test("two groups that are one take the place of one: no other is forgotten for the next", () => {
  const alike = new Alike();
  const groups = Array.from({ length: 64 }, (_, i) => alike.wait(1).group(2, i));
  alike.lookAlikes.link(groups[5][0], groups[9][0]);
  const next = alike.wait(1).group(2, 64);
  assert.ok([...groups, next].flat().every((subject) => alike.isActing(subject)));
});

Deno.test("two groups that are linked are one, with the copies of both and one more", () => {
  const alike = new Alike();
  const [a, b, c, d] = [1, 2, 3, 4].map((i) => alike.admit(`198.51.100.${i}`));
  const { lookAlikes } = alike;
  lookAlikes.link(a, b);
  lookAlikes.link(c, d);
  assert.ok(!alike.isActing(a) && !alike.isActing(c));
  lookAlikes.link(b, c);
  assert.ok([a, b, c, d].every((subject) => alike.isActing(subject)));
  assert.ok(lookAlikes.begin(d, ShapeCode.GroupPorts));
  assert.equal(alike.scans.of(a)?.members.length, 4);
});

Deno.test("of more than 64 groups the one that rested longest is forgotten", () => {
  const alike = new Alike();
  const groups = Array.from({ length: 64 }, (_, i) => alike.wait(1).group(2, i));
  const [[first, second]] = groups;
  alike.wait(1).lookAlikes.link(first, second);
  const [another] = alike.wait(1).group(2, 64);
  assert.ok(alike.isActing(another));
  assert.deepEqual(groups.filter(([subject]) => !alike.isActing(subject)), [groups[1]]);
});

Deno.test("who comes to a group whose scan goes on is in that scan, the 129th as one of the others", () => {
  const alike = new Alike();
  const members = alike.group(127);
  assert.ok(alike.lookAlikes.begin(members[0], ShapeCode.GroupPorts));
  const scan = alike.scans.of(members[0])!;
  for (const [i, [count, others]] of [[128, 0], [128, 1], [128, 2]].entries()) {
    alike.lookAlikes.link(members[0], alike.admit(`198.51.99.${1 + i}`));
    assert.deepEqual([scan.members.length, scan.others], [count, others]);
  }
});
