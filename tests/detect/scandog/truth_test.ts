// What scans are said to be, against what the lab knows of them: who, how surely, what they learned, what
// they were made with. Nothing may be wrong.

import assert from "node:assert/strict";
import type { ScanEvent } from "../../../src/event.ts";
import { ScandogDetector } from "../../../src/detect/scandog/detector.ts";
import { scandogOptions } from "../../../src/detect/scandog/options.ts";
import { runCapture } from "../../support/run_capture.ts";
import { testCases } from "./corpus.ts";
import { type Aspect, ASPECTS, statementsOf } from "./truth.ts";

/** So many right statements, at least, for each that is left unsaid. */
const RIGHT_FOR_UNSAID: Record<Aspect, number> = {
  source: 3,
  forged: 5,
  proof: 3,
  technique: 3,
  ports: 3,
  hosts: 3,
  open: 3,
  tool: 3,
  distance: 1,
  zombie: 2,
  // Most captures of scans are of both sides or of many hosts, which have no home to be inferred.
  direction: 0.5,
  misuse: 5,
  victim: 5,
  visit: 3,
};

Deno.test("nothing that is said of a scan or of a misused address is wrong, and most is said", () => {
  const wrong: string[] = [];
  const sums = new Map<Aspect, { right: number; unsaid: number }>();
  for (const truth of testCases()) {
    for (const { aspect, verdict, said } of statementsOf(truth)) {
      const sum = sums.get(aspect) ?? { right: 0, unsaid: 0 };
      sums.set(aspect, sum);
      if (verdict === "wrong") wrong.push(`${truth.name}: ${ASPECTS[aspect]}: ${said}`);
      else sum[verdict]++;
    }
  }
  console.table(Object.fromEntries(sums));
  assert.deepEqual(wrong, []);
  for (const aspect of Object.keys(ASPECTS) as Aspect[]) {
    const { right, unsaid } = sums.get(aspect) ?? { right: 0, unsaid: 0 };
    assert.ok(
      right > 0 && right >= RIGHT_FOR_UNSAID[aspect] * unsaid,
      `${aspect}: ${right} right, ${unsaid} unsaid`,
    );
  }
});

Deno.test("the IP version of a scan is that of its addresses, also where only answers were seen", () => {
  let answersOnly = 0;
  for (const { name, file } of testCases()) {
    const { events } = runCapture(
      file,
      (records, emit) => new ScandogDetector(records, scandogOptions(), emit),
    );
    for (const event of events.filter((event): event is ScanEvent => "scan" in event)) {
      const isArp = event.techniques.join() === "arp";
      const version = isArp ? 0 : event.source.includes(":") ? 6 : 4;
      assert.equal(event.ipVersion, version, name);
      if (event.ttlRange.max === 0 && !isArp) answersOnly++;
    }
  }
  assert.ok(answersOnly > 0);
});
