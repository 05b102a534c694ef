import assert from "node:assert/strict";
import { UTC, type Zone } from "../../src/format/zone.ts";
import { MOMENT, type Moment } from "../../src/options/moment.ts";
import { Refusal } from "../../src/options/row.ts";

const NOW_US = Date.parse("2026-11-22T00:30:00Z") * 1000;
const BERLIN: Zone = () => 3600;

function at(text: string, zone = UTC): string {
  const moment = MOMENT.parse(text) as Moment;
  return new Date(moment.at(NOW_US, zone) / 1000).toISOString();
}

Deno.test("MOMENT understands dates, times, days and how long ago, by the zone's clocks", () => {
  assert.equal(at("now"), "2026-11-22T00:30:00.000Z");
  assert.equal(at("90min"), "2026-11-21T23:00:00.000Z");
  assert.equal(at("7d"), "2026-11-15T00:30:00.000Z");
  assert.equal(at("today"), "2026-11-22T00:00:00.000Z");
  assert.equal(at("yesterday"), "2026-11-21T00:00:00.000Z");
  assert.equal(at("today", BERLIN), "2026-11-21T23:00:00.000Z");
  assert.equal(at("2026-11-21", BERLIN), "2026-11-20T23:00:00.000Z");
  assert.equal(at("2026-11-21 22:14"), "2026-11-21T22:14:00.000Z");
  assert.equal(at("2026-11-21T22:14:52.5", BERLIN), "2026-11-21T21:14:52.500Z");
  assert.equal(at("2026-11-21T22:14:52+02:00", BERLIN), "2026-11-21T20:14:52.000Z");
});

Deno.test("MOMENT refuses what is no time, with examples of what is", () => {
  for (const text of ["", "soon", "2026-02-31", "2026-13-01", "24", "1y", "2026-11-21 25:00"]) {
    const refused = MOMENT.parse(text);
    assert.ok(refused instanceof Refusal, text);
    assert.match(refused.reason, /^must be a time such as .*; got "/);
  }
});
