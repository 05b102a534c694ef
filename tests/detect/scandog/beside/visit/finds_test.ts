// What a scan found open, and when that is remembered: attempts put into the table by hand, a scan that is told or not.

import assert from "node:assert/strict";
import { TargetClass } from "../../../../../src/detect/scandog/probe/classes.ts";
import { Proof } from "../../../../../src/detect/scandog/probe/proof.ts";
import type { Scan } from "../../../../../src/detect/scandog/scan/scan.ts";
import { Mark } from "../../../../../src/detect/scandog/table/attempt_state.ts";
import type { Entry } from "../../entries.ts";
import { Finds } from "./finds.ts";

const { Open, Handshake, Reset } = Mark;

Deno.test("a find is an open TCP port whose source answered: by a handshake, or by a reset", () => {
  const cases: [string, Entry, isFind: boolean][] = [
    ["a reset", {}, true],
    ["a handshake", { marks: Open | Handshake }, true],
    ["neither", { marks: Open }, false],
    ["a port that is not open", { marks: Reset | Handshake }, false],
    ["UDP", { kind: TargetClass.Udp }, false],
    ["SCTP", { kind: TargetClass.Sctp }, false],
  ];
  for (const [what, entry, isFind] of cases) {
    const finds = new Finds();
    const slot = finds.found(finds.scan(), 80, entry);
    assert.equal(finds.size, isFind ? 1 : 0, what);
    assert.equal(finds.visits.isAtOwnFind(slot), isFind, what);
    assert.equal(finds.memory.table.has(slot, Mark.Learned), isFind, what);
    const silent = finds.add({ port: 80 });
    assert.ok(!finds.visits.isAtOwnFind(silent), `${what}: who finds it closed now is at no find`);
  }
});

Deno.test("finds are remembered where --visit-memory is a day or more, and not with none", () => {
  for (const [visitMemory, size] of [[0, 0], [1, 1]]) {
    const finds = new Finds({ visitMemory });
    finds.found(finds.scan(), 80);
    assert.equal(finds.size, size, `${visitMemory} days`);
  }
});

Deno.test("finds of a scan wait until it is told, 64 of them; those whose place was taken over are left out", () => {
  const finds = new Finds();
  const scan = finds.scan({ announced: false });
  const slots = Array.from({ length: 70 }, (_, i) => finds.found(scan, 1000 + i));
  assert.equal(finds.size, 0);
  assert.equal(scan.finds.length, 64);
  // Each waits once, however often it is said.
  for (const slot of slots.slice(0, 64)) finds.visits.found(scan, slot);
  assert.equal(scan.finds.length, 64);
  finds.memory.table.scan.set(slots[3], 0);
  finds.memory.table.unmark(slots[4], Open);
  finds.visits.told(scan);
  assert.equal(finds.size, 62);
  assert.deepEqual(slots.filter((slot) => !finds.visits.isAtOwnFind(slot)), [
    ...slots.slice(3, 5),
    ...slots.slice(64),
  ]);
  assert.equal(scan.finds.length, 0, "handed on once");
  const { table } = finds.memory;
  assert.ok(!table.has(slots[4], Mark.Learned), "no find any more, and it may become one");
});

Deno.test("of a scan with forged sources what its proved source found is remembered, when it has ended", () => {
  const { None, Handshake: Shaken, Reset: Resets } = { None: 0, ...Proof };
  const cases: [string, first: number, other: number, given: Partial<Scan>, size: number][] = [
    ["a handshake", Shaken, None, {}, 1],
    ["a handshake, and another reset as well", Shaken, Resets, {}, 1],
    ["the only reset", Resets, None, {}, 1],
    ["one of two resets", Resets, Resets, {}, 0],
    ["no proof", None, None, {}, 0],
    ["no proof, but of another", None, Resets, {}, 0],
    ["a guess", Shaken, None, { isGuess: true }, 0],
    ["not told", Shaken, None, { announced: false }, 0],
  ];
  for (const [what, first, other, given, size] of cases) {
    const finds = new Finds();
    const members = [finds.subject("198.51.100.1", first), finds.subject("198.51.100.2", other)];
    const scan = finds.scan({ kindOfSources: "decoy", primary: members[0], ...given });
    scan.members.push(...members);
    const own = finds.found(scan, 80, { source: "198.51.100.1" });
    const others = finds.found(scan, 81, { source: "198.51.100.2" });
    finds.visits.told(scan);
    assert.equal(finds.size, 0, `${what}: it goes on`);
    finds.visits.ended(scan);
    assert.equal(finds.size, size, what);
    assert.equal(finds.visits.isAtOwnFind(own), size === 1, what);
    assert.ok(!finds.visits.isAtOwnFind(others), what);
  }
});

Deno.test("what a zombie's scan found is forgotten with it, and nothing of other scans", () => {
  const finds = new Finds();
  const zombies = finds.scan({ isZombie: true }), other = finds.scan();
  // Another run counted from one as well, at another time.
  const earlier = finds.scan({ number: zombies.number, namedUs: 5 });
  const slots = [finds.found(zombies, 80), finds.found(zombies, 81)];
  const kept = [finds.found(other, 82), finds.found(earlier, 83)];
  assert.equal(finds.size, 4);
  finds.visits.ended(zombies);
  assert.equal(finds.size, 2);
  assert.ok(slots.every((slot) => !finds.visits.isAtOwnFind(slot)));
  assert.ok(kept.every((slot) => finds.visits.isAtOwnFind(slot)));
  finds.visits.ended(other);
  assert.equal(finds.size, 2, "it is no zombie's");
});

Deno.test("the first place of what was found is one as every other", () => {
  // The port whose find is put there.
  let port = 0, isFirst = false;
  while (!isFirst) {
    const finds = new Finds();
    finds.found(finds.scan(), ++port);
    isFirst = finds.visits.ports.isTaken(0);
  }
  const finds = new Finds();
  const scan = finds.scan({ isZombie: true });
  const slot = finds.found(scan, port);
  assert.equal(finds.visits.ports.scan.of(0), scan.number);
  assert.ok(finds.visits.isAtOwnFind(slot));
  const triedUs = () => finds.visits.ports.triedUs[0];
  const before = triedUs();
  finds.wait(5000).visits.tried(slot);
  assert.equal(triedUs() - before, 5_000_000);
  finds.visits.ended(scan);
  assert.equal(finds.size, 0);
});
