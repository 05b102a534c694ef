// Scans that go on, by themselves: when they are told, updated and ended, to the millisecond; who takes another's
// place in one, and what is left of one that gives way.

import assert from "node:assert/strict";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { TargetClass } from "../../../../src/detect/scandog/probe/classes.ts";
import { Mark, Outcome } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { SOURCE } from "../entries.ts";
import { Told } from "./told.ts";

const UPDATE_MS = 60_000, SILENCE_MS = 120_000;

Deno.test("a scan is told at once, or after it has waited, to the millisecond", () => {
  const now = new Told();
  now.scan(SOURCE, 0);
  assert.deepEqual(now.said(), ["start 12"]);
  const later = new Told();
  later.scan(SOURCE, 2500);
  assert.equal(later.turn(2498).scans.dueMs(), 2);
  assert.deepEqual(later.turn(1).said(), []);
  assert.equal(later.scans.dueMs(), 1);
  assert.deepEqual(later.turn(1).said(), ["start 12"]);
  const never = new Told();
  never.scan();
  assert.deepEqual(never.turn(60_000).said(), []);
});

Deno.test("a scan is updated after --update-first, and then after four times what it has lasted, if it did more", () => {
  const told = new Told({ endSilence: 3600 });
  const scan = told.scan(SOURCE, 0);
  told.more(scan);
  assert.deepEqual(told.turn(UPDATE_MS - 1).said(), ["start 12"]);
  assert.deepEqual(told.turn(1).said(), ["start 12", "update 13"]);
  told.more(scan);
  assert.deepEqual(told.turn(4 * UPDATE_MS - 1).said().length, 2);
  assert.deepEqual(told.turn(1).said(), ["start 12", "update 13", "update 14"]);
  // Five minutes have passed; the next one is due in twenty, and says nothing, for nothing came.
  assert.equal(scan.nextUpdateMs - told.memory.clock.ms, 20 * 60_000);
  assert.equal(told.turn(20 * 60_000).said().length, 3);
  const still = new Told();
  still.scan(SOURCE, 0);
  assert.deepEqual(still.turn(UPDATE_MS).said(), ["start 12"]);
});

Deno.test("a hurried update comes with the next look", () => {
  const told = new Told();
  const scan = told.scan(SOURCE, 0);
  told.more(scan).scans.hurryUpdate(scan);
  assert.deepEqual(told.turn(1).said(), ["start 12", "update 13"]);
});

Deno.test("a scan ends after --end-silence, to the millisecond; one that still waits is told then", () => {
  const told = new Told();
  told.scan(SOURCE, 0);
  assert.deepEqual(told.turn(SILENCE_MS - 1).said(), ["start 12"]);
  assert.deepEqual(told.turn(1).said(), ["start 12", "end 12"]);
  assert.deepEqual(told.turn(SILENCE_MS).said().length, 2, "once");
  const waiting = new Told();
  waiting.scan(SOURCE, 2500);
  waiting.scans.finish();
  assert.deepEqual(waiting.said(), ["start 12", "end 12"]);
});

Deno.test("a scan of which nothing is left to tell is not told, and neither is its end", () => {
  const told = new Told();
  const empty = told.scans.begin(told.subject(SOURCE, 0), ShapeCode.Ports)!;
  told.scans.start(empty, 0);
  told.scans.finish();
  assert.deepEqual(told.said(), []);
});

Deno.test("who takes another's place in a scan is in it, and the other is free; not where it is named after that", () => {
  const [first, second, third] = ["198.51.100.1", "198.51.100.2", "198.51.100.3"];
  for (const announced of [false, true]) {
    const told = new Told();
    const { scans, memory: { subjects } } = told;
    const scan = told.scan(first);
    const [a, b, c] = [scan.primary, told.subject(second), told.subject(third)];
    scans.join(scan, b);
    scan.announced = announced;
    subjects.group.set(a, 77);
    assert.equal(scans.exchange(scan, c, b), false, "not a member");
    assert.equal(scans.exchange(scan, a, c), !announced);
    if (announced) {
      assert.deepEqual([scan.primary, scan.members], [a, [a, b]]);
      continue;
    }
    assert.deepEqual([scan.primary, scan.members], [c, [b, c]]);
    assert.equal(scans.of(c), scan);
    assert.deepEqual([scans.of(a), subjects.failed.of(a), subjects.group.of(a)], [
      ...[undefined, 0, 77],
    ]);
    assert.equal(scan.attempts, 36, "what each of them did");
    assert.ok(scans.exchange(scan, c, a), "the last one as well");
    assert.deepEqual(scan.members, [b, a]);
  }
});

