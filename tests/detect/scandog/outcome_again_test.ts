// What a sensor says of an attempt that comes again, and that a scan is told when it may be: both for who judges the
// outcomes of many.

import assert from "node:assert/strict";
import type { MayTell } from "../../../src/detector.ts";
import type { AttemptOutcome } from "../../../src/outcome.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { Judged } from "./judged.ts";
import { Traffic } from "./traffic.ts";

const CHECKER = "198.51.100.40", SCANNER = "198.51.100.7", SERVER = "203.0.113.10";

/** Seconds for which each saying of an attempt had come again. */
function lengthsOf(outcomes: readonly AttemptOutcome[]): number[] {
  return outcomes.map(({ firstUs, latestUs }) => Math.round((latestUs - firstUs) / 1e6));
}

Deno.test("the detector says an attempt once more whenever it has come again for twice as long", () => {
  const outcomes: AttemptOutcome[] = [];
  const traffic = new Traffic({ takeOutcome: (outcome) => outcomes.push(outcome) });
  for (let round = 0; round < 360; round++) {
    traffic.refused(CHECKER, SERVER, 8080, 40_000 + round).wait(10);
  }
  assert.deepEqual(lengthsOf(outcomes), [0, 10, 20, 40, 70, 130, 260, 520, 1030, 2050]);
  assert.ok(outcomes.every(({ outcome }) => outcome === "refused"));
});

Deno.test("the detector says nothing more of what comes again at once, from the same port, or was used", () => {
  const outcomes: AttemptOutcome[] = [];
  const traffic = new Traffic({ takeOutcome: (outcome) => outcomes.push(outcome) });
  // nmap's retries: another port, a second later.
  for (let i = 0; i < 3; i++) traffic.refused(SCANNER, SERVER, 22, 40_000 + i).wait(1);
  assert.deepEqual(lengthsOf(outcomes), [0]);
  // The same packet again and again.
  for (let i = 0; i < 30; i++) traffic.refused(SCANNER, SERVER, 23, 41_000).wait(10);
  assert.deepEqual(lengthsOf(outcomes.filter(({ port }) => port === 23)), [0]);
});

/** A scan of eight hosts, and what becomes of it by what is answered to `mayTell`, one answer a second. */
function asked(answers: readonly MayTell[]) {
  let now: MayTell = "later", count = 0;
  const judged = new Judged({
    mayTell: (scan) => {
      assert.equal(scan, 1);
      count++;
      return now;
    },
  });
  for (let i = 1; i <= 8; i++) judged.take({ destination: `203.0.113.${i}` });
  for (const answer of answers) {
    now = answer;
    judged.wait(1);
  }
  return { judged, count };
}

Deno.test("a scan that may be told later is asked for again, and told with what is known then", () => {
  const { judged, count } = asked(["later", "later"]);
  assert.deepEqual(judged.named(), []);
  assert.ok(count >= 3);
  const { judged: told } = asked(["later", "later", "now"]);
  assert.deepEqual(told.named(), [SCANNER]);
});

Deno.test("a scan that may be told later does not end before, and one that may not ends in silence", () => {
  const { endSilence } = scandogOptions();
  const later = asked(["later"]).judged.wait(endSilence + 10);
  assert.deepEqual(later.events, []);
  const { judged: not, count } = asked(["not"]);
  not.wait(endSilence + 10).wait(1);
  assert.deepEqual(not.events, []);
  assert.ok(count >= 2, "it is asked for again while it goes on");
  // What it did is told by nobody, and forgotten: the next scan of the source is another.
  assert.deepEqual(not.scans(), []);
});
