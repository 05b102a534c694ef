// The first place among subjects is one as every other: whoever has it is judged as its neighbour is.

import assert from "node:assert/strict";
import { attemptOutcome } from "../../../support/outcomes.ts";
import { Judged } from "../judged.ts";
import { manyAddresses, subjectAt } from "../places.ts";

const FIRST = subjectAt(0, manyAddresses());
/** Another host of the same network. */
const OTHER = FIRST.replace(/\d+$/, (last) => `${Number(last) % 250 + 1}`);

type Given = Parameters<typeof attemptOutcome>[0];

/** Refused at this port of its own, or what is given. */
function fail(judged: Judged, source: string, port: number, given: Given = {}): void {
  judged.take({ source, port, sourcePort: 30_000 + port, sequence: 7919 * port, ...given });
}

function use(judged: Judged, source: string, port: number, given: Given = {}): void {
  fail(judged, source, port, { outcome: "used", facts: ["open", "replied"], ...given });
}

/** What is done, and whether it is a scan. */
const STORIES: Record<string, [run: (judged: Judged, source: string) => void, scans: number]> = {
  "six ports below 1024": [(judged, source) => {
    for (let port = 21; port < 27; port++) fail(judged, source, port);
  }, 0],
  "seven of them": [(judged, source) => {
    for (let port = 21; port < 28; port++) fail(judged, source, port);
  }, 1],
  "seven, of which one is used in the end": [(judged, source) => {
    for (let port = 21; port < 27; port++) fail(judged, source, port);
    use(judged, source, 24, { sourcePort: 30_024, sequence: 7919 * 24 });
    fail(judged, source, 27);
  }, 0],
  "seven, of which one was excused elsewhere": [(judged, source) => {
    for (let port = 21; port < 27; port++) fail(judged, source, port);
    fail(judged, source, 24, { outcome: "harmless", excuse: "came-again" });
    fail(judged, source, 27);
  }, 0],
  "twenty high ports of a host that it uses more": [(judged, source) => {
    for (let port = 5000; port < 5011; port++) use(judged, source, port);
    for (let port = 6000; port < 6021; port++) fail(judged, source, port);
  }, 0],
  "the same, as another sensor says it": [(judged, source) => {
    const uses = { all: 11, host: 11, port: 0 };
    for (let port = 6000; port < 6021; port++) fail(judged, source, port, { uses });
  }, 0],
  "a scan that goes on to what it finds": [(judged, source) => {
    for (let port = 21; port < 30; port++) fail(judged, source, port);
    const facts: ("open" | "replied" | "handshake")[] = ["open", "replied", "handshake"];
    use(judged, source, 80, { facts });
    for (let port = 31; port < 40; port++) fail(judged, source, port);
  }, 1],
};

for (const [story, [run, scans]] of Object.entries(STORIES)) {
  Deno.test(`the first place among subjects: ${story}`, () => {
    const said = [FIRST, OTHER].map((source) => {
      const judged = new Judged();
      run(judged, source);
      judged.wait(300).intake.finish();
      assert.equal(judged.scans().length, scans, source);
      return JSON.stringify(judged.events).replaceAll(source, "source");
    });
    assert.equal(said[0], said[1]);
  });
}
