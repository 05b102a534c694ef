// The explanation and the alerts come from one run and must say the same, over everything there is.

import assert from "node:assert/strict";
import { ScandogDetector } from "../../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../../src/detect/scandog/options.ts";
import { runCapture } from "../../../support/run_capture.ts";
import { testCases } from "../corpus.ts";
import { explain, scansOf } from "./explained.ts";

const CASES = testCases();

/** What a replay says: the same detector without anybody asking. */
function alerts(file: string) {
  return runCapture(
    file,
    (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
  ).events;
}

Deno.test("an explained run tells the events of a run that is not, and names its sources, in every case", () => {
  assert.ok(CASES.length > 200);
  for (const { name, file } of CASES) {
    const explained = explain(file);
    const events = alerts(file);
    assert.deepEqual(explained.events, events, name);
    const named = new Set(scansOf(events, "scan-start").map(({ source }) => source));
    const said = explained.explanation.sources.filter(({ scanned }) => scanned)
      .map(({ source }) => source);
    assert.deepEqual(new Set(said), named, name);
  }
});

Deno.test("totals add up for every source of every case", () => {
  for (const { name, file } of CASES) {
    for (const account of explain(file).explanation.sources) {
      const where = `${name}: ${account.source}`;
      const sum = (counts: Record<string, number>) =>
        Object.values(counts).reduce((sum, count) => sum + count, 0);
      assert.equal(sum(account.outcomes), account.attempts, where);
      assert.equal(sum(account.decisions), account.attempts, where);
      for (const count of Object.values(account.decisions)) assert.ok(count > 0, where);
      assert.ok(account.weight >= 0 && account.points >= 0, where);
      assert.ok(account.startUs <= account.endUs, where);
    }
  }
});

Deno.test("a scan has as many attempts as its last event says, in every case", () => {
  for (const { name, file } of CASES) {
    const { explanation, events } = explain(file);
    const scans = explanation.sources.flatMap(({ scans }) => scans);
    for (const event of scansOf(events, "scan-end")) {
      const accounts = scans.filter(({ scan }) => scan === event.scan);
      assert.ok(accounts.length > 0, `${name}: scan ${event.scan}`);
      for (const account of accounts) {
        assert.equal(account.attempts, event.attempts, `${name}: scan ${event.scan}`);
        assert.equal(account.named, event.source, `${name}: scan ${event.scan}`);
        assert.equal(account.slow, event.slow, `${name}: scan ${event.scan}`);
        assert.equal(account.sources, event.sources?.count ?? 1, `${name}: scan ${event.scan}`);
      }
    }
  }
});

Deno.test("where a rule was reached and not held back, there was a scan, in every case", () => {
  for (const { name, file } of CASES) {
    for (const account of explain(file).explanation.sources) {
      if (account.scanCount > 0 || account.dismissed > 0) continue;
      for (const near of account.thresholds.filter(({ network }) => network !== true)) {
        assert.ok(
          near.reached < near.enough || near.held !== undefined,
          `${name}: ${account.source} ${JSON.stringify(near)}`,
        );
      }
    }
  }
});
