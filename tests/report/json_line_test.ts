import assert from "node:assert/strict";
import { jsonLine } from "../../src/format/json.ts";
import { readLine } from "../../src/report/json_line.ts";
import type { ToldScan, ToldStory, ToldSuppressed, ToldVisit } from "../../src/report/told.ts";
import {
  CONTEXT,
  floodEvent,
  lossEvent,
  misuseEvent,
  scanEvent,
  suppressedEvent,
  TIME_US,
  visitEvent,
} from "../support/events.ts";
import { told } from "./told.ts";

const LINE = jsonLine(scanEvent(), CONTEXT);

/** The line with some of its members changed. */
function changed(change: (line: Record<string, Record<string, unknown>>) => void): string {
  const line = JSON.parse(LINE);
  change(line);
  return JSON.stringify(line);
}

Deno.test("readLine() tells a scan as its line does, to the microsecond", () => {
  const scan = told(scanEvent()) as ToldScan;
  assert.equal(scan.phase, "start");
  assert.equal(scan.endUs, TIME_US);
  assert.equal(scan.startUs, TIME_US - 1_200_000);
  assert.equal(scan.source, "10.9.0.2");
  assert.deepEqual(scan.ports.ranges, [
    { first: 21, last: 25 },
    { first: 80, last: 80 },
    { first: 443, last: 443 },
  ]);
  assert.deepEqual(scan.openAt, [{ host: "10.9.0.1", port: 22 }, { host: "10.9.0.1", port: 80 }]);
  assert.deepEqual([scan.closed, scan.silent, scan.attempts], [5, 0, 9]);
  assert.deepEqual(scan.tools, [{ name: "nmap", versions: undefined, confidence: 0.97 }]);
  assert.equal(scan.sources?.forged, 2);
  assert.equal(scan.observer, "host");
});

Deno.test("readLine() reads lists as arrays, the scan's own name, and where ports were open", () => {
  const scan = readLine(changed(({ scandog }) => {
    scandog.scan = "01SCAN";
    scandog.ports = { count: 102, list: ["22", "100-200"], open: ["22"], closed: 1, silent: 100 };
    scandog.hosts = { count: 2, list: ["10.9.0.1", "2001:db8::1"] };
    scandog.open = ["10.9.0.1:22", "[2001:db8::1]:22", "2001:db8::2:22", "nonsense", 7];
  })) as ToldScan;
  assert.equal(scan.id, "01SCAN");
  assert.deepEqual(scan.ports.ranges, [{ first: 22, last: 22 }, { first: 100, last: 200 }]);
  assert.deepEqual(scan.hosts.list, ["10.9.0.1", "2001:db8::1"]);
  assert.deepEqual(scan.openAt, [
    { host: "10.9.0.1", port: 22 },
    { host: "2001:db8::1", port: 22 },
    { host: "2001:db8::2", port: 22 },
  ]);
});

Deno.test("readLine() does not say where a port was open when the line does not", () => {
  const scan = readLine(changed(({ scandog }) => {
    scandog.hosts = { count: 3, list: "10.9.0.1-10.9.0.3" };
    delete scandog.open;
  })) as ToldScan;
  assert.deepEqual(scan.openAt, []);
  assert.deepEqual(scan.hosts.list, ["10.9.0.1", "10.9.0.2", "10.9.0.3"]);
});

Deno.test("readLine() tells visits, misuse, losses and what was held back", () => {
  const visit = told(visitEvent()) as ToldVisit;
  assert.equal(visit.match, visitEvent().match);
  assert.equal(visit.port, visitEvent().destinationPort);
  assert.equal(visit.scan.source, visitEvent().scanned.source);
  const misuse = told(misuseEvent());
  assert.ok(misuse.what === "misuse" && misuse.addresses.includes(misuseEvent().address));
  // The sentence, without the time and the word that a line of text begins with.
  assert.ok(misuse.what === "misuse" && misuse.text.startsWith(misuseEvent().address));
  const loss = told(lossEvent());
  const { kernel, interface: device, ring, tables } = lossEvent();
  assert.ok(loss.what === "loss" && loss.packets === kernel + device + ring + tables);
});

Deno.test("readLine() skips what a syslog daemon wrote before the line", () => {
  const line = `Nov 21 22:14:52 host scandog[12]: ${LINE}`;
  assert.deepEqual(readLine(line), readLine(LINE));
});

Deno.test("readLine() takes no other program's line, and no line that is cut anywhere", () => {
  assert.equal(readLine(""), "foreign");
  assert.equal(readLine("22:14:52 SCAN 10.9.0.2"), "foreign");
  assert.equal(readLine("[1]"), "foreign");
  assert.equal(readLine('{"event":{"action":"scan-start"}}'), "foreign");
  assert.equal(readLine(changed(({ observer }) => observer.product = "suricata")), "foreign");
  for (let end = 0; end < LINE.length; end++) assert.equal(readLine(LINE.slice(0, end)), "foreign");
  const packet = changed(({ event }) => event.action = "packet");
  assert.equal(readLine(packet), "unused");
});

Deno.test("readLine() leaves out members of a wrong sort, whatever they are", () => {
  const wrong = [null, true, -1, 1e300, 0.5, "x", [], [null, {}, [[]]], {}, { min: "a" }];
  const paths: [string, string][] = [
    ...["ports", "hosts", "sources", "tool", "hops", "evidence", "known", "open", "shape"]
      .map((key): [string, string] => ["scandog", key]),
    ["event", "start"],
    ["event", "end"],
    ["event", "id"],
    ["network", "transport"],
    ["observer", "name"],
    ["observer", "ingress"],
  ];
  for (const [at, key] of paths) {
    for (const value of wrong) {
      const read = readLine(changed((line) => line[at][key] = value));
      assert.ok(
        typeof read === "object" && read.what === "scan",
        `${at}.${key} = ${JSON.stringify(value)}`,
      );
      assert.ok(read.endUs >= read.startUs && Number.isFinite(read.startUs));
      assert.ok(read.ports.ranges.every(({ first, last }) => first <= last && last <= 65_535));
    }
  }
});

Deno.test("readLine() knows of suppressed scans the one that did most, where the line does", () => {
  const most = [
    { source: "10.9.0.2", destination: "10.9.0.1", attempts: 150 },
    { source: "10.9.0.3", destination: "10.9.0.1", attempts: 11 },
  ];
  const suppressed = told(suppressedEvent({ most })) as ToldSuppressed;
  assert.deepEqual([suppressed.count, suppressed.most], [1234, most[0]]);
  assert.equal((told(suppressedEvent()) as ToldSuppressed).most, undefined);
});

Deno.test("readLine() has one story of a flood, from its begin to its end", () => {
  const begin = told(floodEvent()) as ToldStory;
  const end = told(floodEvent({ phase: "end" })) as ToldStory;
  assert.deepEqual([begin.what, begin.id], ["flood", end.id]);
  assert.deepEqual(begin.addresses, ["10.9.0.1"]);
  assert.match(end.text, /^10\.9\.0\.1:80 was flooded by syn: /);
});
