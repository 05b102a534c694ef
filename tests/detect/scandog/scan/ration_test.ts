// Alerts of one kind: how many are told at once, and what is said, and when, of those that are not.

import assert from "node:assert/strict";
import type { DetectorEvent } from "../../../../src/event.ts";
import { Ration } from "../../../../src/detect/scandog/scan/ration.ts";
import { Entries } from "../entries.ts";

/** Two at once, and one more every ten seconds. */
function rationed() {
  const entries = new Entries({ alertBurst: 2, alertRefill: 10 });
  const said: DetectorEvent[] = [];
  const ration = new Ration(entries.memory, (event) => said.push(event), "flood");
  return { entries, ration, said, nowUs: () => entries.memory.clock.latestUs };
}

Deno.test("Ration tells as many at once as there are tokens, and one more for each that comes back", () => {
  const { entries, ration } = rationed();
  const take = (times: number) => Array.from({ length: times }, () => ration.take(0));
  assert.deepEqual(take(3), [true, true, false]);
  entries.wait(9999);
  assert.deepEqual(take(1), [false]);
  entries.wait(1);
  assert.deepEqual(take(2), [true, false]);
});

Deno.test("Ration counts what it refuses as of then, each level apart", () => {
  const { entries, ration, said, nowUs } = rationed();
  const fromUs = nowUs() - 7000;
  assert.deepEqual([ration.take(fromUs), ration.take(fromUs), ration.take(fromUs)], [
    true,
    true,
    false,
  ]);
  assert.deepEqual([ration.take(fromUs, 1), ration.take(fromUs, 1)], [true, true]);
  assert.equal(ration.take(fromUs - 1000, 1), false);
  assert.equal(ration.refused, 2);
  entries.wait(1);
  ration.finish();
  assert.deepEqual(said.map((event) => "count" in event && [event.startUs, event.count]), [[
    fromUs,
    2,
  ]]);
});

Deno.test("Ration says what it refused, since when, and who did most where somebody is asked about", () => {
  const most = [{ source: "192.0.2.1", destination: "203.0.113.10", attempts: 9 }];
  for (const named of [[], most]) {
    const { entries, ration, said, nowUs } = rationed();
    const fromUs = nowUs() - 5000;
    ration.refuse(fromUs);
    ration.refuse(fromUs + 1000);
    entries.wait(1000);
    ration.finish(named);
    const notice = {
      ...{ action: "alerts-suppressed", profile: "scandog", of: "flood", count: 2 },
      ...{ timeUs: nowUs(), startUs: fromUs, endUs: nowUs() },
    };
    assert.deepEqual(said, [named.length > 0 ? { ...notice, most: named } : notice]);
    ration.finish(named);
    assert.equal(said.length, 1, "once");
  }
});

Deno.test("Ration says it a minute after it said something, to the millisecond, and not where nothing was refused", () => {
  const { entries, ration, said, nowUs } = rationed();
  ration.refuse(nowUs());
  ration.finish();
  entries.wait(60_000);
  assert.equal(ration.dueMs(), Infinity);
  ration.turn();
  assert.equal(said.length, 1);
  ration.refuse(nowUs());
  assert.ok(ration.dueMs() <= 0);
  ration.turn();
  ration.refuse(nowUs());
  entries.wait(59_999);
  assert.equal(ration.dueMs(), 1);
  ration.turn();
  assert.equal(said.length, 2);
  entries.wait(1);
  ration.turn();
  assert.equal(said.length, 3);
});
