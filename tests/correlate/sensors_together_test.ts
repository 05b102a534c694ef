// Detectors as sensors have them, each on a host of its own, and a correlator that is told what they say: from packets to
// what a fleet tells.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../src/event.ts";
import type { AttemptOutcome } from "../../src/outcome.ts";
import { decodeOutcome, encodeOutcome } from "../../src/outcome.ts";
import { Traffic } from "../detect/scandog/traffic.ts";
import { Fleet } from "./fleet.ts";

const SENSORS = 40;

/** What each of so many sensors says of its own traffic, in the order in which it was known; and what it tells itself. */
function sensorsSay(play: (traffic: Traffic, host: string, number: number) => void) {
  const said: { sensor: string; outcome: AttemptOutcome }[] = [];
  let told = 0;
  for (let i = 1; i <= SENSORS; i++) {
    const takeOutcome = (outcome: AttemptOutcome) => {
      said.push({ sensor: `host${i}`, outcome: decodeOutcome(encodeOutcome(outcome))! });
    };
    const traffic = new Traffic({ takeOutcome, memory: 4 });
    // They do not begin in the same moment.
    traffic.timeUs += i * 1234;
    play(traffic, `203.0.113.${i}`, i);
    traffic.detector.finish();
    told += traffic.events.filter((event) => event.action === "scan-start").length;
  }
  return { told, said: said.sort((a, b) => a.outcome.settledUs - b.outcome.settledUs) };
}

/** What a correlator tells of it. */
function correlated({ said }: ReturnType<typeof sensorsSay>): ScanEvent[] {
  const fleet = new Fleet();
  for (const { sensor, outcome } of said) {
    fleet.us = outcome.settledUs;
    fleet.correlator.take(sensor, outcome, fleet.us);
  }
  return fleet.wait(400).finish().scans();
}

Deno.test("a load balancer that checks forty servers which are all down is told by nobody", () => {
  const all = sensorsSay((traffic, host) => {
    for (let round = 0; round < 120; round++) {
      traffic.refused("198.51.100.40", host, 8080, 32_768 + round).wait(10);
    }
  });
  assert.equal(all.told, 0);
  assert.ok(all.said.length > SENSORS, "its coming again is said");
  assert.deepEqual(correlated(all), []);
});

Deno.test("a monitor that pings forty hosts that do not answer is told by nobody", () => {
  const all = sensorsSay((traffic, host) => {
    for (let round = 0; round < 25; round++) {
      for (let ping = 0; ping < 3; ping++) traffic.ping("198.51.100.41", host).wait(1);
      traffic.wait(60);
    }
  });
  assert.equal(all.told, 0);
  assert.deepEqual(correlated(all), []);
});

Deno.test("one SYN at each of forty hosts is told once, with all sensors, beside a load balancer", () => {
  const all = sensorsSay((traffic, host, number) => {
    for (let round = 0; round < 30; round++) {
      traffic.refused("198.51.100.40", host, 8080, 32_768 + round).wait(10);
      if (round === 10) traffic.refused("198.51.100.7", host, 22, 50_000 + number);
    }
  });
  assert.equal(all.told, 0);
  const [scan, ...others] = correlated(all);
  assert.deepEqual(others, []);
  assert.deepEqual([scan.source, scan.sensors?.count, scan.hosts.count], ["198.51.100.7", 40, 40]);
});

Deno.test("one ping at each of forty hosts that do not answer is told once", () => {
  const all = sensorsSay((traffic, host) => traffic.ping("198.51.100.42", host).wait(600));
  assert.equal(all.told, 0);
  const scans = correlated(all);
  assert.deepEqual(scans.map(({ source, techniques }) => [source, techniques]), [
    ["198.51.100.42", ["icmp-echo"]],
  ]);
});
