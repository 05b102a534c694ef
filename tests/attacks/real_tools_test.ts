// Scans that hide, made by real tools (tests/lab): the sources, what they learned, and nobody else.

import assert from "node:assert/strict";
import { expandAddress } from "../lab/ranges.ts";
import { captureBytes } from "../support/run_capture.ts";
import { inRepository } from "../support/paths.ts";
import { hear, type Heard, settle, words } from "./cases.ts";

interface Truth {
  scans: {
    sources: string[];
    forged?: string[];
    techniques: string[];
    shape: string;
    hosts: string[];
    ports?: { count: number; list: string; open: string; closed: string; silent: string };
    evidence: string;
  }[];
}

const FOLDER = inRepository("testdata/attacks/real/");
const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

/** `203.0.113.10-203.0.113.89` and single addresses. */
function countHosts(hosts: readonly string[]): number {
  return hosts.reduce((sum, host) => {
    const [first, last] = host.split("-");
    if (last === undefined) return sum + 1;
    return sum + expandAddress(`${first}-${last.split(".").pop()}/24`).length;
  }, 0);
}

function countPorts(list: string): number {
  return list.split(",").filter(Boolean).reduce((sum, part) => {
    const [first, last = first] = part.split("-").map(Number);
    return sum + last - first + 1;
  }, 0);
}

/** Decoys may be told with the story that their sender has already: then there are fewer stories. */
function expectScans({ told }: Heard, { scans }: Truth, mayJoin: boolean): void {
  const said = told.map(words).join("; ") || "says nothing";
  const named = [...new Set(told.map(({ source }) => source))].sort();
  assert.deepEqual(named, [...new Set(scans.flatMap(({ sources }) => sources))].sort(), said);
  if (!mayJoin) assert.equal(told.length, scans.length, said);
  scans.forEach((scan, i) => {
    const one = mayJoin ? told.find(({ shape }) => shape === scan.shape) : told[i];
    assert.ok(one !== undefined, said);
    assert.equal(one.shape, scan.shape, said);
    assert.equal(one.techniques, scan.techniques.join("+"), said);
    assert.equal(one.hosts, countHosts(scan.hosts), said);
    // What an earlier scan of the same source has proved is still true of it.
    const proofs = scans.filter(({ sources }) => sources.includes(one.source));
    assert.ok(proofs.some(({ evidence }) => evidence === one.evidence), said);
    assert.equal(one.forged, scan.forged?.length ?? 0, said);
    if (scan.forged) {
      const all = [...scan.sources, ...scan.forged].sort().join();
      assert.equal(one.sources.split(",").sort().join(), all, said);
    }
    if (scan.ports === undefined) return;
    assert.equal(one.ports, scan.ports.count, said);
    assert.equal(one.list, scan.ports.list, said);
    assert.equal(one.open, scan.ports.open, said);
    if (scan.shape === "horizontal") return;
    assert.equal(one.closed, countPorts(scan.ports.closed), said);
    assert.equal(one.silent, countPorts(scan.ports.silent), said);
  });
}

Deno.test("there are captures of real tools that hide", () => assert.ok(names.length >= 14));

for (const name of names) {
  Deno.test(`real tools: ${name}`, () => {
    const folder = `${FOLDER}${name}/`;
    const truth: Truth = JSON.parse(Deno.readTextFileSync(`${folder}case.json`));
    const file = [...Deno.readDirSync(folder)].find((entry) => /^capture\./.test(entry.name))!;
    const wrong: string[] = [];
    try {
      const heard = hear(captureBytes(folder + file.name));
      expectScans(heard, truth, name === "decoys-after-scan");
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      wrong.push(error.message.split("\n")[0]);
    }
    settle(`real tools: ${name}`, wrong, 1);
  });
}
