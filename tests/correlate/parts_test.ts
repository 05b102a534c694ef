// The correlator's parts by themselves: order, bounds, and what is enough.

import assert from "node:assert/strict";
import { fewestOf, isScan } from "../../src/correlate/enough.ts";
import { OwnScans } from "../../src/correlate/own_scans.ts";
import { Reorder } from "../../src/correlate/reorder.ts";
import { Sensors } from "../../src/correlate/sensors.ts";
import { scandogOptions } from "../../src/detect/scandog/options.ts";
import { Random } from "../support/random.ts";

Deno.test("Reorder gives by time, and of one time in the order in which it came", () => {
  const random = new Random(7);
  const reorder = new Reorder<{ timeUs: number; order: number }>(10_000);
  const all = Array.from({ length: 5000 }, (_, order) => ({ timeUs: random.below(500), order }));
  for (const item of all) reorder.push(item.timeUs, item);
  assert.equal(reorder.earliestUs, 0);
  const given = all.map(() => reorder.shift());
  const sorted = all.toSorted((a, b) => a.timeUs - b.timeUs || a.order - b.order);
  assert.deepEqual(given, sorted);
  assert.deepEqual([reorder.size, reorder.earliestUs], [0, Infinity]);
  assert.throws(() => reorder.shift(), RangeError);
});

Deno.test("Reorder says when it is full", () => {
  const reorder = new Reorder<number>(2);
  reorder.push(2, 2);
  assert.equal(reorder.isFull, false);
  reorder.push(1, 1);
  assert.equal(reorder.isFull, true);
  assert.equal(reorder.shift(), 1);
  assert.equal(reorder.isFull, false);
});

Deno.test("OwnScans keeps what each sensor told lately, and no sensor pushes out what another told", () => {
  const own = new OwnScans(7200e6);
  const found = (source: string) => {
    const all: [number, string][] = [];
    own.ofSource(source, (sensor, id) => all.push([sensor, id]));
    return all;
  };
  own.advance(10_000e6);
  own.add(1, { id: "a", sources: ["192.0.2.1", "192.0.2.2"], endUs: 10_000e6 });
  own.add(2, { id: "b", sources: ["192.0.2.1"], endUs: 10_000e6 });
  for (let i = 0; i < 5000; i++) {
    own.add(3, { id: "c", sources: [`10.0.${i >> 8}.${i & 255}`], endUs: 10_000e6 });
  }
  assert.deepEqual(found("192.0.2.1"), [[1, "a"], [2, "b"]]);
  assert.deepEqual(found("192.0.2.2"), [[1, "a"]]);
  assert.deepEqual([found("10.0.0.1"), found("10.0.19.1")], [[], [[3, "c"]]]);
  own.advance(17_200e6);
  assert.equal(found("192.0.2.1").length, 2);
  own.advance(17_200e6 + 1);
  assert.deepEqual(found("192.0.2.1"), [], "it is another story by now");
});

Deno.test("Sensors that saw eight packets in common see the same, and so do those of each of them", () => {
  const sensors = new Sensors({ sensorsMax: 10, sensorRate: 1, silentUs: 1 }, () => {});
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => sensors.hear(name, 0)!);
  for (let i = 0; i < 7; i++) sensors.noteCommon(a, b);
  assert.equal(sensors.isSame(a, b), false);
  sensors.noteCommon(b, a);
  assert.equal(sensors.isSame(a, b), true);
  for (let i = 0; i < 8; i++) sensors.noteCommon(c, b);
  assert.deepEqual([sensors.isSame(a, c), sensors.isSame(a, d)], [true, false]);
});

Deno.test("isScan() is a shape of the detector: eight hosts of one port, weight 21 on one, a grid of 24", () => {
  const options = scandogOptions();
  const plain = (host: number, key: number, weight = 3) => ({ host, key, weight, points: 6 });
  const hosts = (count: number) => Array.from({ length: count }, (_, i) => plain(i, 22));
  assert.deepEqual([isScan(hosts(7), options), isScan(hosts(8), options)], [false, true]);
  const ports = (count: number) => Array.from({ length: count }, (_, i) => plain(1, i));
  assert.deepEqual([isScan(ports(6), options), isScan(ports(7), options)], [false, true]);
  const grid = (count: number) =>
    Array.from({ length: count }, (_, i) => plain(i % 6, 100 + Math.floor(i / 6), 1));
  assert.equal(isScan(grid(24), options), true);
  assert.equal(isScan([], options), false);
  assert.equal(fewestOf(options), 3);
});
