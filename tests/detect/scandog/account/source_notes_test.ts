// What is noted of one source, and what that is worth beside others: plain numbers.

import assert from "node:assert/strict";
import { parseAddress } from "../../../../src/address.ts";
import {
  type AttemptAccount,
  OUTCOMES,
  type ScanAccount,
  type Threshold,
} from "../../../../src/account.ts";
import { AccountSources } from "../../../../src/detect/scandog/account/account_sources.ts";
import { SourceNotes } from "../../../../src/detect/scandog/account/source_notes.ts";
import { closeness, thresholdOf } from "../../../../src/detect/scandog/account/thresholds.ts";
import { Held, ShapeCode } from "../../../../src/detect/scandog/shape/shapes.ts";

const SOURCE = "192.0.2.1";
const notes = () => new SourceNotes(SOURCE, 0, false);

function scanAccount(scan: number): ScanAccount {
  return {
    ...{ scan, rule: "ports", beganUs: 0, slow: false, named: SOURCE },
    ...{ sources: 1, decoy: false, attempts: 7 },
  };
}

const ports = (reached: number, held?: Threshold["held"]): Threshold => ({
  ...{ rule: "ports", reached, enough: 20 },
  ...(held ? { held } : {}),
});

Deno.test("SourceNotes counts attempts as undecided, from the earliest of them to the latest", () => {
  const source = notes();
  const untouched = source.account(false);
  assert.deepEqual([untouched.attempts, untouched.outcomes, untouched.decisions], [0, {}, {}]);
  for (const timeUs of [500, 300, 900, 400]) source.begun(timeUs);
  const { attempts, startUs, endUs, outcomes, decisions } = source.account(false);
  assert.deepEqual([attempts, startUs, endUs], [4, 300, 900]);
  assert.deepEqual([outcomes, decisions], [{ undecided: 4 }, { undecided: 4 }]);
});

Deno.test("SourceNotes says how many scans its source was in, and keeps the latest 32 of them", () => {
  for (const [count, first] of [[32, 1], [33, 2], [34, 3]]) {
    const source = notes();
    for (let scan = 1; scan <= count; scan++) source.joined(scanAccount(scan));
    const { scanCount, scans } = source.account(false);
    assert.deepEqual([scanCount, scans.length], [count, 32]);
    assert.deepEqual([scans[0].scan, scans[31].scan], [first, count]);
  }
});

Deno.test("SourceNotes tells what was begun of a shape, however little", () => {
  for (const [reached, count] of [[0, 0], [1, 1]]) {
    const source = notes();
    source.near(ports(reached));
    assert.equal(source.account(false).thresholds.length, count);
  }
});

Deno.test("SourceNotes tells packets only where they were counted, and attempts only where they are listed", () => {
  const source = notes();
  source.packets.sent = 5;
  assert.equal(source.account(false).packets, undefined);
  assert.deepEqual(source.account(true).packets, { sent: 5, unfit: 0 });
  assert.deepEqual([source.listed, source.account(true).listed], [0, []]);
});

/** What makes sources worth more, from the least to the most; of those in one row none is worth more than another. */
const WORTHS: ((source: SourceNotes) => void)[][] = [
  [() => {}, (source) => source.near(ports(0)), (source) => {
    // All that it tried was used.
    for (let i = 0; i < 9; i++) source.begun(i);
    source.outcomes[OUTCOMES.indexOf("used")] = 9;
  }],
  [(source) => source.begun(1), (source) => {
    for (let i = 0; i < 4; i++) source.begun(i);
    source.outcomes[OUTCOMES.indexOf("used")] = 3;
  }],
  [(source) => [1, 2].forEach((timeUs) => source.begun(timeUs))],
  [20_000, 30_000].map((count) => (source) => source.totals.attempts = count),
  [(source) => source.near(ports(5))],
  [(source) => source.near(ports(7))],
  [21, 30].map((reached) => (source) => source.near(ports(reached, "successes"))),
  [(source) => source.near(ports(20))],
  [50, 60].map((reached) => (source) => source.near(ports(reached))),
  [(source) => source.joined(scanAccount(1)), (source) => {
    source.joined(scanAccount(1));
    source.joined(scanAccount(2));
  }],
  [(source) => {
    source.joined(scanAccount(1));
    source.near(ports(90));
  }],
  [(source) => {
    source.joined(scanAccount(1));
    source.totals.scanned = true;
  }],
];

Deno.test("a source is worth more by a scan told, by one not told, by how near it came, by what failed", () => {
  const worths = WORTHS.map((row) =>
    row.map((prepare) => {
      const source = notes();
      prepare(source);
      return source.worth();
    })
  );
  for (const [i, row] of worths.entries()) {
    assert.equal(new Set(row).size, 1, `row ${i}: ${row}`);
    if (i > 0) assert.ok(row[0] > worths[i - 1][0], `row ${i}: ${row[0]}`);
  }
});

