// What a sensor that lies, or errs, can do to the others: nothing, and that it did so is said.

import assert from "node:assert/strict";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { OUTCOME_START_US } from "../support/outcomes.ts";
import { correlatorOptions, Fleet, SCANNER } from "./fleet.ts";

/** What was not taken, of each sensor, as it was said in all. */
function refusedOf(fleet: Fleet): Record<string, Record<string, number>> {
  const all: Record<string, Record<string, number>> = {};
  for (const { action, sensor, refused } of fleet.sensorEvents()) {
    if (action !== "sensor-refused") continue;
    const own = all[sensor] ??= {};
    for (const [why, count] of Object.entries(refused!)) own[why] = (own[why] ?? 0) + count;
  }
  return all;
}

Deno.test("a sensor's million outcomes cost the others nothing, and are said once in ten minutes", () => {
  const fleet = new Fleet({ sensorRate: 100 });
  const own: Partial<AttemptOutcome> = { facts: [], outcome: "silent" };
  fleet.sweep(6);
  for (let i = 0; i < 1_000_000; i++) {
    fleet.us -= 1000 - 10;
    fleet.say("rogue", { ...own, source: `${1 + (i >>> 16)}.${i >>> 8 & 255}.${i & 255}.9` });
  }
  for (let i = 7; i <= 12; i++) fleet.say(`host${i}`, { destination: fleet.host(i) });
  fleet.wait(700).finish();
  assert.deepEqual(fleet.told(), [[SCANNER, 12]]);
  const { rogue } = refusedOf(fleet);
  // Thirty seconds' worth at once, and a hundred in each of the ten seconds that it took.
  assert.equal(Math.round((1_000_000 - rogue["too-many"]) / 10), 300 + 100);
  const said = fleet.sensorEvents().filter(({ sensor }) => sensor === "rogue");
  assert.ok(said.length >= 1 && said.length <= 3, `${said.length}`);
});

Deno.test("a sensor may say so much and no more, whatever it is, and again when time has passed", () => {
  const fleet = new Fleet({ sensorRate: 1 });
  const heard = (name: string) =>
    Array.from({ length: 100 }, () => fleet.correlator.mayHear(name, fleet.us)).filter(Boolean)
      .length;
  assert.deepEqual([heard("rogue"), heard("host1")], [30, 30]);
  fleet.wait(10);
  assert.equal(heard("rogue"), 10);
  fleet.wait(700);
  assert.deepEqual(refusedOf(fleet).rogue, { "too-many": 160 });
});

Deno.test("times from the future are of now, times from the past are refused, and no scan begins in 1970", () => {
  const fleet = new Fleet();
  const year = 365 * 86_400e6;
  fleet.sweep(6);
  fleet.say("rogue", { source: "192.0.2.1", settledUs: fleet.us + year, firstUs: fleet.us + year });
  fleet.say("rogue", { source: "192.0.2.2", settledUs: fleet.us - year, firstUs: fleet.us - year });
  fleet.say("rogue", { source: SCANNER, destination: "203.0.114.1", firstUs: 0 });
  for (let i = 7; i <= 12; i++) fleet.say(`host${i}`, { destination: fleet.host(i) });
  fleet.wait(400).finish();
  const [scan] = fleet.scans();
  assert.equal(scan.sensors?.count, 13);
  assert.ok(scan.startUs >= OUTCOME_START_US - 7200e6, "no older than what is remembered");
  assert.ok(scan.timeUs < OUTCOME_START_US + 1000e6, "the time that was made up is nobody's");
  assert.deepEqual(refusedOf(fleet), { rogue: { "ahead": 1, "too-old": 1 } });
});

Deno.test("what one sensor saw another cannot take back, nor say that it comes again", () => {
  for (
    const lie of [
      { outcome: "harmless", excuse: "came-again" },
      { outcome: "used", facts: ["open", "replied", "handshake"] },
      { latestUs: OUTCOME_START_US + 100e6 },
    ] as Partial<AttemptOutcome>[]
  ) {
    // Who says first that a target was used, of which nobody else has spoken, is believed: see fleet.md.
    for (const isFirst of lie.outcome === "used" ? [false] : [true, false]) {
      const fleet = new Fleet();
      const lies = () => {
        for (let i = 1; i <= 12; i++) {
          fleet.say("rogue", { destination: fleet.host(i), sourcePort: 50_000 + i, ...lie });
        }
      };
      if (isFirst) lies();
      fleet.sweep(12);
      fleet.wait(100);
      if (!isFirst) lies();
      const told = fleet.wait(400).finish().told();
      assert.deepEqual(told.map(([source]) => source), [SCANNER], JSON.stringify({ lie, isFirst }));
    }
  }
});

Deno.test("more sensors than there is room for are counted, and those that were heard go on", () => {
  const fleet = new Fleet({ sensorsMax: 12 }).sweep(12);
  for (let i = 0; i < 100; i++) fleet.say(`late${i}`, { source: "192.0.2.9" });
  assert.deepEqual(fleet.wait(400).told(), [[SCANNER, 12]]);
  assert.equal(fleet.correlator.sensors.unheard, 100);
});

Deno.test("a sensor that gave signs of life and gives none is told as silent, and as back", () => {
  const fleet = new Fleet();
  const sign = (name: string) => fleet.correlator.sign(name, fleet.us, fleet.us);
  sign("gone");
  // It never says that it is there: a file of outcomes is no sign of life.
  fleet.say("quiet", { source: "192.0.2.1" });
  for (let minute = 0; minute < 6; minute++) {
    sign("alive");
    fleet.wait(60);
  }
  sign("gone");
  assert.deepEqual(
    fleet.sensorEvents().map(({ action, sensor, startUs, endUs }) => [
      action,
      sensor,
      Math.round((endUs - startUs) / 60e6),
    ]),
    [["sensor-silent", "gone", 5], ["sensor-back", "gone", 6]],
  );
});

Deno.test("a clock that differs is known by the sensor's signs of life", () => {
  const fleet = new Fleet();
  fleet.correlator.sign("ahead", fleet.us + 7200e6, fleet.us);
  assert.equal(fleet.correlator.sensors.all[0].aheadUs, 7200e6);
  // Its attempts have their place all the same.
  fleet.sweep(7);
  const firstUs = fleet.us + 7200e6;
  fleet.say("ahead", { destination: fleet.host(100), firstUs, settledUs: firstUs + 1000 });
  assert.deepEqual(fleet.wait(400).told(), [[SCANNER, 8]]);
});

Deno.test("Correlator throws for impossible options", () => {
  const options = correlatorOptions();
  const detector = { ...options.detector, scanWeight: 1 };
  assert.throws(() => new Fleet({ detector }), RangeError);
});
