// When failures are a scan: counters in, thresholds out. Each shape with one less than enough and with enough,
// and each reason why enough is no scan.

import assert from "node:assert/strict";
import { SHAPES } from "../../../../src/account.ts";
import { FULL_POINTS } from "../../../../src/failure_class.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import {
  type Counters,
  enoughPoints,
  enoughWeight,
  factorOf,
  Held,
  isFailing,
  scanIn,
  shapesOf,
} from "../../../../src/detect/scandog/shape/shapes.ts";
import { Width } from "../../../../src/detect/scandog/table/network_prefix.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const GRID_POINTS = 2;
const ONE_PORT_PROOF = 12;
const FAILURES_PER_USE = 12;

const OPTIONS = scandogOptions();
const { scanWeight, sweepHosts, blockTargets, failureRatio, privilegedWeight, networkFactor } =
  OPTIONS;

const NOTHING: Counters = {
  hostWeight: 0,
  hostFailed: 0,
  hostUsed: 0,
  plainWeight: 0,
  plainUses: 0,
  portPoints: 0,
  portFailed: 0,
  portUsed: 0,
  networkFailed: 0,
  networkUsed: 0,
  siteFailed: 0,
  failed: 0,
  used: 0,
  weight: 0,
  points: 0,
  ports: 0,
  hosts: 0,
  samePort: 0,
  isDatagram: false,
  width: 0,
};

/** The shape that a scan is found by, or what holds it: `ports`, `ports held by successes`, nothing. */
function found(counters: Partial<Counters>): string {
  const shapes = shapesOf({ ...NOTHING, ...counters }, OPTIONS);
  const scan = scanIn(shapes);
  if (scan !== undefined) return SHAPES[scan.shape];
  const held = shapes.find(({ held }) => held !== Held.No);
  if (held === undefined) return "";
  return `${SHAPES[held.shape]} held by ${held.held === Held.Shape ? "shape" : "successes"}`;
}

/** Seven ports below 1024 of one host. */
const PORTS = {
  ports: 7,
  hosts: 1,
  failed: 7,
  hostFailed: 7,
  hostWeight: scanWeight,
  plainWeight: scanWeight,
  weight: scanWeight,
};
/** Eight hosts on one port. */
const HOSTS = {
  ports: 1,
  hosts: sweepHosts,
  failed: sweepHosts,
  portFailed: sweepHosts,
  portPoints: sweepHosts * FULL_POINTS,
  points: sweepHosts * FULL_POINTS,
};
/** Nine ports at four hosts, two thirds of all their pairs. */
const GRID = {
  ports: 9,
  hosts: 4,
  failed: blockTargets,
  portFailed: 4,
  points: blockTargets * GRID_POINTS,
};
/** Two ports on eight hosts, one failure each, half of it on each port. */
const FEW = {
  ports: 2,
  hosts: sweepHosts,
  failed: sweepHosts,
  portFailed: sweepHosts / 2,
  points: sweepHosts * FULL_POINTS,
};
/** Peers, but from one raw socket. */
const SOCKET = {
  ports: 20,
  hosts: 20,
  failed: 20,
  portFailed: 1,
  weight: scanWeight,
  samePort: ONE_PORT_PROOF,
};

/** Another host and another port each time. */
const SPARSE = { ...GRID, ports: 24, hosts: 24 };
const HALF_LOW = blockTargets * privilegedWeight / 2;
const HELD = "grid held by shape";

