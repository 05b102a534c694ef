// Pings that come back beside a scan of ports: a greeting of its targets while they are few, a sweep from then on.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../../src/event.ts";
import { Judged } from "../judged.ts";

/** Limits of the detector, written out: a number taken from there would follow any mistake in it. */
const PINGED_MIN = 3;

const SCANNER = "198.51.100.7";

function ping(judged: Judged, host: number): void {
  judged.take({
    ...{ source: SCANNER, destination: `203.0.113.${100 + host}`, target: "ping" },
    ...{ port: 0, sourcePort: 0, tcpFlags: 0, techniques: ["icmp-echo"] },
    ...{ outcome: "empty", facts: ["open", "replied"] },
  });
}

/** What is told at the end of a scan of ports with so many pings of other hosts before and after it. */
function told(before: number, after: number): [techniques: string, hosts: number] {
  const judged = new Judged();
  for (let host = 0; host < before; host++) ping(judged, host);
  for (let port = 21; port < 41; port++) judged.refused(SCANNER, port);
  for (let host = 0; host < after; host++) ping(judged, before + host);
  judged.wait(300).intake.finish();
  const ends = judged.events.filter((event): event is ScanEvent => event.action === "scan-end");
  assert.equal(ends.length, 1);
  return [ends[0].techniques.join("+"), ends[0].hosts.count];
}

Deno.test("answered pings are part of a scan from so many hosts on, whether they came before it or after", () => {
  for (const before of [0, 1, PINGED_MIN - 1]) {
    assert.deepEqual(told(before, PINGED_MIN - 1 - before), ["syn", 1], `${before} before`);
    assert.deepEqual(
      told(before, PINGED_MIN - before),
      ["syn+icmp-echo", 1 + PINGED_MIN],
      `${before} before, and one more after`,
    );
  }
  assert.deepEqual(told(PINGED_MIN, 0), ["syn+icmp-echo", 1 + PINGED_MIN]);
});
