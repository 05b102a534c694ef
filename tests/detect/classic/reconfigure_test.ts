// Other values for a running detector: it takes what leaves its tables as they are, and refuses the rest.

import assert from "node:assert/strict";
import { SCANLOGD_2_RULES } from "../../../src/detect/classic/rules.ts";
import { defaults } from "../../../src/params.ts";
import { Bench, from } from "./packets.ts";

const VALUES = defaults(SCANLOGD_2_RULES.tunables);
const NOBODY = { home: [], ignore: [] };

Deno.test("ClassicDetector takes other times and limits, and knows what it knew", () => {
  const bench = new Bench(SCANLOGD_2_RULES);
  bench.ports(0, 0.1, from(5000, 20));
  const values = { ...VALUES, scanDelay: 60, floodCount: 1 };
  assert.equal(bench.detector.reconfigure({ values, ...NOBODY }), true);
  // Longer than the delay before.
  bench.packet(30, { port: 6000 });
  assert.equal(bench.scans.length, 1);
  bench.ports(31, 0.1, from(5000, 21), { source: "10.0.0.3" });
  bench.ports(35, 0.1, from(5000, 21), { source: "10.0.0.4" });
  assert.deepEqual(bench.events.map(({ action }) => action), ["scan-start", "alerts-suppressed"]);
});

Deno.test("ClassicDetector refuses other sizes and weights, and stays as it was", () => {
  const bench = new Bench(SCANLOGD_2_RULES);
  bench.ports(0, 0.1, from(5000, 20));
  const changes: Record<string, number>[] = [
    { tableSources: VALUES.tableSources * 2 },
    { hashBits: VALUES.hashBits + 1 },
    { scanWeight: VALUES.scanWeight + 1 },
    { privilegedWeight: VALUES.privilegedWeight + 1 },
    { portWeight: VALUES.portWeight + 1 },
    { scanDelay: -1 },
  ];
  for (const change of changes) {
    const options = { values: { ...VALUES, ...change }, ...NOBODY };
    assert.equal(bench.detector.reconfigure(options), false, JSON.stringify(change));
  }
  // A filter before it would have to be made.
  const ignore = [{ address: new Uint8Array(16), bits: 0 }];
  assert.equal(bench.detector.reconfigure({ values: VALUES, home: [], ignore }), false);
  bench.packet(2.1, { port: 6000 });
  assert.equal(bench.scans.length, 1);
});