const TABLE: [what: string, Partial<Counters>, wanted: string][] = [
  ["nothing", {}, ""],
  ["enough weight on one host", PORTS, "ports"],
  ["one less", { ...PORTS, hostWeight: scanWeight - 1 }, ""],
  ["as many successes as the ratio allows", {
    ...PORTS,
    plainWeight: 0,
    hostFailed: 8,
    hostUsed: 8 / failureRatio,
  }, "ports"],
  ["one more success", {
    ...PORTS,
    plainWeight: 0,
    hostFailed: 8,
    hostUsed: 8 / failureRatio + 1,
  }, "ports held by successes"],
  ["low ports, whatever else was used there", { ...PORTS, hostUsed: 1000 }, "ports"],
  ["low ports of which as many were used as the ratio allows", {
    ...PORTS,
    hostUsed: 1000,
    plainWeight: 8 * privilegedWeight,
    plainUses: 8 / failureRatio,
  }, "ports"],
  ["low ports of which one more was used", {
    ...PORTS,
    hostUsed: 1000,
    plainWeight: 8 * privilegedWeight,
    plainUses: 8 / failureRatio + 1,
  }, "ports held by successes"],
  ["low ports that are not enough by themselves", {
    ...PORTS,
    hostUsed: 1000,
    plainWeight: scanWeight - 1,
  }, "ports held by successes"],
  ["enough hosts on one port", HOSTS, "hosts"],
  ["one point less", { ...HOSTS, portPoints: HOSTS.portPoints - 1 }, ""],
  ["a port of which as many were used as the ratio allows", {
    ...HOSTS,
    portUsed: sweepHosts / failureRatio,
  }, "hosts"],
  ["one more used", {
    ...HOSTS,
    portUsed: sweepHosts / failureRatio + 1,
  }, "hosts held by successes"],
  ["as many used, but elsewhere: sixteen of one network failed, and half as many were used there", {
    ...HOSTS,
    portUsed: 1000,
    networkFailed: 16,
    networkUsed: 16 / failureRatio,
  }, "hosts"],
  ["one more used in the network", {
    ...HOSTS,
    portUsed: 1000,
    networkFailed: 16,
    networkUsed: 16 / failureRatio + 1,
  }, "hosts held by successes"],
  ["one fewer that failed there", {
    ...HOSTS,
    portUsed: 1000,
    networkFailed: 15,
  }, "hosts held by successes"],
  // Peers: each another host at another port, of which one port may be liked best.
  ["more ports than half the failures", {
    ...HOSTS,
    ports: 21,
    failed: 40,
    hosts: 40,
    portFailed: 9,
  }, "hosts held by shape"],
  ["half as many ports as failures", {
    ...HOSTS,
    ports: 20,
    failed: 40,
    hosts: 40,
    portFailed: 9,
  }, "hosts"],
  ["a port with a quarter of all failures", {
    ...HOSTS,
    ports: 21,
    failed: 40,
    hosts: 40,
    portFailed: 10,
  }, "hosts"],
  ["peers from one raw socket", {
    ...HOSTS,
    ports: 21,
    failed: 40,
    hosts: 40,
    portFailed: 9,
    samePort: ONE_PORT_PROOF,
  }, "hosts"],
  ["a few ports on many hosts", FEW, "few-ports"],
  ["one point less", { ...FEW, points: FEW.points - 1 }, ""],
  ["one host less", { ...FEW, hosts: sweepHosts - 1 }, "few-ports held by shape"],
  ["a third as many ports as failures", { ...FEW, ports: 3, failed: 9, hosts: 9 }, "few-ports"],
  ["more ports than that", { ...FEW, ports: 3, failed: 8, hosts: 8 }, ""],
  ["as many successes as the ratio allows", {
    ...FEW,
    used: sweepHosts / failureRatio,
  }, "few-ports"],
  [
    "one more success",
    { ...FEW, used: sweepHosts / failureRatio + 1 },
    "few-ports held by successes",
  ],
  ["a grid", GRID, "grid"],
  ["one target less", { ...GRID, failed: blockTargets - 1, points: 200, portFailed: 4 }, ""],
  ["points below two for each target", { ...GRID, points: GRID.points - 1 }, "grid held by shape"],
  ["half a grid", { ...GRID, ports: 12 }, "grid"],
  ["less than half a grid", { ...GRID, ports: 13 }, "grid held by shape"],
  ["each port once, half of them privileged", { ...GRID, ports: 13, weight: HALF_LOW }, HELD],
  ["half as many ports as targets, privileged ones", {
    ...{ ...GRID, ports: GRID.failed / 2, hosts: 5, weight: HALF_LOW + 1 },
  }, HELD],
  ["each port once, more of them privileged", { ...GRID, ports: 13, weight: HALF_LOW + 1 }, "grid"],
  ["three ports are", { ...GRID, ports: 3 }, "grid"],
  // However sparse it is: hosts of one site, of which few were used.
  ["as many targets of one site as make a grid", { ...SPARSE, siteFailed: blockTargets }, "grid"],
  ["one fewer of the site", { ...SPARSE, siteFailed: blockTargets - 1 }, HELD],
  ["more than half of all targets at one site", {
    ...SPARSE,
    failed: 2 * blockTargets - 1,
    points: 2 * GRID_POINTS * blockTargets,
    siteFailed: blockTargets,
  }, "grid"],
  ["half of them", {
    ...SPARSE,
    failed: 2 * blockTargets,
    points: 2 * GRID_POINTS * blockTargets,
    siteFailed: blockTargets,
  }, HELD],
  ["a site, and a use for every twelve failures", {
    ...{ ...SPARSE, siteFailed: blockTargets, used: blockTargets / FAILURES_PER_USE },
  }, "grid"],
  ["one more use", {
    ...{ ...SPARSE, siteFailed: blockTargets, used: blockTargets / FAILURES_PER_USE + 1 },
  }, HELD],
  ["two ports are no grid", { ...GRID, ports: 2, points: 100 }, "few-ports held by shape"],
  ["many ports of three hosts are one", { ...GRID, hosts: 3, ports: 9 }, "grid"],
  ["nor are two hosts", { ...GRID, hosts: 2, ports: 9, points: 60 }, ""],
  ["as many successes as the ratio allows", { ...GRID, used: blockTargets / failureRatio }, "grid"],
  [
    "one more success",
    { ...GRID, used: blockTargets / failureRatio + 1 },
    "grid held by successes",
  ],
  ["anything from one raw socket", SOCKET, "socket"],
  ["two ports of two hosts from it", { ...SOCKET, hosts: 2, ports: 2 }, "socket"],
  ["one less in a row from it", { ...SOCKET, samePort: ONE_PORT_PROOF - 1 }, ""],
  ["datagrams from it, which every program sends so", { ...SOCKET, isDatagram: true }, ""],
  ["one less weight", { ...SOCKET, weight: scanWeight - 1 }, ""],
  ["fewer targets than a sweep has hosts", {
    ...SOCKET,
    failed: sweepHosts - 1,
    ports: 7,
    hosts: 7,
  }, "socket held by shape"],
];

