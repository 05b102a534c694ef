// What one rule counts of the probes that fit it: ports, times and TTLs, and a value that many of them share.

import assert from "node:assert/strict";
import { Probe } from "../../../../../src/detect/scandog/beside/tool/probe.ts";
import { Tally } from "../../../../../src/detect/scandog/beside/tool/tally.ts";

const NO_VALUE = -1;

function counted(probes: readonly Partial<Probe>[], value: (i: number) => number = () => NO_VALUE) {
  const tally = new Tally();
  probes.forEach((probe, i) => tally.count(Object.assign(new Probe(), probe), value(i)));
  return tally;
}

/** Probes from the first TTL to the last, of as many as there are. */
const ttls = (count: number, first: number, last: number) =>
  Array.from({ length: count }, (_, i) => ({ ttl: i === 0 ? first : last }));

Deno.test("Tally counts steps by the source port: the same, the next, neither", () => {
  const ports = [7, 7, 8, 10, 9, 9, 10];
  const tally = counted(ports.map((sourcePort) => ({ sourcePort })));
  const { fits, steps, samePort, nextPort, sourcePort } = tally;
  assert.deepEqual({ fits, steps, samePort, nextPort, sourcePort }, {
    ...{ fits: 7, steps: 6, samePort: 2, nextPort: 2, sourcePort: 10 },
  });
  const { samePort: same, nextPort: next } = counted([{ sourcePort: 0 }]);
  assert.deepEqual([same, next], [0, 0], "the first is no step");
});

Deno.test("Tally counts silent targets by how often they were asked", () => {
  const dropped = { isDropped: true }, again = { isAskedAgain: true };
  const tally = counted([dropped, again, {}, dropped, dropped]);
  assert.deepEqual([tally.once, tally.again], [3, 1]);
});

Deno.test("Tally finds a TTL drawn at random in three probes four apart, more so in eight ten apart", () => {
  const cases: [probes: Partial<Probe>[], bits: number][] = [
    [ttls(2, 40, 44), 0],
    [ttls(3, 40, 43), 0],
    [ttls(3, 40, 44), 5],
    [ttls(3, 44, 40), 5],
    [ttls(7, 40, 50), 5],
    [ttls(8, 40, 49), 5],
    [ttls(8, 40, 50), 8],
    [ttls(8, 37, 59), 8],
    [ttls(8, 36, 59), 0],
    [ttls(8, 38, 60), 0],
  ];
  for (const [probes, bits] of cases) {
    const [first, last] = [probes[0].ttl, probes.at(-1)!.ttl];
    assert.equal(counted(probes).randomTtlBits(), bits, `${probes.length}: ${first}, ${last}`);
  }
});

Deno.test("Tally takes no TTLs of several sources for random ones, whenever the other one comes", () => {
  for (const other of [0, 3, 7]) {
    const probes = ttls(8, 40, 50).map((probe, i) => ({ ...probe, source: i === other ? 2 : 1 }));
    assert.equal(counted(probes).randomTtlBits(), 0, `probe ${other}`);
  }
});

/** Probes of as many targets. */
const targets = (count: number) => Array.from({ length: count }, (_, i) => ({ target: 1000 + i }));

Deno.test("Tally knows a constant by three targets; that of one target alone is none", () => {
  assert.equal(counted(targets(2), () => 7).isConstant(), false);
  assert.equal(counted(targets(3), () => 7).isConstant(), true);
  assert.equal(counted(targets(3), () => NO_VALUE).isConstant(), false);
  assert.equal(counted(targets(3), () => 0).isConstant(), true, "0 is a value");
  assert.equal(counted(targets(3), () => 0xffffffff).isConstant(), true);
  // Decoys send the same packet to one port of one target.
  assert.equal(counted(Array(9).fill({ target: 5, port: 80 }), () => 7).isConstant(), false);
  const ports = [80, 81, 82].map((port) => ({ target: 5, port }));
  assert.equal(counted(ports, () => 7).isConstant(), true);
});

Deno.test("Tally takes a value for constant that one in eight steps keeps, and no less", () => {
  // The value of three probes, and others that are all new. Two of the three are equal to one before.
  for (const [probes, isConstant] of [[17, true], [18, false]] as const) {
    const tally = counted(targets(probes), (i) => i < 3 ? 7 : 0x1000 * i + 1);
    assert.equal(tally.isConstant(), isConstant, `${probes - 1} steps`);
  }
});

Deno.test("Tally keeps the values of sixteen runs at once that differ in any of their three lower bytes", () => {
  for (const shift of [0, 8, 16]) {
    const tally = counted(targets(48), (i) => (1 + i % 16) << shift);
    assert.ok(tally.isConstant(), `bits from ${shift} on`);
  }
});
