// The explanation and the alerts come from one run and must say the same, over everything there is.

import assert from "node:assert/strict";
import type { SourceAccount } from "../../../../src/account.ts";
import { ScandogDetector } from "../../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { captureBytes, runCapture } from "../../../support/run_capture.ts";
import { testCases } from "../corpus.ts";
import { random } from "../traffic.ts";
import { explain, type Explained, scansOf } from "./explained.ts";

const CASES = testCases();
/** Loops over nothing would agree with everything. */
assert.ok(CASES.length > 200);

const EXPLAINED = new Map<string, Explained>();

/** Each case is explained once. */
function explainedCase(file: string): Explained {
  let explained = EXPLAINED.get(file);
  if (explained === undefined) EXPLAINED.set(file, explained = explain(file));
  return explained;
}

/** What a replay says: the same detector without anybody asking. */
function alerts(file: string | Uint8Array) {
  return runCapture(
    file,
    (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
  ).events;
}

Deno.test("an explained run tells the events of a run that is not, and names its sources, in every case", () => {
  for (const { name, file } of CASES) {
    const explained = explainedCase(file);
    const events = alerts(file);
    assert.deepEqual(explained.events, events, name);
    const named = new Set(scansOf(events, "scan-start").map(({ source }) => source));
    const said = explained.explanation.sources.filter(({ scanned }) => scanned)
      .map(({ source }) => source);
    assert.deepEqual(new Set(said), named, name);
  }
});

/** What is true of every account. */
function checkTotals(accounts: readonly SourceAccount[], where: string): void {
  for (const account of accounts) {
    const what = `${where}: ${account.source}`;
    const sum = (counts: Partial<Record<string, number>>) =>
      Object.values(counts).reduce<number>((sum, count) => sum + count!, 0);
    assert.equal(sum(account.outcomes), account.attempts, what);
    assert.equal(sum(account.decisions), account.attempts, what);
    for (const count of Object.values(account.decisions)) assert.ok(count! > 0, what);
    assert.ok(account.weight >= 0 && account.points >= 0, what);
    assert.ok(account.attempts === 0 || account.startUs <= account.endUs, what);
  }
}

Deno.test("totals add up for every source of every case", () => {
  let sources = 0;
  for (const { name, file } of CASES) {
    const { explanation } = explainedCase(file);
    checkTotals(explanation.sources, name);
    sources += explanation.sources.length;
  }
  assert.ok(sources > CASES.length, `${sources} sources`);
});

Deno.test("an explained run of a damaged capture never throws, adds up, and agrees with one that is not", () => {
  const seed = Number(Deno.env.get("SEED") ?? 20261122);
  console.log(`seed ${seed}`);
  const next = random(seed);
  const small = CASES.filter(({ file }) => Deno.statSync(file).size < 60_000);
  assert.ok(small.length > 100);
  let told = 0, accounts = 0;
  for (let i = 0; i < 60; i++) {
    const { name, file } = small[Math.floor(next() * small.length)];
    const bytes = captureBytes(file);
    // The file's header stays whole, or nothing would be read at all.
    for (let flips = 1 + next() * 400; flips > 0; flips--) {
      bytes[24 + Math.floor(next() * (bytes.length - 24))] = next() * 256;
    }
    const all = explain(bytes, ["::/0"]);
    assert.deepEqual(all.events, alerts(bytes), name);
    told += all.events.length;
    accounts += all.explanation.sources.length;
    checkTotals(all.explanation.sources, name);
    for (const { listed, attempts } of all.explanation.sources) {
      assert.equal(listed.length, Math.min(attempts, 1000), name);
    }
  }
  // Damage must not be so great that nothing is left to compare.
  assert.ok(told > 10 && accounts > 60, `${told} events, ${accounts} accounts`);
});

Deno.test("a scan has as many attempts as its last event says, in every case", () => {
  let ends = 0;
  for (const { name, file } of CASES) {
    const { explanation, events } = explainedCase(file);
    const scans = explanation.sources.flatMap(({ scans }) => scans);
    for (const event of scansOf(events, "scan-end")) {
      const accounts = scans.filter(({ scan }) => scan === event.scan);
      assert.ok(accounts.length > 0, `${name}: scan ${event.scan}`);
      ends++;
      for (const account of accounts) {
        assert.equal(account.attempts, event.attempts, `${name}: scan ${event.scan}`);
        assert.equal(account.named, event.source, `${name}: scan ${event.scan}`);
        assert.equal(account.slow, event.slow, `${name}: scan ${event.scan}`);
        assert.equal(account.sources, event.sources?.count ?? 1, `${name}: scan ${event.scan}`);
      }
    }
  }
  assert.ok(ends > 150, `${ends} scans`);
});

Deno.test("where a rule was reached and not held back, there was a scan, in every case", () => {
  let thresholds = 0;
  for (const { name, file } of CASES) {
    for (const account of explainedCase(file).explanation.sources) {
      if (account.scanCount > 0 || account.dismissed > 0) continue;
      for (const near of account.thresholds.filter(({ network }) => network !== true)) {
        thresholds++;
        assert.ok(
          near.reached < near.enough || near.held !== undefined,
          `${name}: ${account.source} ${JSON.stringify(near)}`,
        );
      }
    }
  }
  assert.ok(thresholds > 20, `${thresholds} thresholds`);
});
