// Other options for a detector that runs.

import assert from "node:assert/strict";
import { parsePrefix } from "../../../src/address.ts";
import type { DetectorOptions } from "../../../src/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { SCANDOG } from "../../../src/params.ts";
import { Traffic } from "./traffic.ts";

const SCANNER = "198.51.100.7", OTHER = "198.51.100.8", TARGET = "203.0.113.1";

function options(
  values: Record<string, number> = {},
  other: Partial<DetectorOptions> = {},
): DetectorOptions {
  const all = Object.entries(scandogOptions({ memory: 16 })).filter(([key]) => key in SCANDOG);
  return { values: { ...Object.fromEntries(all), ...values }, home: [], ignore: [], ...other };
}

function ports(traffic: Traffic, source: string, first: number, count: number): void {
  // From ports of their own, or two sources' probes were alike.
  const sport = source === OTHER ? 50000 : 40000;
  for (let port = first; port < first + count; port++) {
    traffic.refused(source, TARGET, port, sport + port);
  }
}

Deno.test("ScandogDetector takes other thresholds and keeps what it knows", () => {
  for (const [scanWeight, named] of [[21, [SCANNER]], [24, []]] as const) {
    const traffic = new Traffic();
    ports(traffic, SCANNER, 21, 4); // 12 of 21
    assert.ok(traffic.detector.reconfigure(options({ scanWeight })));
    ports(traffic, SCANNER, 25, 3); // 21
    assert.deepEqual(traffic.named(), named);
  }
});

Deno.test("ScandogDetector takes sources to ignore and weights of targets", () => {
  const traffic = new Traffic();
  ports(traffic, SCANNER, 21, 4);
  const ignore = [parsePrefix(OTHER)!];
  const weigh = [{ prefix: parsePrefix(TARGET)!, weight: 0 }];
  assert.ok(traffic.detector.reconfigure(options({}, { ignore, weigh })));
  ports(traffic, SCANNER, 25, 20);
  ports(traffic, OTHER, 25, 20);
  assert.deepEqual(traffic.named(), []);
  assert.ok(traffic.detector.reconfigure(options({}, { ignore })));
  ports(traffic, OTHER, 60, 20);
  ports(traffic, SCANNER, 60, 20);
  assert.deepEqual(traffic.named(), [SCANNER]);
});

Deno.test("ScandogDetector refuses what its tables depend on, and another profile's options", () => {
  const traffic = new Traffic();
  for (
    const given of [
      options({ memory: 32 }),
      options({ remember: 3600 }),
      options({ answerWait: 9 }),
      options({}, { home: [parsePrefix(TARGET)!] }),
      { values: { scanWeight: 5 }, home: [], ignore: [] },
    ]
  ) {
    assert.ok(!traffic.detector.reconfigure(given), JSON.stringify(given));
  }
  ports(traffic, SCANNER, 21, 7);
  assert.deepEqual(traffic.named(), [SCANNER]);
  assert.throws(() => traffic.detector.reconfigure(options({ scanWeight: 3 })), RangeError);
});
