// Every capture with a known truth, with the options a user gets by default.

import assert from "node:assert/strict";
import { unsuited } from "../../support/skip.ts";
import { publicCaptures, publicFolder, runCase, testCases, type Truth } from "./corpus.ts";

const IDLE_PROBES =
  "one port is asked again and again with SYN-ACKs, as in zombie-probing: told as misuse, not as a scan";
/**
 * Cases where the packets cannot tell what the case says, with the reason. Each must still name
 * nobody.
 */
const UNTOLD: Record<string, string> = {
  "idle-scan-at-zombie": IDLE_PROBES,
  "idle-scan-far-at-zombie": IDLE_PROBES,
};

/** `mayMisuse`: misuse of an address may be told; which cases show it is tested elsewhere. */
function failures(cases: Truth[], mayMisuse: boolean): string[] {
  return cases.flatMap((truth) => {
    const { missed, innocent, named, lines } = runCase(truth, { memory: 16 });
    if (!mayMisuse && lines.some((line) => line.startsWith("address-misused"))) {
      return [`${truth.name}: misuse of an address`];
    }
    if (truth.label === "hostile") return [];
    if (truth.name in UNTOLD) return named.length > 0 ? [`${truth.name}: named ${named}`] : [];
    const wrong = [
      ...missed.map((address) => `missed ${address}`),
      ...innocent.map((address) => `named ${address}`),
    ];
    return wrong.length > 0 ? [`${truth.name}: ${wrong.join(", ")}`] : [];
  });
}

Deno.test("the golden cases: every scan is found with its source, nobody else is named", () => {
  const cases = testCases();
  assert.ok(cases.length > 200);
  // Not all of one kind: scans that would be missed, and benign traffic that would be named.
  for (const label of ["scan", "benign"]) {
    assert.ok(cases.filter((truth) => truth.label === label).length > 60, label);
  }
  assert.deepEqual(failures(cases, true), []);
});

Deno.test({
  name: "the public captures: every scan is found with its source, nobody else is named",
  ignore: unsuited(
    "the public captures",
    publicFolder() === undefined && "they are not beside this folder",
  ),
  fn() {
    const cases = publicCaptures();
    assert.ok(cases.length > 100);
    assert.ok(cases.filter(({ sources }) => sources.length > 0).length > 10);
    assert.deepEqual(failures(cases, false), []);
  },
});
