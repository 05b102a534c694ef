// What real scanners found and who came back, over the golden captures: nobody is remembered, or told as
// a visitor, who did not scan.

import assert from "node:assert/strict";
import { formatAddress } from "../../../../../src/address.ts";
import type { VisitEvent } from "../../../../../src/event.ts";
import { ScandogDetector } from "../../../../../src/detect/scandog/detector.ts";
import { keptPort } from "../../../../../src/detect/scandog/beside/visit/kept_ports.ts";
import { scandogOptions } from "../../../../../src/detect/scandog/options.ts";
import { runCapture } from "../../../../support/run_capture.ts";
import { testCases } from "../../corpus.ts";

interface Truth {
  sources: string[];
  forged: string[];
  visits?: { source: string; port: number; match: string }[];
}

Deno.test("visits are told where there were any, by whom and to what, and only there", () => {
  let remembered = 0, visited = 0;
  for (const { name, file } of testCases()) {
    const truth: Truth = JSON.parse(
      Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")),
    );
    let detector!: ScandogDetector;
    const { events } = runCapture(file, (records, emit) => {
      return detector = new ScandogDetector(records, scandogOptions({ memory: 16 }), emit);
    });
    const told = events.filter((event): event is VisitEvent => event.action === "scan-visit");
    assert.deepEqual(
      told.map(({ source, destinationPort: port, match }) => ({ source, port, match })),
      truth.visits ?? [],
      name,
    );
    visited += told.length;
    const { ports } = detector.visits;
    if (name === "idle-scan") assert.equal(ports.size, 0, "a zombie found nothing");
    for (let slot = 0; slot < ports.capacity; slot++) {
      const entry = keptPort(ports, slot);
      if (entry === undefined) continue;
      const scanner = formatAddress(entry.scanner);
      assert.ok(truth.sources.includes(scanner), `${name}: ${scanner} is remembered`);
      assert.ok(!truth.forged.includes(scanner), `${name}: ${scanner} is forged`);
      remembered++;
    }
  }
  console.log(`${remembered} open ports remembered, ${visited} visits told`);
  assert.ok(remembered > 500 && visited > 0);
});
