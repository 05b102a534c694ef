// Who answers for failures that no source makes alone: campaigns, networks, look-alikes. Outcomes in, scans out,
// at both sides of each bound.

import assert from "node:assert/strict";
import { parseAddress } from "../../../../src/address.ts";
import type { ScanEvent } from "../../../../src/event.ts";
import { SCANDOG } from "../../../../src/params.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { Hash } from "../../../../src/keyed_hash.ts";
import { Judged } from "../judged.ts";
import { apart, PORTS, probe } from "./probes.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const ATTEMPTS_PER_SOURCE_IN_FLOOD = 4;
const COPIES_MIN = 3;
const GROUP_FACTOR = 2;

const { scanWeight, networkFactor, groupSources, floodSources } = Object.fromEntries(
  Object.entries(SCANDOG).map(([key, row]) => [key, row.default]),
) as Record<keyof typeof SCANDOG, number>;

/** Each source at two ports from 1024 on: of the second source of each pair one was tried by the first. */
function pairs(judged: Judged, count: number, first = 0): void {
  for (let i = first; i < first + count; i++) {
    const [one, two, three] = PORTS.slice(3 * i, 3 * i + 3);
    probe(judged, apart(2 * i), one);
    probe(judged, apart(2 * i), two);
    probe(judged, apart(2 * i + 1), three);
    probe(judged, apart(2 * i + 1), one);
  }
}

const kinds = (judged: Judged) =>
  judged.scans().map(({ shape, sources }) => [shape, sources?.count]);

Deno.test("a campaign needs exactly --group-sources sources", () => {
  for (
    const [sources, found] of [[groupSources - 1, []], [groupSources, [[
      "distributed",
      3,
    ]]]] as const
  ) {
    const judged = new Judged();
    for (let i = 0; i < 42; i++) probe(judged, apart(i % sources), PORTS[i]);
    const told = kinds(judged).filter(([shape]) => shape === "distributed");
    assert.deepEqual(told, found, `${sources} sources`);
  }
});

Deno.test("a campaign needs twice the weight of one source, and one less is not enough", () => {
  const enough = GROUP_FACTOR * scanWeight;
  for (const [count, found] of [[enough - 1, 0], [enough, 1]]) {
    const judged = new Judged();
    for (let i = 0; i < count; i++) probe(judged, apart(i % 6), PORTS[i]);
    assert.equal(judged.scans().length, found, `${count} ports`);
  }
});

Deno.test("a campaign's sources tried so often each on average, one that did less is one too many", () => {
  // Two sources have three targets between them: as many as it takes.
  const judged = new Judged();
  pairs(judged, 14);
  assert.equal(judged.scans().length, 1);
  // A few sources more that have less between them.
  const less = new Judged();
  probe(less, "198.51.100.1", PORTS[100]);
  probe(less, "198.51.100.1", PORTS[101]);
  for (const [i, source] of ["192.0.2.2", "192.0.3.2", "192.0.4.2"].entries()) {
    probe(less, source, PORTS[102 + i]);
    probe(less, source, PORTS[100]);
  }
  pairs(less, 14);
  assert.equal(less.scans().length, 0);
});

Deno.test("in a flood of forged sources a campaign's sources must have tried more often", () => {
  const flooded = () => {
    const judged = new Judged();
    for (let i = 0; i < floodSources; i++) {
      probe(judged, `${60 + (i >> 8)}.${i & 255}.3.4`, 10_000 + 11 * i, { signature: i });
    }
    return judged;
  };
  for (
    const [each, found] of [
      [ATTEMPTS_PER_SOURCE_IN_FLOOD - 1, 0],
      [ATTEMPTS_PER_SOURCE_IN_FLOOD, 1],
    ]
  ) {
    const judged = flooded();
    const sources = Math.ceil(GROUP_FACTOR * scanWeight / each);
    for (let i = 0; i < sources * each; i++) probe(judged, apart(Math.floor(i / each)), PORTS[i]);
    assert.equal(judged.scans().length, found, `${each} each`);
  }
});

