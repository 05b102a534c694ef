// Groups of sources that send the same probes: how many they may be, to whom they are laid, who is none of them.
// Outcomes in, scans out.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import type { Fact } from "../../../../src/outcome.ts";
import { MEMBERS_MAX } from "../../../../src/detect/scandog/scan/scan.ts";
import { Judged } from "../judged.ts";

const SCANNER = "198.51.100.7";
const decoy = (i: number) => `${20 + i % 90}.${i >> 4}.7.${1 + i % 250}`;
const decoys = (count: number) => Array.from({ length: count }, (_, i) => decoy(i));

/** The same refused probes from all of these, port by port. */
function together(judged: Judged, sources: readonly string[], ports: number, first = 21): void {
  for (let port = first; port < first + ports; port++) {
    for (const source of sources) judged.take({ source, port, sequence: port, sourcePort: 40_000 });
  }
}

/** Ports that one asks for alone. */
function alone(judged: Judged, source: string, ports: number, first = 301): void {
  for (let port = first; port < first + ports; port++) {
    judged.take({ source, port, sequence: 7 * port, sourcePort: 50_000 });
  }
}

function ends(judged: Judged): ScanEvent[] {
  judged.wait(200).intake.finish();
  return judged.events.filter((event): event is ScanEvent => event.action === "scan-end");
}

Deno.test("a group of any size is one scan, of which all sources are counted", () => {
  for (const count of [1, MEMBERS_MAX - 1, MEMBERS_MAX, MEMBERS_MAX + 1, 3 * MEMBERS_MAX]) {
    const judged = new Judged();
    together(judged, [...decoys(count), SCANNER], 12);
    const all = ends(judged);
    assert.deepEqual(
      all.map(({ shape, sources, ports }) => [shape, sources?.count, sources?.forged, ports.count]),
      [["decoy", count + 1, count, 12]],
      `${count}`,
    );
  }
});

Deno.test("a group whose scan has ended is a scan again when it comes back", () => {
  for (const count of [3, MEMBERS_MAX + 40]) {
    const judged = new Judged();
    for (let k = 0; k < 2; k++) {
      together(judged, [...decoys(count), SCANNER], 12);
      judged.wait(400);
    }
    assert.deepEqual(ends(judged).map(({ sources }) => sources?.forged), [count, count]);
  }
});

Deno.test("whoever proves to be real has a place among the sources that are named, however late it joined", () => {
  const facts: Fact[] = ["open", "replied", "reset"];
  for (const count of [10, MEMBERS_MAX + 30]) {
    const judged = new Judged();
    const sources = [...decoys(count), SCANNER];
    together(judged, sources, 4);
    judged.take({ source: SCANNER, port: 80, sequence: 80, outcome: "half-open", facts });
    together(judged, sources, 8, 31);
    const [end] = ends(judged);
    assert.equal(end.source, SCANNER);
    assert.equal(end.evidence, "reset");
    assert.equal(end.sources?.forged, count);
    assert.ok(end.sources?.list.split(",").includes(SCANNER));
  }
});

Deno.test("who does more than its look-alikes is told alone, by less it is one of them", () => {
  for (const [own, kinds] of [[9, ["vertical"]], [1, ["decoy"]]] as const) {
    const judged = new Judged();
    together(judged, [...decoys(5), SCANNER], own === 9 ? 1 : 12);
    alone(judged, SCANNER, own);
    const all = ends(judged);
    assert.deepEqual(all.map(({ shape }) => shape), kinds);
    assert.equal(all[0].source, SCANNER);
  }
});

Deno.test("a group is laid to the one of its members that has a story, unless they do not tell", () => {
  const other = decoy(2);
  const facts: Fact[] = ["open", "replied", "handshake"];
  const cases: [string, (judged: Judged) => void, string[]][] = [
    ["one was told", (judged) => alone(judged, SCANNER, 20), [SCANNER]],
    ["two were told", (judged) => {
      alone(judged, SCANNER, 20);
      alone(judged, other, 20, 401);
    }, [SCANNER, other]],
    ["another is real", (judged) => {
      alone(judged, SCANNER, 20);
      judged.take({ source: other, port: 5, outcome: "half-open", facts, sequence: 9 });
      judged.take({ source: other, port: 6, sequence: 10 });
    }, [SCANNER, other]],
  ];
  for (const [name, before, named] of cases) {
    const judged = new Judged();
    before(judged);
    together(judged, [...decoys(4), SCANNER], 12);
    const all = ends(judged.wait(1));
    const sources = new Set(all.map(({ source }) => source));
    for (const source of named) assert.ok(sources.has(source), `${name}: ${[...sources]}`);
    if (named.length > 1) continue;
    assert.equal(all.length, 1, name);
    assert.deepEqual([all[0].shape, all[0].sources?.forged], ["decoy", 4]);
    assert.ok(judged.events.some(({ action }) => action === "scan-update"), "said at once");
  }
});

Deno.test("a reset with a window chooses nobody among decoys, and still is one of a lone source", () => {
  const facts: Fact[] = ["open", "replied", "reset", "odd-reset"];
  for (const [count, evidence] of [[0, "reset"], [4, "none"]] as const) {
    const judged = new Judged();
    const sources = [...decoys(count), SCANNER];
    judged.take({ source: SCANNER, port: 80, sequence: 80, outcome: "half-open", facts });
    together(judged, sources, 12);
    const [end] = ends(judged);
    assert.equal(end.evidence, evidence, `${count} decoys`);
  }
});

Deno.test("a group is not laid to a story that came from elsewhere on the link, or on another sensor's", () => {
  const cases: [string, [link: number, sensor: number], number][] = [
    ["the same", [6, 0], 1],
    ["another", [7, 0], 2],
    ["the same number, of another sensor", [6, 1], 2],
    ["not known", [0, 0], 1],
  ];
  for (const [name, [linkSource, sensor], count] of cases) {
    const judged = new Judged();
    for (let port = 301; port < 321; port++) {
      judged.take({ source: SCANNER, port, sequence: 7 * port, linkSource: 6 });
    }
    for (let port = 21; port < 33; port++) {
      const copy = { port, sequence: port, sourcePort: 40_000 };
      judged.take({ ...copy, source: SCANNER, linkSource: 6 });
      for (const source of decoys(4)) judged.take({ ...copy, source, linkSource }, sensor);
    }
    assert.equal(ends(judged.wait(1)).length, count, name);
  }
});

Deno.test("two groups that a common probe shows to be one are one scan, and their copies add up", () => {
  const [a, b, c, d] = decoys(4);
  for (
    const [isEarlier, kinds] of [[true, ["decoy"]], [false, ["vertical", "vertical"]]] as const
  ) {
    // Six ports below 1024 are a scan.
    const judged = new Judged({ scanWeight: 18 });
    if (isEarlier) {
      together(judged, [a, b], 1, 21);
      together(judged, [c, d], 1, 22);
    }
    together(judged, [b, c], 1, 23);
    alone(judged, b, isEarlier ? 4 : 5, 51);
    alone(judged, c, isEarlier ? 4 : 5, 61);
    const all = ends(judged);
    assert.deepEqual(all.map(({ shape }) => shape), kinds);
    if (isEarlier) assert.equal(all[0].sources?.count, 4);
  }
});
