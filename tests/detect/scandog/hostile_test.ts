// Input that means harm to the detector itself: every field at its extremes, clocks that leap, tables
// that fill. Bounded work, no exception, the same result every time.

import assert from "node:assert/strict";
import { RECORD_BYTES, Records } from "../../../src/record.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { inRepository } from "../../support/paths.ts";
import { type MakeDetector, runCapture } from "../../support/run_capture.ts";
import { EARLY_ALERT, EMPTY_SCAN } from "./mutants.ts";
import { random, Syn, Traffic } from "./traffic.ts";

/** Random records with few addresses, so that they meet. Every other field is anything. */
function noise(seed: number, count: number, onlyTime = false): unknown[] {
  const next = random(seed);
  const records = Records.allocate(1);
  const events: unknown[] = [];
  const detector = new ScandogDetector(
    records,
    scandogOptions({ memory: 4, seed }),
    (event) => events.push(event),
  );
  const { bytes, f64 } = records;
  let timeUs = 1e15;
  for (let i = 0; i < count; i++) {
    for (let at = 8; at < RECORD_BYTES; at++) bytes[at] = next() * 256;
    for (const at of [8, 24, 96, 112]) {
      const isV4 = next() < 0.7;
      bytes.fill(0, at, at + 16);
      if (isV4) bytes.fill(255, at + 10, at + 12);
      bytes[at + 12] = 10;
      bytes[at + 15] = next() * 6;
      if (next() < 0.05) bytes.fill(next() < 0.5 ? 0 : 255, at, at + 16);
    }
    bytes[60] = next() * 9;
    bytes[61] = next() < 0.5 ? 4 : 6;
    const leap = next();
    if (leap < 0.001) timeUs -= 3e13;
    else if (leap < 0.002) timeUs += 3e13;
    else if (leap < 0.1) timeUs -= 5e5;
    else timeUs += next() * 2e5;
    f64[0] = onlyTime ? 1e15 : timeUs;
    detector.process(0, 1);
  }
  detector.finish();
  return events;
}

Deno.test("random records never throw, and give the same events every time", () => {
  const seed = Number(Deno.env.get("SEED") ?? 20261122);
  console.log(`seed ${seed}`);
  for (let i = 0; i < 5; i++) {
    assert.deepEqual(noise(seed + i, 20_000), noise(seed + i, 20_000));
  }
});

Deno.test("a capture whose clock stands still is judged at its end", () => {
  noise(7, 20_000, true);
  const traffic = new Traffic({}, 0);
  for (let port = 1; port <= 10; port++) traffic.refused("198.51.100.7", "203.0.113.10", port);
  assert.deepEqual(traffic.named(), ["198.51.100.7"]);
});

Deno.test("a clock that steps back a year and leaps two does not invent or lose a scan", () => {
  const traffic = new Traffic();
  for (let i = 0; i < 30; i++) {
    traffic.used(`198.51.100.${i}`, "203.0.113.10", 443).wait(i % 2 === 0 ? -31e6 : 62e6);
  }
  for (let port = 1; port <= 10; port++) {
    traffic.refused("198.51.100.7", "203.0.113.10", port).wait(-100);
  }
  assert.deepEqual(traffic.named(), ["198.51.100.7"]);
});

Deno.test("a host that talks to itself is followed like any other", () => {
  const traffic = new Traffic();
  for (let port = 1; port <= 20; port++) traffic.refused("127.0.0.1", "127.0.0.1", port);
  traffic.send({ from: "10.0.0.1", to: "10.0.0.1", sport: 7, dport: 7, flags: Syn });
  assert.deepEqual(traffic.named(), ["127.0.0.1"]);
});

Deno.test("verdicts do not depend on the seed", () => {
  const build = (seed: number) => {
    const traffic = new Traffic({ seed });
    for (let port = 1; port <= 200; port++) {
      traffic.refused("198.51.100.7", "203.0.113.10", port)
        .used("198.51.100.8", "203.0.113.10", 80, port);
    }
    return traffic.scans().map(({ source, ports, attempts }) => ({ source, ports, attempts }));
  };
  assert.equal(build(1).length, 1);
  assert.deepEqual(build(1), build(99));
});

Deno.test("what is told does not depend on how many records are handed over at once", () => {
  const run = (capture: string | Uint8Array, batch: number) => {
    const make: MakeDetector = (r, e) => new ScandogDetector(r, scandogOptions({ memory: 16 }), e);
    return runCapture(capture, make, {}, batch).events;
  };
  const busy = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
  for (const capture of [EMPTY_SCAN, EARLY_ALERT, busy]) {
    const one = run(capture, 1);
    assert.ok(one.length > 0);
    for (const batch of [2, 61, 4096]) assert.deepEqual(run(capture, batch), one, `${batch}`);
  }
});

Deno.test("impossible options are refused with their names", () => {
  const make = (given: Parameters<typeof scandogOptions>[0]) => () =>
    new ScandogDetector(Records.allocate(1), scandogOptions(given), () => {});
  assert.throws(make({ scanWeight: 0 }), /--scan-weight must be from/);
  assert.throws(make({ exoticWeight: 30, scanWeight: 21 }), /above the weight of any single port/);
  assert.throws(make({ endSilence: 9000 }), /--end-silence must be at most --remember/);
});

Deno.test("sensitivity scales the thresholds together", () => {
  const low = scandogOptions({}, "low"), high = scandogOptions({}, "high");
  assert.equal(low.scanWeight, 42);
  assert.equal(high.scanWeight, 11);
  assert.ok(low.sweepHosts > high.sweepHosts);
});

Deno.test("no scan is told that is empty, or that ends after it is told", () => {
  let told = 0;
  for (const given of [{}, { remember: 120, scanWeight: 8, endSilence: 5 }]) {
    for (const capture of [EMPTY_SCAN, EARLY_ALERT]) {
      const options = scandogOptions({ memory: 16, ...given });
      const { events } = runCapture(capture, (r, e) => new ScandogDetector(r, options, e));
      const scans = events.filter((event) => "scan" in event);
      told += scans.length;
      for (const { hosts, techniques, startUs, endUs, timeUs } of scans) {
        assert.ok(hosts.count > 0 && techniques.length > 0);
        assert.ok(startUs <= endUs && endUs <= timeUs, `${startUs} ${endUs} ${timeUs}`);
      }
    }
  }
  assert.ok(told > 0);
});