Deno.test("a campaign looks alike: with another stack each, its sources are strangers", () => {
  const judged = new Judged();
  for (let i = 0; i < 60; i++) probe(judged, apart(i % 6), PORTS[i], { signature: i % 6 });
  assert.deepEqual(judged.scans(), []);
});

Deno.test("a campaign goes over the hosts of one network: IPv4 /24, IPv6 /64", () => {
  const last = (i: number) => (0x1000 + 2503 * i).toString(16);
  const networks: [string, number, (i: number) => string][] = [
    ["a /24", 1, (i) => `203.0.113.${i + 1}`],
    ["a /64", 1, (i) => `2001:db8:1:2:${last(i)}:${i}::${last(i)}`],
    ["two /24", 0, (i) => `203.0.${112 + i % 2}.${i + 1}`],
    ["two /64", 0, (i) => `2001:db8:1:${i % 2}:${last(i)}:${i}::1`],
  ];
  for (const [what, found, destination] of networks) {
    const judged = new Judged();
    for (let i = 0; i < 24; i++) {
      const isSix = destination(i).includes(":");
      const source = isSix ? `2001:db8:${100 + i % 6}::9` : apart(i % 6);
      probe(judged, source, 22, { destination: destination(i), ipVersion: isSix ? 6 : 4 });
    }
    assert.equal(judged.scans().length, found, what);
  }
});

Deno.test("a campaign pauses for a minute and no longer", () => {
  // The probe comes a millisecond after the wait.
  for (const [seconds, found] of [[59.999, 1], [60, 0]]) {
    const judged = new Judged();
    for (let i = 0; i < 41; i++) probe(judged, apart(i % 6), PORTS[i]);
    judged.wait(seconds);
    probe(judged, apart(1), PORTS[41]);
    assert.equal(judged.scans().length, found, `${seconds} s`);
  }
});

Deno.test("a campaign gives its place to one that collides while it has one source, with two it keeps it", () => {
  const hash = new Hash(scandogOptions().seed);
  const server = new Int32Array(parseAddress("203.0.113.10")!.slice().buffer);
  // Its place among 2048: of those who ask one host for many ports with such packets.
  const placeOf = (signature: number) =>
    hash.triple(hash.address(server, 0), signature, 0x3a11) & 2047;
  let other = 1000;
  while (placeOf(other) !== placeOf(77)) other++;
  for (const [sources, found] of [[1, 0], [2, 1]]) {
    const judged = new Judged();
    for (let i = 0; i < 4; i++) probe(judged, apart(i % sources), PORTS[i]);
    for (const port of [PORTS[100], PORTS[101]]) {
      probe(judged, "192.0.2.77", port, { signature: other });
    }
    for (let i = 4; i < 42; i++) probe(judged, apart(i % 6), PORTS[i]);
    assert.equal(judged.scans().length, found, `${sources} sources`);
  }
});

Deno.test("a campaign counts sources for which it has no place", () => {
  // Of each source's two ports all share one: 33 sources, one more than it keeps, have 34 ports between them.
  const judged = new Judged();
  for (let i = 0; i < 33; i++) {
    probe(judged, apart(i), PORTS[0]);
    probe(judged, apart(i), PORTS[1 + i]);
  }
  for (let i = 34; i < 49; i++) probe(judged, apart(i - 34), PORTS[i]);
  assert.equal(judged.scans().length, 0, "49 for 33 sources");
  probe(judged, apart(15), PORTS[49]);
  assert.equal(judged.scans().length, 1, "50 for 33 sources");
});

