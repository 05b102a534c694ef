import assert from "node:assert/strict";
import { Fold } from "../../src/report/fold.ts";
import { gather } from "../../src/report/gather.ts";
import { lossEvent, misuseEvent, scanEvent, TIME_US, visitEvent } from "../support/events.ts";
import { inputOf, told } from "./told.ts";

const END = scanEvent({
  action: "scan-end",
  endUs: TIME_US + 5e6,
  timeUs: TIME_US + 65e6,
  attempts: 99,
});

Deno.test("Fold counts a scan once, as its furthest event tells it, in any order", () => {
  for (const events of [[scanEvent(), END], [END, scanEvent()], [END], [END, END]]) {
    const { story } = inputOf(events);
    assert.equal(story.scans.length, 1);
    assert.equal(story.scans[0].attempts, 99);
    assert.equal(story.scans[0].isEnded, true);
    assert.equal(story.scans[0].endUs, TIME_US + 5e6);
  }
  assert.equal(inputOf([scanEvent()]).story.scans[0].isEnded, false);
});

Deno.test("Fold keeps what is in its window, and says so", () => {
  const fold = new Fold({ sinceUs: TIME_US, untilUs: TIME_US + 10e6 });
  assert.equal(fold.add(told(scanEvent())), true, "ends in it");
  assert.equal(fold.add(told(scanEvent({ scan: 8, endUs: TIME_US - 1 }))), false, "ended before");
  const late = { startUs: TIME_US + 10e6, endUs: TIME_US + 20e6 };
  assert.equal(fold.add(told(scanEvent({ scan: 9, ...late }))), false, "began when it was over");
  assert.equal(fold.scans().length, 1);
});

Deno.test("Fold gives visits to the scan that they followed", () => {
  const scan = scanEvent({
    scan: 3,
    startUs: visitEvent().scanned.startUs,
    source: "198.51.100.7",
  });
  const visit = visitEvent({
    scanned: { ...visitEvent().scanned, number: 3, seed: 1, source: "198.51.100.7" },
  });
  const { story } = inputOf([scan, visit]);
  assert.deepEqual(story.scans[0].visits.map(({ source }) => source), [visit.source]);
  assert.deepEqual(story.sources[0].visits.length, 1);
});

Deno.test("Fold tells a misuse once, with its latest words", () => {
  const later = misuseEvent({ timeUs: TIME_US + 1e6, endUs: TIME_US + 1e6, packets: 99 });
  const { story } = inputOf([misuseEvent(), later]);
  assert.equal(story.misuse.length, 1);
  assert.match(story.misuse[0].text, /99 probes/);
});

Deno.test("a hostile log of the widest scans is told within bounds", () => {
  const wide = { count: 65_536, list: "0-65535", open: "0-65535", closed: 0, silent: 0 };
  const events = Array.from({ length: 3000 }, (_, i) =>
    scanEvent({
      scan: i,
      source: `10.${i >> 8}.${i & 255}.1`,
      startUs: TIME_US + i,
      ports: wide,
    }));
  const { story } = inputOf(events);
  assert.equal(story.scans.length, 3000);
  assert.deepEqual(story.sources[0].open, [{ first: 0, last: 65_535 }]);
  // Lists have no room for all; counts stay, and the report says that something is left out.
  assert.ok(story.notKept > 0);
  assert.ok(story.scans.every(({ ports }) => ports.count === 65_536));
  const items = story.scans.reduce((sum, { openAt }) => sum + openAt.length, 0);
  assert.ok(items <= 2_000_000 && items > 1_000_000, `${items}`);
});

Deno.test("gather() joins blind intervals that overlap", () => {
  const loss = (from: number, to: number) =>
    lossEvent({ startUs: TIME_US + from, endUs: TIME_US + to, timeUs: TIME_US + to });
  const { story } = inputOf([loss(50, 60), loss(0, 10), loss(5, 20), loss(20, 30)]);
  assert.deepEqual(
    story.blind.map(({ startUs, endUs }) => [startUs - TIME_US, endUs - TIME_US]),
    [[0, 30], [50, 60]],
  );
});

Deno.test("gather() of nothing is a story of nothing", () => {
  const story = gather(new Fold());
  assert.deepEqual([story.scans.length, story.hosts, story.openHosts, story.span], [
    0,
    0,
    0,
    undefined,
  ]);
});

Deno.test("sources come worst first: who came back, ours, real finders, the rest", () => {
  const open = { ports: { count: 2, list: "22,80", open: "22", closed: 1, silent: 0 } };
  const none = { ports: { count: 2, list: "22,80", open: "", closed: 2, silent: 0 } };
  const events = [
    scanEvent({ scan: 1, source: "10.0.1.1", ...none, evidence: "none" }),
    scanEvent({ scan: 2, source: "10.0.2.2", ...open, evidence: "none" }),
    scanEvent({ scan: 3, source: "10.0.3.3", ...open, evidence: "handshake" }),
    scanEvent({ scan: 4, source: "10.0.4.4", ...none, direction: "outbound" }),
    scanEvent({ scan: 5, source: "10.0.5.5", ...none }),
    scanEvent({
      scan: 6,
      source: "10.0.6.6",
      ...open,
      known: { name: "census", network: "10.0.6.0/24" },
    }),
    visitEvent({ source: "10.0.5.5", scanned: { ...visitEvent().scanned, source: "10.0.5.5" } }),
  ];
  assert.deepEqual(
    inputOf(events).story.sources.map(({ source }) => source),
    ["10.0.5.5", "10.0.4.4", "10.0.3.3", "10.0.2.2", "10.0.1.1", "10.0.6.6"],
  );
});

Deno.test("sources of one network know of each other, in both families", () => {
  const from = (scan: number, source: string) => scanEvent({ scan, source });
  const { story } = inputOf([
    from(1, "192.0.2.1"),
    from(2, "192.0.2.200"),
    from(3, "198.51.100.1"),
    from(4, "2001:db8:1:2::1"),
    from(5, "2001:db8:1:2:ff::1"),
    from(6, "2001:db8:1:3::1"),
  ]);
  const networks = Object.fromEntries(
    story.sources.map(({ source, network }) => [source, network]),
  );
  assert.deepEqual(networks["192.0.2.1"], { prefix: "192.0.2.0/24", sources: 2 });
  assert.deepEqual(networks["2001:db8:1:2::1"], { prefix: "2001:db8:1:2::/64", sources: 2 });
  assert.equal(networks["198.51.100.1"], undefined);
  assert.equal(networks["2001:db8:1:3::1"], undefined);
});
