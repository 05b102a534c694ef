import assert from "node:assert/strict";
import { differenceLines, Findings, isMet, judge } from "../../src/verdict/judge.ts";
import { parseExpectations } from "../../src/verdict/expectation.ts";
import type { ScanEvent } from "../../src/event.ts";
import { floodEvent, scanEvent, suppressedEvent } from "../support/events.ts";

function expected(text: string) {
  const { expectations, faults } = parseExpectations("FILE", text);
  assert.deepEqual(faults, []);
  return expectations;
}

function scan(source: string, ports: string): ScanEvent {
  return scanEvent({ source, ports: { count: 1, list: ports } });
}

Deno.test("judge() meets expectations in any order, and each scan meets one only", () => {
  const found = [scan("10.0.0.1", "22"), scan("10.0.0.2", "80"), scan("10.0.0.2", "80")];
  const all = judge(
    expected("source=10.0.0.2\nsource=10.0.0.2 ports=80\nsource=10.0.0.1 shape=vertical"),
    found,
  );
  assert.ok(isMet(all));
  assert.equal(all.met, 3);
  const fewer = judge(expected("source=10.0.0.2 ports=80"), found);
  assert.deepEqual(fewer.unexpected, [found[0], found[2]]);
  const more = judge(expected("source=10.0.0.1\nsource=10.0.0.1"), [found[0]]);
  assert.deepEqual([more.met, more.missing.length, more.unexpected.length], [1, 1, 0]);
});

Deno.test("judge() leaves a scan to the expectation that fits nothing else", () => {
  const found = [scan("10.0.0.1", "22"), scan("10.0.0.1", "80"), scan("10.0.0.1", "443")];
  // The first could take any; taken in order, it would take the second's only one.
  const verdict = judge(
    expected("source=10.0.0.1\nsource=10.0.0.1 ports=22\nsource=10.0.0.1 ports=80"),
    found,
  );
  assert.ok(isMet(verdict));
});

Deno.test("judge() is met by no scan where none is expected", () => {
  assert.ok(isMet(judge([], [])));
  assert.ok(!isMet(judge([], [scan("10.0.0.1", "22")])));
});

Deno.test("judge() compares floods as it does scans, where somebody wrote what is expected", () => {
  const found = [
    scan("10.0.0.1", "22"),
    floodEvent(),
    floodEvent({ story: 2, techniques: ["udp"] }),
  ];
  const lines = "source=10.0.0.1\nshape=flood destination=10.9.0.1";
  const all = judge(expected(`${lines}\nshape=flood destination=10.9.0.1 techniques=udp`), found);
  assert.ok(isMet(all));
  const one = judge(expected(`${lines} techniques=syn`), found);
  assert.deepEqual(one.unexpected, [found[2]]);
  // Who is flooded is not who scans, and the other way round.
  const none = judge(expected("source=10.9.0.1\nshape=flood destination=10.0.0.1"), found);
  assert.deepEqual([none.met, none.missing.length, none.unexpected.length], [0, 2, 3]);
  assert.deepEqual(
    judge(undefined, found).unexpected,
    [found[0]],
    "without a file no flood is compared",
  );
});

Deno.test("differenceLines() shows a flood of the same target beside the one that is missing", () => {
  const verdict = judge(expected("shape=flood destination=10.9.0.1 techniques=udp"), [
    floodEvent(),
  ]);
  assert.deepEqual(differenceLines("expected.txt", verdict).slice(3), [
    "-destination=10.9.0.1 shape=flood techniques=udp",
    "+destination=10.9.0.1 shape=flood techniques=syn port-count=1 host-count=1",
  ]);
});

Deno.test("differenceLines() shows what was found instead beside what is missing", () => {
  const verdict = judge(
    expected("# a\nsource=10.0.0.1 ports=22 evidence=reset\nsource=10.0.0.9"),
    [scan("10.0.0.3", "1"), scan("10.0.0.1", "23")],
  );
  assert.deepEqual(differenceLines("expected.txt", verdict), [
    "--- expected.txt",
    "+++ found",
    "@@ line 2 @@",
    "-source=10.0.0.1 ports=22 evidence=reset",
    "+source=10.0.0.1 shape=vertical techniques=syn ports=23 evidence=handshake",
    "@@ line 3 @@",
    "-source=10.0.0.9",
    "@@ end @@",
    "+source=10.0.0.3 shape=vertical techniques=syn ports=1",
  ]);
});

Deno.test("Findings keeps of each scan and flood the last event, and nothing else", () => {
  const found = new Findings();
  found.add(scanEvent({ scan: 1, ports: { count: 7, list: "1-7" } }));
  found.add(scanEvent({ scan: 2 }));
  found.add(suppressedEvent());
  found.add(scanEvent({ scan: 1, action: "scan-end", ports: { count: 9, list: "1-9" } }));
  found.add(floodEvent());
  found.add(floodEvent({ phase: "end", ports: { count: 5, list: "1-5" } }));
  assert.deepEqual(found.all().map(({ ports }) => ports.count), [9, 7, 5]);
});

Deno.test("Findings counts what it does not keep", () => {
  const found = new Findings();
  const event = scanEvent();
  for (let number = 1; number <= 100_001; number++) found.add({ ...event, scan: number });
  assert.equal(found.lost, 1);
  found.add({ ...event, scan: 5, action: "scan-end" });
  assert.equal(found.lost, 1);
});