Deno.test("who asks for what is new joins a campaign's scan, who fails at what others asked does not", () => {
  const newcomer = "192.0.2.200";
  for (const [ports, isIn] of [[[0, 1], false], [[60, 61], true]] as const) {
    const judged = new Judged();
    for (let i = 0; i < 42; i++) probe(judged, apart(i % 6), PORTS[i]);
    for (const i of ports) probe(judged, newcomer, PORTS[i]);
    judged.wait(200).intake.finish();
    const [end] = judged.events.filter(({ action }) => action === "scan-end") as ScanEvent[];
    assert.equal(end.sources?.count, isIn ? 7 : 6);
    assert.equal(end.sources?.list.split(",").includes(newcomer), isIn);
  }
});

/** One probe each of hosts of one network, at one port each. */
function network(judged: Judged, count: number, first = 1): void {
  for (let i = first; i < first + count; i++) {
    probe(judged, `198.51.100.${i}`, 20 + i, { signature: i });
  }
}

/** Sources of one network that reach its threshold: with three for each port below 1024. */
const NETWORK_SOURCES = networkFactor * scanWeight / 3;

Deno.test("a network's sources are a scan together at twice the weight of one, and not before", () => {
  const judged = new Judged();
  network(judged, NETWORK_SOURCES - 1);
  assert.deepEqual(judged.scans(), []);
  network(judged, 1, NETWORK_SOURCES);
  assert.deepEqual(kinds(judged), [["distributed", NETWORK_SOURCES]]);
});

Deno.test("within one network as many sources are needed as --group-sources says", () => {
  for (const [least, found] of [[NETWORK_SOURCES, 1], [NETWORK_SOURCES + 1, 0]]) {
    const judged = new Judged({ groupSources: least });
    network(judged, NETWORK_SOURCES);
    assert.equal(judged.scans().length, found, `--group-sources ${least}`);
  }
});

Deno.test("neighbours that got what they wanted elsewhere are no part of their network's scan", () => {
  const judged = new Judged();
  const client = "198.51.100.200", busy = "198.51.100.201";
  probe(judged, client, 443, { uses: { all: 1, host: 0, port: 0 }, signature: 5 });
  // The other failed more than once, and used something since.
  probe(judged, busy, 444, { signature: 6 });
  probe(judged, busy, 445, { signature: 6 });
  judged.take({
    source: busy,
    port: 80,
    outcome: "used",
    facts: ["open", "replied"],
    sourcePort: 50_000,
  });
  network(judged, NETWORK_SOURCES - 1);
  assert.deepEqual(judged.scans(), [], "what is left is not enough");
  network(judged, NETWORK_SOURCES + 1, 50);
  judged.wait(200).intake.finish();
  const ends = judged.events.filter(({ action }) => action === "scan-end") as ScanEvent[];
  assert.equal(ends.length, 1);
  for (const innocent of [client, busy]) {
    assert.ok(!ends[0].sources!.list.split(",").includes(innocent), innocent);
  }
});

Deno.test("a network weighs what --weigh says, as each of its sources does", () => {
  const weigh = [{ prefix: { address: new Uint8Array(16), bits: 0 }, weight: 0 }];
  const judged = new Judged({ weigh });
  network(judged, 100);
  assert.deepEqual(judged.scans(), []);
});

/** Two sources send the same probes of so many ports, and each goes on alone to be a scan. */
function alike(copies: number): Judged {
  const judged = new Judged();
  for (let i = 0; i < 7; i++) {
    for (const source of ["192.0.2.1", "198.51.100.1"]) {
      const own = i < copies ? 0 : source.length;
      judged.take({ source, port: 21 + i, sequence: 1000 + i + 100 * own, sourcePort: 40_000 });
    }
  }
  return judged.wait(10);
}

Deno.test("sources are look-alikes by so many copies of their probes, by one less they are two scanners", () => {
  assert.deepEqual(kinds(alike(COPIES_MIN)), [["decoy", 2]]);
  assert.deepEqual(kinds(alike(COPIES_MIN - 1)), [["vertical", undefined], [
    "vertical",
    undefined,
  ]]);
});
