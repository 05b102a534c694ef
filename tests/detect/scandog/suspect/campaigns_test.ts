// What a campaign leaves out, and what it forgets when it begins anew.

import assert from "node:assert/strict";
import { sizesFor } from "../../../../src/detect/scandog/sizes.ts";
import { WAYS } from "../../../../src/detect/scandog/table/word_table.ts";
import { Judged } from "../judged.ts";
import { manyAddresses, rivalsOf } from "../places.ts";
import { apart, PORTS, probe } from "./probes.ts";

/** Six sources of a campaign that try one port each in turn: it takes 42 in all. */
function campaign(judged: Judged, given: Parameters<typeof probe>[3] = {}, first = 0): Judged {
  for (let i = 0; i < 42; i++) probe(judged, apart(first + i % 6), PORTS[i], given);
  return judged;
}

Deno.test("a campaign is made of probes that were seen: answers alone look like those of any other", () => {
  assert.equal(campaign(new Judged()).scans().length, 1);
  assert.deepEqual(campaign(new Judged(), { facts: ["closed", "reply-only"] }).scans(), []);
});

Deno.test("clients of the host, who use it more than they fail there, are no campaign", () => {
  // The first seven failures of each are no campaign's; with the eighth it has failed as often as --failure-ratio
  // asks for four uses, and not for five.
  for (const [host, found] of [[4, 1], [5, 0]]) {
    const uses = { all: host, host, port: 0 };
    const judged = new Judged();
    for (let i = 0; i < 42; i++) {
      probe(judged, apart(i % 6), PORTS[100 + i], { uses, signature: i % 6 });
    }
    assert.equal(campaign(judged, { uses }).scans().length, found, `${host} uses`);
  }
});

Deno.test("clients of the port, who use it more than they fail at it, are no campaign", () => {
  // Sixteen hosts make a campaign. Six sources try four each: for one use three of those count, for two the fourth.
  for (const [port, found] of [[1, 1], [2, 0]]) {
    const judged = new Judged();
    for (let i = 0; i < 24; i++) {
      const uses = { all: port, host: 0, port };
      probe(judged, apart(i % 6), 22, { destination: `203.0.113.${1 + i}`, uses });
    }
    assert.equal(judged.scans().length, found, `${port} uses`);
  }
});

Deno.test("what says nothing of a host is none of a campaign's attempts there, and makes nobody its source", () => {
  // ACKs from a port each may end old connections: they weigh against a host's ports, and are no host of a sweep's.
  const ends = { outcome: "silent", techniques: ["ack"], facts: ["ambiguous"] } as const;
  const ofEnds = { ...ends, techniques: [...ends.techniques], facts: [...ends.facts] };
  for (const [hosts, found] of [[15, []], [16, [4]]] as const) {
    const judged = new Judged();
    for (let i = 0; i < 16; i++) {
      probe(judged, apart(30 + i % 4), 22, { destination: `203.0.113.${1 + i}`, ...ofEnds });
    }
    for (let i = 0; i < hosts; i++) {
      probe(judged, apart(i % 4), 22, { destination: `203.0.113.${1 + i}` });
    }
    assert.deepEqual(judged.scans().map(({ sources }) => sources?.count), found, `${hosts} hosts`);
  }
});

Deno.test("a campaign that rested begins anew: its ports, sources and time from before are forgotten", () => {
  const judged = new Judged();
  for (let i = 0; i < 41; i++) probe(judged, apart(20 + i % 6), PORTS[i]);
  campaign(judged.wait(61));
  const [scan] = judged.scans();
  assert.deepEqual([scan.shape, scan.sources?.count, scan.slow], ["distributed", 6, false]);
});

Deno.test("a campaign that finds no place among scans that did more is not told, and those go on", () => {
  // One is told, and all places are taken.
  const judged = new Judged({ memory: 4, alertBurst: 1 });
  for (let i = 0; i < sizesFor(4).scans; i++) {
    for (const port of PORTS.slice(0, 60)) {
      probe(judged, `192.0.${i}.1`, port, { destination: `198.18.${i}.1`, signature: 900 + i });
    }
  }
  assert.equal(judged.scans().length, 1);
  probe(campaign(judged), apart(1), PORTS[50]);
  assert.equal(judged.scans().length, 1);
});

Deno.test("a campaign that took more than a minute is slow", () => {
  for (const [seconds, slow] of [[1, false], [2, true]] as const) {
    const judged = new Judged();
    for (let i = 0; i < 42; i++) probe(judged.wait(seconds), apart(i % 6), PORTS[i]);
    assert.deepEqual(judged.scans().map((scan) => scan.slow), [slow], `${seconds} s each`);
  }
});

Deno.test("a campaign names 32 of its sources", () => {
  for (const [count, named] of [[32, 32], [33, 32]]) {
    // It takes 120 attempts: each source has tried more than three ports by then.
    const judged = new Judged({ scanWeight: 60 });
    for (let i = 0; i < 120; i++) probe(judged, apart(i % count), PORTS[i]);
    assert.deepEqual(judged.scans().map(({ sources }) => sources?.count), [named], `${count}`);
  }
});

Deno.test("who took the place of one of a campaign's sources is none of them", () => {
  const lost = apart(0), rivals = rivalsOf(lost, manyAddresses(), WAYS);
  for (const count of [WAYS - 1, WAYS]) {
    const judged = new Judged();
    for (let i = 0; i < 41; i++) probe(judged, apart(i % 6), PORTS[i]);
    // Each has more against it than the one whose place is wanted, and looks of its own.
    for (const [i, source] of rivals.slice(0, count).entries()) {
      for (const port of PORTS.slice(60, 70)) {
        probe(judged, source, port, { destination: `203.0.113.${30 + i}`, signature: 100 + i });
      }
    }
    probe(judged, apart(5), PORTS[41]);
    const sources = count === WAYS ? [1, 2, 3, 4, 5] : [0, 1, 2, 3, 4, 5];
    const told = judged.scans().map(({ sources }) => sources?.list.split(",").sort());
    assert.deepEqual(told, [sources.map(apart).sort()], `${count} rivals`);
  }
});
