import assert from "node:assert/strict";
import { UTC } from "../../src/format/zone.ts";
import { Cells } from "../../src/report/picture/cells.ts";
import { portAt, portAxis, TimeScale } from "../../src/report/picture/scale.ts";
import { escaped } from "../../src/report/picture/svg.ts";
import { scanPicture, triedPicture } from "../../src/report/picture/tried_picture.ts";
import { mostWanted, portCounts } from "../../src/report/port_counts.ts";
import { OUTCOMES, Tried } from "../../src/report/tried.ts";
import { scanEvent, TIME_US } from "../support/events.ts";
import { inputOf } from "./told.ts";

Deno.test("portAt() rises, and gives the ports below 1024 nearly half", () => {
  let last = -1;
  for (let port = 0; port < 65_536; port += 7) {
    const at = portAt(port);
    assert.ok(at > last && at < 1);
    last = at;
  }
  assert.equal(portAt(0), 0);
  assert.equal(portAt(1024), 0.45);
});

Deno.test("portAxis() tells few ports apart, and has all where they are many", () => {
  const narrow = portAxis(20, 120);
  assert.deepEqual([narrow.isWhole, narrow.ticks], [false, [20, 40, 60, 80, 100, 120]]);
  assert.ok(narrow.at(20) > 0 && narrow.at(120) < 1 && narrow.at(21) > narrow.at(20));
  assert.deepEqual(portAxis(443, 443).ticks, [443]);
  assert.ok(portAxis(1, 65_535).isWhole);
  for (let last = 1; last < 4096; last = last * 2 + 1) {
    const { ticks } = portAxis(0, last);
    assert.ok(ticks.length >= 2 && ticks.length <= 6, `${last}: ${ticks}`);
  }
});

Deno.test("TimeScale.ticks() are few, in order, and fit the length", () => {
  const labels = (lengthUs: number, zone = UTC) =>
    new TimeScale({ startUs: TIME_US, endUs: TIME_US + lengthUs }, zone).ticks();
  for (let lengthUs = 0; lengthUs < 1e15; lengthUs = lengthUs * 3 + 1) {
    const ticks = labels(lengthUs);
    assert.ok(ticks.length >= 1 && ticks.length <= 9, `${lengthUs}: ${ticks.length}`);
    ticks.reduce((before, { at }) => (assert.ok(at > before && at <= 1), at), -1);
  }
  assert.deepEqual(labels(53_000).map(({ label }) => label).slice(0, 2), ["0", "10 ms"]);
  assert.ok(labels(86_400e6).some(({ label }) => label === "11-22"), "midnight has its date");
  // TIME_US is 22:14 UTC.
  const tokyo = labels(3600e6, () => 9 * 3600).map(({ label }) => label);
  assert.ok(tokyo.includes("07:30"), tokyo.join());
});

Deno.test("Cells.picture() joins equal neighbours, and lets the worst outcome win", () => {
  const cells = new Cells(4, 2);
  const [open, refused, silent] = [0, 1, 2];
  cells.add(0, 0, silent);
  cells.add(0.3, 0, silent);
  cells.add(0.6, 0, silent);
  cells.add(0.6, 0, open);
  cells.add(0.99, 0.99, refused);
  const svg = cells.picture(10);
  assert.deepEqual(
    [...svg.matchAll(/d="([^"]+)" class="s-(\w+)"/g)].map(([, d, name]) => [name, d]),
    [
      ["open", "M2 0.5h1"],
      ["refused", "M3 1.5h1"],
      ["silent", "M0 0.5h2"],
    ],
  );
});

Deno.test("escaped() leaves nothing that markup or a terminal acts on, and no half character", () => {
  assert.equal(escaped(`<a href="x">'&`), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
  assert.equal(escaped("a\x1b\n\u202eb\ud800"), "a\\x1b\\x0a\\u202eb\ufffd");
});

function tried(count: number): Tried {
  const tried = new Tried();
  for (let i = 0; i < count; i++) {
    tried.add({
      timeUs: TIME_US + i * 1000,
      transport: "tcp",
      port: 20 + i,
      source: "10.0.0.1",
      destination: "10.0.0.2",
      outcome: OUTCOMES[i === 3 ? 0 : 1],
      scan: "S",
    });
  }
  return tried;
}

Deno.test("triedPicture() draws every attempt and a diamond for what was open", () => {
  const scale = new TimeScale({ startUs: TIME_US, endUs: TIME_US + 100_000 }, UTC);
  const picture = triedPicture(tried(100), scale, [{ startUs: TIME_US, endUs: TIME_US + 1 }]);
  assert.equal(picture?.marks, 100);
  assert.equal(picture?.plot.match(/#m-open/g)?.length, 1);
  assert.match(picture!.plot, /url\(#hatch\)/);
  assert.equal(triedPicture(new Tried(), scale, []), undefined);
});

Deno.test("scanPicture() draws one scan on its own axes", () => {
  const picture = scanPicture(tried(100), "S");
  assert.deepEqual(picture?.ports, { first: 20, last: 119 });
  assert.equal(picture?.lengthUs, 99_000);
  assert.equal(scanPicture(tried(100), "another"), undefined);
  assert.equal(scanPicture(tried(1), "S"), undefined, "a dot is no picture");
});

Deno.test("Tried keeps a million attempts and counts the rest, and who found what open where", () => {
  const all = tried(10);
  assert.deepEqual([...all.hosts.get("10.0.0.2")!.open], [[23, new Set(["10.0.0.1"])]]);
  assert.deepEqual(all.hosts.get("10.0.0.2")!.counts, { open: 1, refused: 9, silent: 0 });
});

Deno.test("portCounts() counts a source once, however often it came", () => {
  const from = (scan: number, source: string, list: string) =>
    scanEvent({ scan, source, ports: { count: 2, list, open: "22", closed: 1, silent: 0 } });
  const { story } = inputOf([
    from(1, "10.0.0.1", "21-22"),
    from(2, "10.0.0.2", "22-23"),
    from(3, "10.0.0.1", "22,80"),
  ]);
  const counts = portCounts(story.scans);
  assert.deepEqual(counts.map(({ transport, sources }) => [transport, sources]), [["tcp", 2]]);
  assert.deepEqual(
    [21, 22, 23, 80, 81].map((port) => counts[0].counts[port]),
    [1, 2, 1, 1, 0],
  );
  assert.deepEqual(mostWanted(counts, 1), [{
    port: 22,
    transport: "tcp",
    sources: 2,
    isOpen: true,
  }]);
});
