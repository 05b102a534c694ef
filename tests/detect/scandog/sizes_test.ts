// How the memory is divided among the tables, in plain numbers.

import assert from "node:assert/strict";
import { Tools } from "../../../src/detect/scandog/beside/tool/tools.ts";
import { sizesFor } from "../../../src/detect/scandog/sizes.ts";

Deno.test("sizesFor() gives the default's memory to a quarter of a million attempts, and all else in proportion", () => {
  assert.deepEqual(sizesFor(64), {
    attempts: 262_144,
    probation: 524_288,
    subjects: 32_768,
    pairs: 65_536,
    scans: 189,
    foundPorts: 32_768,
  });
  assert.deepEqual(sizesFor(4), {
    attempts: 16_384,
    probation: 32_768,
    subjects: 2_048,
    pairs: 4_096,
    scans: 11,
    foundPorts: 2_048,
  });
});

Deno.test("sizesFor() has eight scans and 64 entries at least, and 512 scans at most", () => {
  // A scan takes 26 KiB and what is counted for its tool.
  assert.equal(Tools.SCAN_COST, 3884);
  assert.deepEqual([172, 173, 256].map((mib) => sizesFor(mib).scans), [508, 511, 512]);
  assert.deepEqual([2, 3, 4].map((mib) => sizesFor(mib).scans), [8, 8, 11]);
  const { attempts, probation, subjects, pairs, foundPorts } = sizesFor(0.001);
  assert.deepEqual([attempts, probation, subjects, pairs, foundPorts], [64, 64, 64, 64, 64]);
});

Deno.test("sizesFor() doubles each table at the size from which on its share holds twice the entries", () => {
  /** The entries of a table where it has grown, and the MiB from which on it has. */
  const grown: [
    table: "attempts" | "probation" | "subjects" | "pairs" | "foundPorts",
    entries: number,
    mib: number,
  ][] = [
    ["attempts", 262_144, 64],
    ["probation", 524_288, 64],
    ["subjects", 32_768, 63],
    ["pairs", 65_536, 64],
    ["foundPorts", 32_768, 64],
  ];
  for (const [table, entries, mib] of grown) {
    const [before, after] = [mib - 1, mib].map((size) => sizesFor(size)[table]);
    assert.deepEqual([before, after], [entries / 2, entries], table);
  }
});
