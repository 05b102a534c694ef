import assert from "node:assert/strict";
import { Follow } from "../../src/status/follow.ts";
import { Histogram } from "../../src/status/histogram.ts";
import { Rates } from "../../src/status/rate.ts";
import {
  floodEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  TIME_US,
  visitEvent,
} from "../support/events.ts";

Deno.test("Follow has the scans that go on, the latest first, until they end", () => {
  const follow = new Follow();
  follow.event(scanEvent({ scan: 1 }), "one", TIME_US);
  follow.event(scanEvent({ scan: 2, source: "10.0.0.2" }), "two", TIME_US);
  const update = scanEvent({ scan: 1, action: "scan-update", attempts: 50 });
  follow.event(update, "one more", TIME_US);
  const { scans, alerts } = follow.status();
  assert.deepEqual(scans.underWay.map(({ scan, attempts }) => [scan, attempts]), [[1, 50], [2, 9]]);
  assert.deepEqual([scans.told, scans.foundOpen, scans.underWayCount], [2, 2, 2]);
  assert.deepEqual(scans.shapes, { vertical: 2 });
  assert.deepEqual(alerts, ["one", "two", "one more"]);
  follow.event(scanEvent({ scan: 1, action: "scan-end" }), undefined, TIME_US);
  assert.deepEqual(follow.status().scans.underWay.map(({ scan }) => scan), [2]);
  assert.equal(follow.status().scans.told, 2);
});

Deno.test("Follow counts visits, misuse and what was held back, by their kinds", () => {
  const follow = new Follow();
  follow.event(visitEvent(), "v", TIME_US);
  follow.event(visitEvent({ match: "network" }), "v", TIME_US);
  follow.event(misuseEvent(), "m", TIME_US);
  follow.event(misuseEvent({ kind: "flood-backscatter" }), "a flood", TIME_US);
  follow.event(suppressedEvent(), "s", TIME_US);
  const { visits, misuses, suppressed, floods, floodCount } = follow.status();
  assert.deepEqual(visits, { address: 1, network: 1 });
  assert.deepEqual(misuses, { zombie: 1, "flood-backscatter": 1 });
  assert.deepEqual(suppressed, { "scan-start": 1234 });
  assert.deepEqual([floods, floodCount], [["a flood"], 1]);
});

Deno.test("Follow has the floods that go on, until they are over", () => {
  const follow = new Follow();
  const of = () => {
    const { floods, floodCount, floodsTold, floodsUnderWay } = follow.status();
    return [floods.at(-1), floodCount, floodsTold, floodsUnderWay];
  };
  follow.event(floodEvent(), "one begins", TIME_US);
  follow.event(floodEvent({ story: 2 }), "two begins", TIME_US);
  assert.deepEqual(of(), ["two begins", 2, 2, 2]);
  follow.event(floodEvent({ phase: "end" }), "one is over", TIME_US);
  assert.deepEqual(of(), ["one is over", 3, 2, 1]);
  follow.restarted();
  assert.equal(follow.status().floodsUnderWay, 0);
});

Deno.test("Follow is bounded, and keeps the last ten alerts", () => {
  const follow = new Follow();
  for (let scan = 0; scan < 20_000; scan++) {
    follow.event(scanEvent({ scan }), `line ${scan} ${"x".repeat(1000)}`, TIME_US);
  }
  const { scans, alerts } = follow.status();
  assert.equal(scans.told, 20_000);
  assert.equal(scans.underWayCount, 10_000);
  assert.equal(scans.underWay.length, 20);
  assert.equal(alerts.length, 10);
  assert.match(alerts[9], /^line 19999 x/);
  assert.ok(JSON.stringify(follow.status()).length < 30_000);
});

Deno.test("Follow keeps of a line of JSON what people read", () => {
  const follow = new Follow();
  const line = JSON.stringify({ event: { action: "scan-start" }, message: "SCAN of somebody" });
  follow.event(scanEvent({}), line, TIME_US);
  follow.event(floodEvent({}), line, TIME_US);
  follow.event(scanEvent({ scan: 2 }), "CEF:0|scandog", TIME_US);
  const { alerts, floods } = follow.status();
  assert.deepEqual(alerts, ["SCAN of somebody", "SCAN of somebody", "CEF:0|scandog"]);
  assert.deepEqual(floods, ["SCAN of somebody"]);
});

Deno.test("Follow measures from first probe to alert, and from packet to line", () => {
  const follow = new Follow();
  follow.event(scanEvent({ startUs: TIME_US - 3e6 }), "a", TIME_US + 20_000);
  const { detection, line } = follow.status().delay;
  assert.equal(detection.counts[detection.bounds.indexOf(5)], 1);
  assert.equal(detection.sum, 3);
  assert.equal(line.counts[line.bounds.indexOf(0.05)], 1);
});

Deno.test("Histogram puts what is on a bound below it, and time that went back to nothing", () => {
  const histogram = new Histogram([1, 2]);
  for (const seconds of [-5, 0, 1, 1.5, 2, 3]) histogram.add(seconds);
  assert.deepEqual(histogram.status(), { bounds: [1, 2], counts: [3, 2, 1], sum: 7.5 });
});

Deno.test("Rates looks back a few seconds, and begins with nothing", () => {
  const rates = new Rates();
  assert.deepEqual(rates.perSecond(0), []);
  rates.sample(0, [0, 0]);
  assert.deepEqual(rates.perSecond(0), [0, 0]);
  for (let ms = 100; ms <= 20_000; ms += 100) rates.sample(ms, [ms, 5]);
  assert.deepEqual(rates.perSecond(20_000), [1000, 0]);
  // What happened before counts no more.
  for (let ms = 20_100; ms <= 40_000; ms += 100) rates.sample(ms, [20_000, 5]);
  assert.deepEqual(rates.perSecond(40_000), [0, 0]);
});
