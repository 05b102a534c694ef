// The detector's options: what a sensitivity makes of them, which contradict each other, and which a running detector
// takes.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../src/address.ts";
import type { DetectorOptions } from "../../../src/detector.ts";
import {
  checkOptions,
  relationFaults,
  scandogOptions,
  takeOptions,
} from "../../../src/detect/scandog/options.ts";
import { SCANDOG } from "../../../src/params.ts";

Deno.test("scandogOptions() scales three thresholds by the sensitivity, rounded up, within their ranges", () => {
  const thresholds = (sensitivity?: "low" | "normal" | "high") => {
    const { scanWeight, sweepHosts, blockTargets } = scandogOptions({}, sensitivity);
    return [scanWeight, sweepHosts, blockTargets];
  };
  assert.deepEqual(thresholds(), [21, 8, 24]);
  assert.deepEqual(thresholds("normal"), [21, 8, 24]);
  assert.deepEqual(thresholds("low"), [42, 16, 48]);
  assert.deepEqual(thresholds("high"), [11, 4, 12]);
  const high = scandogOptions({}, "high"), normal = scandogOptions();
  assert.deepEqual([high.privilegedWeight, high.remember], [
    normal.privilegedWeight,
    normal.remember,
  ]);
});

Deno.test("scandogOptions() takes what is given as it is, whatever the sensitivity", () => {
  const options = scandogOptions({ scanWeight: 30, seed: 9 }, "low");
  assert.deepEqual([options.scanWeight, options.seed], [30, 9]);
  const { seed, home, ignore, weigh } = scandogOptions();
  assert.deepEqual([seed, home, ignore, weigh], [1, [], [], []]);
});

Deno.test("relationFaults() wants a scan to weigh more than any port, and its end within what is remembered", () => {
  const faults = (values: Record<string, number>) =>
    relationFaults({ ...scandogOptions(), exoticWeight: 5, privilegedWeight: 6, ...values });
  const weight = "--scan-weight must be above the weight of any single port";
  const silence = "--end-silence must be at most --remember";
  assert.deepEqual(faults({ scanWeight: 7 }), []);
  assert.deepEqual(faults({ scanWeight: 6 }), [weight]);
  assert.deepEqual(faults({ scanWeight: 7, exoticWeight: 7 }), [weight]);
  assert.deepEqual(faults({ endSilence: 600, remember: 600 }), []);
  assert.deepEqual(faults({ endSilence: 601, remember: 600 }), [silence]);
  assert.deepEqual(faults({ scanWeight: 2, endSilence: 601, remember: 600 }), [weight, silence]);
});

Deno.test("checkOptions() names all that is wrong: what is out of its range, and what contradicts", () => {
  checkOptions(scandogOptions());
  assert.throws(
    () => checkOptions(scandogOptions({ memory: 1, endSilence: 7000, remember: 6000 })),
    (error) =>
      error instanceof RangeError &&
      /^Cannot create ScandogDetector: .*memory.*; --end-silence must be/.test(error.message),
  );
});

/** What `takeOptions` makes of options of which one has another value. */
function taken(key: string, value: number) {
  const options = scandogOptions(), before = { ...options };
  const values: Record<string, number> = {};
  for (const name of Object.keys(SCANDOG)) values[name] = before[name as keyof typeof SCANDOG];
  values[key] = value;
  const isTaken = takeOptions(options, { values, home: [], ignore: [] } as DetectorOptions);
  const changed = Object.keys(SCANDOG).filter((name) =>
    options[name as keyof typeof SCANDOG] !== before[name as keyof typeof SCANDOG]
  );
  return { isTaken, changed };
}

Deno.test("takeOptions() takes thresholds and weights, and nothing that tables are made for", () => {
  const anew = [
    ...["scanWeight", "sweepHosts", "blockTargets", "failureRatio", "networkFactor"],
    ...["groupSources", "exoticWeight", "privilegedWeight", "portWeight"],
  ];
  for (const key of Object.keys(SCANDOG)) {
    const { default: now, max } = SCANDOG[key as keyof typeof SCANDOG];
    const { isTaken, changed } = taken(key, now < max ? now + 1 : now - 1);
    assert.equal(isTaken, anew.includes(key), key);
    assert.deepEqual(changed, isTaken ? [key] : [], key);
  }
});

Deno.test("takeOptions() takes sources to ignore and weights of targets, and no other home", () => {
  const options = scandogOptions({ home: [parsePrefix("192.0.2.0/24")!] });
  const values = options as unknown as Record<string, number>;
  const ignore = [parsePrefix("198.51.100.0/24")!];
  const weigh = [{ prefix: parsePrefix("192.0.2.1")!, weight: 0 }];
  const given = { values, home: [parsePrefix("192.0.2.0/24")!], ignore, weigh };
  assert.equal(takeOptions(options, given), true);
  assert.deepEqual([options.ignore, options.weigh], [ignore, weigh]);
  assert.equal(takeOptions(options, { ...given, home: [], ignore: [] }), false);
  assert.deepEqual(options.ignore, ignore);
  assert.equal(takeOptions(options, { ...given, weigh: undefined }), true);
  assert.deepEqual(options.weigh, []);
});

Deno.test("takeOptions() throws on values that contradict each other, and changes nothing", () => {
  const options = scandogOptions();
  const values = { ...options, scanWeight: 3 } as unknown as Record<string, number>;
  assert.throws(() => takeOptions(options, { values, home: [], ignore: [] }), RangeError);
  assert.equal(options.scanWeight, 21);
});