Deno.test("what is held back is never quite a scan, however much was reached", () => {
  assert.equal(closeness(ports(10)), 0.5);
  assert.equal(closeness(ports(30)), 1.5);
  for (const reached of [20, 30]) assert.equal(closeness(ports(reached, "shape")), 0.99);
  assert.equal(closeness(ports(10, "shape")), 0.5);
});

Deno.test("a threshold names the host of its ports, the target of its hosts, and why it is held", () => {
  const reached = { reached: 8, enough: 21, failed: 5, used: 3 };
  const said = (shape: number, held: number, isNetwork = false) =>
    thresholdOf({ ...reached, shape, held }, "a host", "a target", isNetwork);
  const both = { reached: 8, enough: 21 };
  assert.deepEqual(said(ShapeCode.Ports, Held.No), { rule: "ports", ...both, on: "a host" });
  assert.deepEqual(said(ShapeCode.Hosts, Held.No), { rule: "hosts", ...both, on: "a target" });
  assert.deepEqual(said(ShapeCode.Grid, Held.No), { rule: "grid", ...both });
  const held = { held: "successes", failed: 5, used: 3 };
  assert.deepEqual(said(ShapeCode.Grid, Held.Successes), { rule: "grid", ...both, ...held });
  assert.deepEqual(said(ShapeCode.Grid, Held.Shape), { rule: "grid", ...both, held: "shape" });
  assert.deepEqual(said(ShapeCode.Grid, Held.No, true), { rule: "grid", ...both, network: true });
});

/** So many sources at most, or as many as there are. */
class Kept extends AccountSources {
  constructor(max?: number) {
    super([], 2, max);
  }

  source(i: number): SourceNotes {
    return this.of(parseAddress(`10.${i >> 16}.${i >> 8 & 255}.${i & 255}`)!, 0)!;
  }

  names(): string[] {
    return this.all().map(({ source }) => source);
  }
}

Deno.test("half of the sources give way at once: those of least evidence, of these the longest not heard of", () => {
  for (const [max, kept] of [[8, 4], [7, 4]]) {
    const sources = new Kept(max);
    for (let i = 0; i < max; i++) sources.source(i);
    assert.equal(sources.names().length, max, "none before it takes a place more");
    sources.source(1).begun(1);
    sources.source(0);
    sources.source(100);
    const others = [max - 1, max - 2, max - 3].slice(0, kept - 2).reverse();
    const left = ["10.0.0.1", "10.0.0.0", ...others.map((i) => `10.0.0.${i}`), "10.0.0.100"];
    assert.deepEqual(sources.names(), left);
    assert.equal(sources.leftOut, max - kept);
  }
});

Deno.test("who gave way is known when it comes back, and of those who never did few are taken for one who did", () => {
  const sources = new Kept(2);
  for (let i = 0; i < 600; i++) sources.source(i);
  assert.equal(sources.leftOut, 598);
  const partial = (first: number, count: number) => {
    let some = 0;
    for (let i = first; i < first + count; i++) {
      if (sources.source(i).account(false).partial) some++;
    }
    return some;
  };
  assert.equal(partial(0, 300), 300);
  assert.ok(partial(10_000, 3000) < 6, "so many of four million bits");
});

Deno.test("who is looked for is found, and no notes are made of it", () => {
  const sources = new Kept();
  const address = parseAddress("192.0.2.1")!;
  assert.equal(sources.find(address, 0), undefined);
  assert.deepEqual(sources.names(), []);
  const made = sources.of(address, 0);
  assert.equal(sources.find(address, 0), made);
  const asked = new AccountSources([{ address: parseAddress("198.51.100.0")!, bits: 120 }], 0);
  asked.of(address, 0);
  assert.equal(asked.find(address, 0), undefined);
  const both = new Uint8Array([...address, ...parseAddress("198.51.100.9")!]);
  assert.deepEqual([0, 16].map((at) => asked.isWanted(both, at)), [false, true]);
  assert.equal(asked.of(both, 16)?.source, "198.51.100.9");
});

Deno.test("half a million attempts are listed of all sources together", () => {
  const sources = new Kept();
  const source = sources.source(1);
  const attempt: Omit<AttemptAccount, "techniques"> = {
    ...{ source: SOURCE, destination: SOURCE, timeUs: 0, decision: "counted" },
    target: "tcp",
    outcome: "refused",
  };
  const list = () => sources.list(source, { account: { ...attempt, techniques: [] }, rank: 1 });
  sources.listed = 499_999;
  assert.ok(list());
  assert.deepEqual([sources.listed, list(), source.listed], [500_000, false, 1]);
  sources.listed = 7;
  assert.ok(list());
  assert.deepEqual([sources.listed, list(), sources.listed], [8, false, 8], "two of each source");
});
