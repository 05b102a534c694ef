// Which scan gives its place to which, when there is none left; and what a scan is begun with.

import assert from "node:assert/strict";
import type { Scan } from "../../../../src/detect/scandog/scan/scan.ts";
import { ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";
import { SOURCE } from "../entries.ts";
import { Told } from "./told.ts";

/** Longer than any of these scans may pause without resting. */
const REST_MS = 600_000;

/** As many scans as there are places, not told, of 100 attempts each: they go on, or rest. */
function full({ areResting = false, attempts = 100 } = {}): { told: Told; scans: Scan[] } {
  const told = new Told({ endSilence: 86_400, updateFirst: 86_400 });
  const { scans: places } = told.memory.sizes;
  const scans = Array.from({ length: places }, (_, i) => told.scan(`192.0.${i}.1`, undefined, 2));
  for (const scan of scans) scan.attempts = attempts;
  if (areResting) told.wait(REST_MS);
  return { told, scans };
}

/** True when a newcomer of so many attempts gets a place. */
function getsPlace(told: Told, attempts: number): boolean {
  const subject = told.subject(SOURCE, 0);
  const { firstMs } = told.memory.subjects;
  return told.scans.begin(subject, ShapeCode.Ports, "one", attempts, firstMs.of(subject)) !==
    undefined;
}

Deno.test("a scan that goes on and was not told gives way to one that did more, and to no other", () => {
  for (const [attempts, gets] of [[99, false], [100, false], [101, true]] as const) {
    const { told } = full();
    assert.equal(getsPlace(told, attempts), gets, `${attempts}`);
    assert.deepEqual(told.said(), []);
  }
  // What was refused is refused again at once; who did more is not.
  const { told } = full();
  assert.deepEqual([50, 60, 100, 101].map((attempts) => getsPlace(told, attempts)), [
    ...[false, false, false, true],
  ]);
});

Deno.test("what was too little for a place is asked about anew once a scan has ended", () => {
  const { told, scans } = full();
  assert.equal(getsPlace(told, 50), false);
  told.scans.end(scans[0]);
  const small = told.scan("192.0.255.1", undefined, 2);
  assert.equal(small.attempts, 2);
  assert.ok(getsPlace(told, 50));
  assert.equal(small.handle, 0);
});

Deno.test("what was refused is asked anew a moment later: by then another may rest", () => {
  const { told } = full();
  assert.deepEqual([getsPlace(told, 50), getsPlace(told, 50)], [false, false]);
  assert.equal(getsPlace(told.wait(REST_MS), 50), true);
});

Deno.test("of those that may give way the one does that did least", () => {
  const { told, scans } = full();
  scans[3].attempts = 40;
  const [subject] = scans[3].members;
  assert.ok(getsPlace(told, 41));
  assert.equal(told.scans.of(subject), undefined);
  assert.equal(told.memory.subjects.failed.of(subject), 40, "its source may be found anew");
  assert.ok(scans.every((scan, i) => (scan.handle === 0) === (i === 3)));
});

Deno.test("a scan that rests and was not told gives way to one of sixteen attempts, not of fifteen", () => {
  for (const [attempts, gets] of [[15, false], [16, true]] as const) {
    assert.equal(getsPlace(full({ areResting: true }).told, attempts), gets, `${attempts}`);
  }
});

Deno.test("a scan that rests and was told gives way to one of sixteen attempts before those that go on", () => {
  for (const [attempts, gets] of [[15, false], [16, true]] as const) {
    const { told, scans } = full({ areResting: true });
    for (const [i, scan] of scans.entries()) {
      if (i === 3) scan.announced = true;
      else scan.lastMs = told.memory.clock.ms;
    }
    assert.equal(getsPlace(told, attempts), gets, `${attempts}`);
    assert.equal(scans[3].handle === 0, gets);
    assert.deepEqual(told.said(), gets ? ["end 100"] : []);
  }
  // Where it goes on as well, it keeps its place.
  const { told, scans } = full();
  scans[3].announced = true;
  assert.equal(getsPlace(told, 16), false);
});

Deno.test("where every scan was told the least of them gives way to anybody", () => {
  const { told, scans } = full();
  for (const scan of scans) scan.announced = true;
  scans[2].attempts = 99;
  const [subject] = scans[2].members;
  assert.ok(getsPlace(told, 1));
  assert.equal(told.memory.subjects.failed.of(subject), 0, "it was told, and is over");
  assert.equal(scans[2].handle, 0);
  assert.deepEqual(told.said(), ["end 99"]);
});

Deno.test("a scan is slow when it took longer than --slow-after until it was found", () => {
  for (const [ms, slow] of [[60_000, false], [60_001, true]] as const) {
    const told = new Told({ slowAfter: 60 });
    const subject = told.subject();
    told.wait(ms);
    assert.equal(told.scans.begin(subject, ShapeCode.Ports)!.slow, slow, `${ms} ms`);
  }
});

Deno.test("a scan knows from the beginning how long its source paused on average", () => {
  const cases: [failures: number, spanMs: number, gapMs: number][] = [
    [12, 11_000, 1000],
    [2, 11_000, 11_000],
    [1, 11_000, 11_000],
  ];
  for (const [failures, spanMs, gapMs] of cases) {
    const told = new Told();
    const subject = told.subject(SOURCE, failures);
    const { subjects } = told.memory;
    subjects.lastMs.set(subject, subjects.firstMs.of(subject) + spanMs);
    const scan = told.scans.begin(subject, ShapeCode.Ports)!;
    told.scans.join(scan, subject);
    assert.equal(scan.gapMs, gapMs, `${failures} failures`);
    // Who is in a scan joins no other.
    const other = told.scans.begin(subject, ShapeCode.Ports)!;
    told.scans.join(other, subject);
    assert.deepEqual([other.members, told.scans.of(subject)], [[], scan]);
  }
});

Deno.test("an attempt that is judged late went on when its latest packet came, and never later than now", () => {
  const cases: [repeatMs: number, judgedMs: number, latestMs: number][] = [
    [3000, 60_000, 3000],
    [3000, 3000, 3000],
    [3000, 2999, 2999],
  ];
  for (const [repeatMs, judgedMs, latestMs] of cases) {
    const told = new Told();
    const scan = told.scan(SOURCE, 0);
    const slot = told.failed(SOURCE, { repeatMs });
    const { ms } = told.memory.clock;
    told.wait(judgedMs).scans.goOn(scan, slot);
    assert.equal(scan.lastMs - ms, latestMs, `${repeatMs}, judged after ${judgedMs}`);
  }
});

Deno.test("a scan known by answers alone is told after --decoy-wait, and not where its source is seen sending", () => {
  for (const [isSender, said] of [[false, ["start 12"]], [true, []]] as const) {
    const told = new Told({ decoyWait: 5 });
    const scan = told.scan();
    scan.isUnseen = true;
    told.scans.startFound(scan.handle);
    assert.deepEqual(told.turn(4999).said(), []);
    if (isSender) {
      const { subjects, hash } = told.memory;
      const at = subjects.addressAt(scan.primary);
      told.view.noteSender(hash.address(subjects.words, at), subjects.words, at);
    }
    assert.deepEqual(told.turn(1).said(), said);
  }
  const told = new Told({ decoyWait: 5 });
  told.scans.startFound(told.scan().handle);
  assert.deepEqual(told.said(), ["start 12"], "one that was seen is told at once");
  told.scans.startFound(0);
  assert.equal(told.said().length, 1);
});