for (const [i, [what, counters, wanted]] of TABLE.entries()) {
  Deno.test(`shapesOf(), row ${i + 1}: ${what} is ${wanted || "no scan"}`, () => {
    assert.equal(found(counters), wanted);
  });
}

Deno.test("shapesOf() asks of a network only for ports of a host and hosts of a port, and for more", () => {
  for (const [width, factor] of [[Width.Link, networkFactor], [Width.Site, networkFactor * 1.5]]) {
    const weight = scanWeight * factor, points = sweepHosts * FULL_POINTS * factor;
    assert.equal(found({ ...PORTS, hostWeight: weight, width }), "ports");
    assert.equal(found({ ...PORTS, hostWeight: weight - 1, width }), "");
    assert.equal(found({ ...HOSTS, portPoints: points, width }), "hosts");
    assert.equal(found({ ...HOSTS, portPoints: points - 1, width }), "");
    for (const counters of [FEW, GRID, SOCKET]) assert.equal(found({ ...counters, width }), "");
    assert.equal(factorOf(width, OPTIONS), factor);
    assert.equal(enoughWeight(factor, OPTIONS), weight);
    assert.equal(enoughPoints(factor, OPTIONS), points);
  }
  assert.equal(factorOf(0, OPTIONS), 1);
});

Deno.test("shapesOf() gives what was reached of each shape that the targets have, in the order asked", () => {
  const all = shapesOf(
    { ...NOTHING, ...GRID, ports: 6, samePort: ONE_PORT_PROOF, weight: 9 },
    OPTIONS,
  );
  assert.deepEqual(all.map(({ shape, reached, enough }) => [SHAPES[shape], reached, enough]), [
    ["ports", 0, scanWeight],
    ["hosts", 0, sweepHosts * FULL_POINTS],
    ["few-ports", blockTargets * GRID_POINTS, sweepHosts * FULL_POINTS],
    ["grid", blockTargets, blockTargets],
    ["socket", 9, scanWeight],
  ]);
  assert.equal(
    shapesOf({ ...NOTHING, ...PORTS }, OPTIONS).length,
    2,
    "one host has no other shapes",
  );
});

Deno.test("isFailing() holds from the ratio on", () => {
  assert.deepEqual([isFailing(4, 2, 2), isFailing(3, 2, 2), isFailing(0, 0, 2)], [
    true,
    false,
    true,
  ]);
});