Deno.test("of a scan that gives way its source keeps what it did: it may be found anew", () => {
  const told = new Told();
  const scan = told.scan();
  const { scans, memory: { subjects } } = told;
  const subject = scan.primary;
  for (let i = 0; i < 5; i++) told.more(scan);
  scans.end(scan, true);
  assert.deepEqual([subjects.failed.of(subject), scans.of(subject)], [17, undefined]);
  const again = scans.begin(subject, ShapeCode.Ports)!;
  scans.join(again, subject);
  assert.equal(again.attempts, 12, "those that were charged to it");
  scans.end(again);
  assert.equal(subjects.failed.of(subject), 0, "one that ends leaves nothing");
});

Deno.test("what a flood leaves out of a scan is counted for itself, and shows that it goes on", () => {
  const told = new Told();
  const scan = told.scan(SOURCE, 0);
  const { endUs } = scan;
  told.wait(SILENCE_MS - 1).scans.leaveOut(scan.primary);
  assert.deepEqual([scan.unfollowed, scan.attempts], [1, 12]);
  assert.equal(scan.endUs - endUs, (SILENCE_MS - 1) * 1000);
  assert.deepEqual(told.turn(1).said(), ["start 12"]);
  told.scans.leaveOut(told.subject("198.51.100.9"));
  assert.equal(scan.unfollowed, 1, "of another source");
});

Deno.test("answered pings show that a scan goes on from the third on: fewer greet its targets", () => {
  const ping = { kind: TargetClass.IcmpEcho, port: 0, outcome: Outcome.Empty, marks: Mark.Replied };
  for (const [pings, isEnded] of [[1, true], [2, true], [3, false]] as const) {
    const told = new Told();
    const scan = told.scan(SOURCE, 0);
    told.wait(SILENCE_MS - 1);
    for (let i = 0; i < pings; i++) {
      told.scans.goOn(scan, told.failed(SOURCE, { ...ping, target: `203.0.113.${50 + i}` }));
    }
    assert.equal(scan.pings, pings);
    assert.equal(told.turn(1).said().includes("end 12"), isEnded, `${pings} pings`);
  }
});

Deno.test("a counted probe that comes again shows that its scan goes on, unless it was used", () => {
  for (const [outcome, isEnded] of [[Outcome.Refused, false], [Outcome.Used, true]] as const) {
    const told = new Told();
    const scan = told.scan(SOURCE, 0);
    const slot = told.failed();
    told.scans.goOn(scan, slot);
    told.memory.table.setOutcome(slot, outcome);
    told.wait(SILENCE_MS - 1).scans.repeat(slot);
    assert.equal(scan.endUs, told.memory.clock.lastUs);
    assert.equal(told.turn(1).said().includes("end 13"), isEnded, `outcome ${outcome}`);
  }
});

Deno.test("of scans that are worth the same the first found gives way, and nothing of it is left in its place", () => {
  const told = new Told();
  const { scans, memory } = told;
  const all = Array.from(
    { length: memory.sizes.scans },
    (_, i) => told.scan(`198.51.${100 + (i >> 6)}.${1 + (i & 63)}`, undefined, 2),
  );
  const first = all[0].primary;
  const next = scans.begin(told.subject("203.0.113.7", 3), ShapeCode.Ports)!;
  assert.equal(scans.of(first), undefined);
  assert.ok(all.slice(1).every((scan) => scans.of(scan.primary) === scan));
  assert.deepEqual([...next.destination], [0, 0, 0, 0]);
  assert.deepEqual([next.ports.count, next.hosts.count, next.attempts], [0, 0, 0]);
});
