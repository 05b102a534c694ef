// Every golden case with every profile, line for line.

import assert from "node:assert/strict";
import type { Profile } from "../src/event.ts";
import { captureOf, caseNames, readExpected, replayLines } from "./support/expected.ts";
import { scandog } from "./support/scandog.ts";

const names = caseNames();

/** What differs, as a person reads it. */
async function differences(profile: Profile): Promise<string[]> {
  const found: string[] = [];
  for (const name of names) {
    const lines = await replayLines(captureOf(name), profile);
    const expected = readExpected(name)[profile];
    const at = lines.findIndex((line, i) => line !== expected[i]);
    if (at < 0 && lines.length === expected.length) continue;
    const i = at < 0 ? lines.length : at;
    found.push(`${name}, line ${i + 1}\n  expected: ${expected[i]}\n  found:    ${lines[i]}`);
  }
  return found;
}

Deno.test("scandog says of every golden case what it said before: else deno task golden", async () => {
  const found = await differences("scandog");
  assert.equal(found.length, 0, `${found.length} of ${names.length} differ\n${found.join("\n")}`);
});

for (const profile of ["scanlogd-2", "scanlogd-1"] as const) {
  Deno.test(`${profile} says of every golden case what the real scanlogd said`, async () => {
    const found = await differences(profile);
    assert.equal(found.length, 0, `${found.length} of ${names.length} differ\n${found.join("\n")}`);
  });
}

Deno.test("scandog replay prints the expected lines of a scan, of decoys, of a visit and of nothing", async () => {
  for (const name of ["mixed-syn", "decoy-last", "scan-then-visit", "database-pool"]) {
    for (const profile of ["scandog", "scanlogd-2", "scanlogd-1"] as const) {
      const args = ["replay", "--tz", "UTC", "--profile", profile, captureOf(name)];
      const { status, out } = await scandog(args);
      const expected = readExpected(name)[profile];
      assert.equal(status, 0, name);
      assert.equal(out, expected.map((line) => `${line}\n`).join(""), `${name}, ${profile}`);
    }
  }
});
