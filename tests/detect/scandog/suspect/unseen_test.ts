// Sources of whom only answers are seen: of most of what they did lately, and until they are seen.

import assert from "node:assert/strict";
import { Scan, ScanMaps } from "../../../../src/detect/scandog/scan/scan.ts";
import { isFirstSeen, isUnseen } from "../../../../src/detect/scandog/suspect/unseen.ts";
import { Mark } from "../../../../src/detect/scandog/table/attempt_state.ts";
import { addFailed } from "../../../../src/detect/scandog/table/attempt_chains.ts";
import { Entries, SOURCE, words } from "../entries.ts";

/** True for a source whose attempts were seen (`+`) or only answered (`-`), in this order. */
function ofMarks(marks: string): boolean {
  const entries = new Entries();
  const { memory, memory: { subjects, clock } } = entries;
  const subject = subjects.admit(words(SOURCE), 0, 0, entries.hash(SOURCE), clock.ms);
  for (const [i, mark] of [...marks].entries()) {
    const slot = entries.add({ port: 1 + i, marks: mark === "-" ? Mark.ReplyOnly : 0 });
    addFailed(memory, subject, slot);
  }
  return isUnseen(memory, subject);
}

Deno.test("isUnseen() wants answers alone of more than half of the latest sixteen attempts", () => {
  const cases: [marks: string, expected: boolean][] = [
    ["", false],
    ["-", true],
    ["+", false],
    ["+-", false],
    ["+--", true],
    ["-".repeat(8) + "+".repeat(8), false],
    ["-".repeat(9) + "+".repeat(7), true],
    ["+".repeat(20) + "-".repeat(9) + "+".repeat(7), true],
    ["-".repeat(20) + "-".repeat(8) + "+".repeat(8), false],
  ];
  for (const [marks, expected] of cases) assert.equal(ofMarks(marks), expected, marks);
});

Deno.test("isFirstSeen() is true of a seen attempt while a scan that was found by answers is not told", () => {
  for (const isScanUnseen of [true, false]) {
    for (const announced of [true, false]) {
      for (const marks of [0, Mark.ReplyOnly]) {
        const entries = new Entries();
        const scan = new Scan(entries.memory, 1, 1, new ScanMaps());
        Object.assign(scan, { isUnseen: isScanUnseen, announced });
        const expected = isScanUnseen && !announced && marks === 0;
        assert.equal(isFirstSeen(entries.memory, scan, entries.add({ marks })), expected);
      }
    }
  }
});
