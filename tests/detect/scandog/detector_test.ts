// What the detector makes due by time while nothing comes, and what packets make due: each part has its turn.

import assert from "node:assert/strict";
import { Kind } from "../../../src/record.ts";
import { Traffic } from "./traffic.ts";

const SCANNER = "198.51.100.7";
/** The longest wait for a second look, and a second. */
const LOOKED_TWICE_S = 611;

/** Time passes while nothing comes, as in live capture. */
function pass(traffic: Traffic, seconds: number): Traffic {
  traffic.wait(seconds).detector.advance(traffic.timeUs);
  return traffic;
}

Deno.test("a sweep in which every host answers once is told when none was asked again, and not at the end alone", () => {
  const traffic = new Traffic();
  const dns = { kind: Kind.Udp, payload: 40 };
  for (let host = 1; host <= 60; host++) {
    const to = `203.0.113.${host}`;
    traffic.send({ from: SCANNER, to, sport: 40000, dport: 161, ...dns });
    traffic.send({ from: to, to: SCANNER, sport: 161, dport: 40000, ...dns, payload: 90 });
  }
  assert.deepEqual(pass(traffic, LOOKED_TWICE_S - 2).told(), []);
  assert.deepEqual(pass(traffic, 3).told().map(({ source }) => source), [SCANNER]);
});
