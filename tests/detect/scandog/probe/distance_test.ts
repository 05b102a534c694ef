import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import { ScandogDetector } from "../../../../src/detect/scandog/detector.ts";
import {
  hopsOf,
  isTtlContradiction,
  type Seen,
} from "../../../../src/detect/scandog/probe/distance.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { runCapture } from "../../../support/run_capture.ts";
import { testCases } from "../corpus.ts";

function seen(ttlMin: number, ttlMax: number, changes: Partial<Seen> = {}): Seen {
  return {
    ttlMin,
    ttlMax,
    probes: 20,
    ipVersion: 4,
    isArp: false,
    isRawNmap: false,
    isOneSource: true,
    ...changes,
  };
}

function hops(min: number, max = min): { min: number; max: number } {
  return { min, max };
}

Deno.test("hopsOf() counts down from the next usual initial TTL", () => {
  assert.deepEqual(hopsOf(seen(64, 64)), hops(0));
  assert.deepEqual(hopsOf(seen(52, 52)), hops(12));
  assert.deepEqual(hopsOf(seen(128, 128)), hops(0));
  assert.deepEqual(hopsOf(seen(113, 113)), hops(15));
  assert.deepEqual(hopsOf(seen(250, 250)), hops(5));
  assert.deepEqual(hopsOf(seen(30, 30)), hops(2));
});

Deno.test("hopsOf() gives a range for a route that changes, and where two beginnings fit", () => {
  assert.deepEqual(hopsOf(seen(50, 53)), hops(11, 14));
  assert.deepEqual(hopsOf(seen(33, 33)), hops(31));
  assert.deepEqual(hopsOf(seen(31, 32)), hops(0, 1));
  assert.equal(hopsOf(seen(32, 33)), undefined); // no beginning leaves a route for both
});

Deno.test("hopsOf() says nothing of TTLs that no route explains", () => {
  for (const ttl of [1, 9, 24, 65, 96, 129, 223]) {
    assert.equal(hopsOf(seen(ttl, ttl)), undefined, `${ttl}`);
  }
  assert.equal(hopsOf(seen(50, 54)), undefined);
  assert.equal(hopsOf(seen(50, 50, { probes: 4 })), undefined);
  assert.equal(hopsOf(seen(255, 0)), undefined);
  assert.equal(hopsOf(seen(0, 0)), undefined);
});

Deno.test("hopsOf() knows that 255 and ARP come from this link", () => {
  assert.deepEqual(hopsOf(seen(255, 255)), hops(0));
  assert.deepEqual(hopsOf(seen(255, 255, { probes: 1, ipVersion: 6 })), hops(0));
  assert.deepEqual(hopsOf(seen(255, 0, { isArp: true })), hops(0));
});

Deno.test("hopsOf() bounds the distance of nmap by the TTLs that it draws from", () => {
  const raw = { isRawNmap: true };
  assert.deepEqual(hopsOf(seen(36, 58, raw)), hops(1));
  assert.deepEqual(hopsOf(seen(40, 52, raw)), hops(0, 7));
  assert.deepEqual(hopsOf(seen(17, 30, raw)), hops(20, 29));
  assert.equal(hopsOf(seen(9, 9, raw)), undefined); // --ttl
  assert.equal(hopsOf(seen(20, 63, raw)), undefined);
  assert.deepEqual(hopsOf(seen(254, 254, { ...raw, ipVersion: 6 })), hops(1));
});

Deno.test("isTtlContradiction() is for one source whose TTL changes more than routes do", () => {
  assert.equal(isTtlContradiction(seen(37, 59)), true);
  assert.equal(isTtlContradiction(seen(50, 53)), false);
  assert.equal(isTtlContradiction(seen(37, 59, { isOneSource: false })), false);
});

Deno.test("hops of every event hold the true distance", () => {
  const sums = { right: 0, exact: 0, wrong: 0, unsaid: 0 };
  for (const { name, file } of testCases()) {
    const truth = JSON.parse(Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")));
    const { events } = runCapture(
      file,
      (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
    );
    for (const event of events.filter((event): event is ScanEvent => "scan" in event)) {
      const scan = truth.scans.find(({ sources }: { sources: string[] }) =>
        sources.includes(event.source)
      );
      if (scan?.hops === undefined) continue;
      if (event.hops === undefined) {
        sums.unsaid++;
        continue;
      }
      // Seen on both sides of a router, it is as far away as on the nearer one.
      const nearest = name === "format-two-interfaces" ? scan.hops - 1 : scan.hops;
      const isRight = event.hops.min <= scan.hops && nearest <= event.hops.max;
      assert.ok(isRight, `${name} ${event.action}: ${event.hops.min}-${event.hops.max}`);
      sums.right++;
      if (event.hops.min === event.hops.max) sums.exact++;
    }
  }
  console.table(sums);
  assert.ok(sums.right > sums.unsaid, "most scans have a distance");
});
