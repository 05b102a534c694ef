// When misuse is told, to the millisecond, and what it is told by, on both sides of each bound.

import assert from "node:assert/strict";
import { Alone, hostAt, PROBER, VICTIM } from "./alone.ts";

Deno.test("a misuse is over 30 seconds after its last answer, to the millisecond, and told once", () => {
  const alone = new Alone().refused(0, 1, 10);
  assert.equal(alone.dueMs(0), 30_000);
  assert.equal(alone.turn(29_999), 0);
  assert.equal(alone.dueMs(29_999), 1);
  assert.equal(alone.turn(30_000), 1);
  assert.equal(alone.dueMs(30_000), Infinity, "nothing is left to look at");
  assert.equal(alone.turn(90_000), 1);
  const late = new Alone().refused(0, 1, 10).refused(20_000, 1);
  assert.equal(late.turn(49_999), 0);
  assert.equal(late.turn(50_000), 1);
});

Deno.test("what goes on is told after a minute and an hour later, to the millisecond, where more came", () => {
  const alone = new Alone().refused(0, 1, 10);
  for (let ms = 20_000; ms < 60_000; ms += 20_000) alone.refused(ms, 1);
  assert.equal(alone.turn(59_999), 0);
  assert.equal(alone.dueMs(59_999), 1);
  assert.equal(alone.turn(60_000), 1);
  alone.refused(60_001, 1);
  assert.equal(alone.turn(60_001), 1, "it was told just now");
  for (let ms = 80_000; ms < 3_660_000; ms += 20_000) {
    alone.refused(ms, 1);
    assert.equal(alone.turn(ms), 1, `${ms}`);
  }
  assert.equal(alone.turn(3_659_999), 1);
  assert.equal(alone.dueMs(3_659_999), 1);
  assert.equal(alone.turn(3_660_000), 2);
  assert.deepEqual(alone.told.map(({ story, kind }) => [story, kind]), [[1, "decoy"], [
    1,
    "decoy",
  ]]);
  assert.deepEqual(alone.told.map(({ packets }) => packets), [12, 192]);
});

Deno.test("a flood's backscatter is first told an hour after its first minute, or when it is over", () => {
  const flood = () => {
    const alone = new Alone();
    for (let i = 0; i < 100; i++) alone.refused(0, 443, 443, { own: 30_000 + i });
    return alone;
  };
  const short = flood();
  assert.equal(short.turn(29_999), 0);
  assert.equal(short.turn(30_000), 1);
  const long = flood();
  for (let ms = 20_000; ms < 3_660_000; ms += 20_000) {
    long.refused(ms, 443);
    assert.equal(long.turn(ms), 0, `${ms}`);
  }
  assert.equal(long.turn(3_659_999), 0);
  assert.equal(long.turn(3_660_000), 1);
  assert.deepEqual(long.told.map(({ kind }) => kind), ["flood-backscatter"]);
});

Deno.test("misuse that the budget refuses is said by its number, at once and then a minute later", () => {
  const alone = new Alone({ alertBurst: 1, alertRefill: 86_400 });
  for (const source of [VICTIM, PROBER]) alone.refused(0, 1, 10, { source });
  assert.equal(alone.turn(30_000), 1);
  assert.deepEqual(alone.suppressed, [1]);
  alone.refused(31_000, 1, 10).refused(31_000, 1, 10, { source: PROBER }).turn(61_000);
  assert.deepEqual(alone.suppressed, [1]);
  assert.equal(alone.dueMs(89_999), 1);
  alone.turn(89_999);
  assert.deepEqual(alone.suppressed, [1]);
  assert.equal(alone.turn(90_000), 1);
  assert.deepEqual(alone.suppressed, [1, 2]);
});

Deno.test("a misuse that was told is told again only when more came, also where the budget refused it", () => {
  const alone = new Alone({ alertBurst: 1, alertRefill: 86_400 });
  for (const source of [VICTIM, PROBER]) alone.refused(0, 1, 10, { source });
  for (const ms of [20_000, 40_000, 60_000]) {
    for (const source of [VICTIM, PROBER]) alone.refused(ms, 1, 1, { source });
  }
  assert.equal(alone.turn(60_000), 1);
  assert.deepEqual(alone.suppressed, [1]);
  assert.equal(alone.turn(90_000), 1, "over, and nothing more came");
  alone.turn(200_000);
  assert.deepEqual(alone.suppressed, [1], "the other was refused once");
});

Deno.test("the target of an idle scan is no decoy's, also where it falls silent while the zombie is probed on", () => {
  const alone = new Alone();
  for (let i = 0; i < 6; i++) alone.synAck(PROBER, 36_000 + i, 1024);
  alone.refused(0, 1, 10, { own: 80 });
  alone.refused(20_000, 1, 1, { source: "198.51.100.99" });
  alone.synAck(PROBER, 36_000, 1024);
  assert.equal(alone.turn(30_000), 0);
  assert.deepEqual(alone.ends(), [["zombie", PROBER, undefined]]);
});

Deno.test("an idle scan's target answered from two ports to the zombie's, one or other ports name nobody", () => {
  const other = "198.51.100.99";
  for (const [ports, named] of [[1, undefined], [2, VICTIM]] as const) {
    const alone = new Alone();
    for (let i = 0; i < 6; i++) alone.synAck(PROBER, 36_000 + i, 1024);
    alone.refused(0, 1, ports, { own: 80 }).refused(0, 1, 9, { own: 81, source: other });
    assert.deepEqual(alone.ends(), [["zombie", PROBER, named]], `${ports} ports`);
  }
});

Deno.test("a zombie's probes have a raw tool's window, or more TTLs than one way has", () => {
  // Windows of a kernel; TTLs between 50 and so many more.
  const cases: [window: number, spread: number, isProber: boolean][] = [
    [1024, 0, true],
    [1025, 0, false],
    [1025, 3, false],
    [1025, 4, true],
  ];
  for (const [window, spread, isProber] of cases) {
    const alone = new Alone();
    for (let i = 0; i < 6; i++) {
      alone.synAck(PROBER, 36_000, window, 50 + (i === 3 ? spread : 0));
    }
    assert.deepEqual(
      alone.ends(),
      isProber ? [["zombie", PROBER, undefined]] : [],
      `${window}, ${spread}`,
    );
  }
});

Deno.test("a flood's backscatter comes from four ports at most, and none of it is made by hand", () => {
  for (const [ports, found] of [[4, 1], [5, 0]]) {
    const alone = new Alone();
    for (let i = 0; i < 100; i++) {
      const port = 440 + i % ports;
      alone.refused(0, port, port, { own: 30_000 + i });
    }
    assert.equal(alone.ends().length, found, `${ports} ports`);
  }
  const tools = new Alone();
  for (let i = 0; i < 300; i++) tools.synAck(PROBER, 36_000, 1024, 50, 30_000 + i);
  assert.deepEqual(tools.ends(), []);
});

Deno.test("the first place of the table is one as every other", () => {
  const first = hostAt(0);
  const decoy = new Alone().refused(0, 1, 10, { source: first });
  assert.equal(decoy.turn(30_000), 1);
  assert.deepEqual(decoy.ends(), [["decoy", undefined, first]]);
  const zombie = new Alone();
  for (let i = 0; i < 6; i++) zombie.synAck(PROBER, 36_000 + i, 1024);
  zombie.refused(0, 1, 10, { source: first, own: 80 });
  assert.deepEqual(zombie.ends(), [["zombie", PROBER, first]], "and no decoy before it");
});
