import assert from "node:assert/strict";
import { summaryLines } from "../../src/command/summary.ts";

const TOTALS = {
  decoded: {
    packets: 1_234_567,
    bytes: 98_765_432,
    byKind: { tcp: 1_234_000, udp: 500 },
    malformed: { "IP header cut short": 7 },
    other: { "another link protocol": 60 },
    cut: 0,
    fragments: 12,
    datagramsWhole: 5,
    datagramsLost: 1,
  },
  bytesRead: 118_518_528,
  elapsedMs: 500,
  faults: [],
  stopped: false,
};

Deno.test("summaryLines() has packets, rate, protocols, fragments and what was malformed", () => {
  assert.deepEqual(summaryLines(TOTALS, 1), [
    "1,234,567 packets (98.8 MB) in 500 ms, 2.47 million packets/s: 1 scan",
    "tcp 1,234,000, udp 500, another link protocol 60",
    "12 fragments of 5 whole and 1 lost datagrams",
    "malformed: IP header cut short 7",
  ]);
});

Deno.test("summaryLines() leaves out what did not occur", () => {
  const decoded = { ...TOTALS.decoded, packets: 1, byKind: {}, other: {}, malformed: {} };
  const quiet = { ...TOTALS, decoded: { ...decoded, fragments: 0 }, stopped: true };
  assert.deepEqual(summaryLines(quiet, 0), [
    "stopped after 1 packet (98.8 MB) in 500 ms, 2 packets/s: 0 scans",
  ]);
});

Deno.test("summaryLines() counts visits where there were any", () => {
  assert.match(summaryLines(TOTALS, 1, 2)[0], /: 1 scan, 2 visits after a scan$/);
});
