// Reports for build servers: from events, and written by a replay.

import assert from "node:assert/strict";
import { judge } from "../../src/verdict/judge.ts";
import { parseExpectations } from "../../src/verdict/expectation.ts";
import { reportText } from "../../src/verdict/build_report.ts";
import { REPORT } from "../../src/options/report.ts";
import { Refusal } from "../../src/options/row.ts";
import { scanEvent } from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";

const FOUND = [scanEvent(), scanEvent({ scan: 8, source: "10.9.0.9" })];

/** A report on these scans, of which the file expects one and misses another. */
function report(format: "junit" | "sarif", expect = 'a<"b">/expected.txt'): string {
  const { expectations } = parseExpectations(
    expect,
    "source=10.9.0.2 shape=vertical\n\nsource=10.9.0.77\n",
  );
  const verdict = judge(expectations, FOUND);
  return reportText(format, {
    files: ["captures/a b.pcap"],
    expect,
    expectations,
    found: FOUND,
    verdict,
    faults: ["x.pcap: cut \u0001& gone"],
  });
}

Deno.test("a JUnit report has a test for each expectation and each surprise, and is XML", () => {
  const text = report("junit");
  assert.match(text, /<testsuites tests="4" failures="2" errors="1">/);
  assert.equal(text.match(/<testcase /g)?.length, 4);
  assert.match(text, /name="source=10\.9\.0\.2 shape=vertical"\/>/);
  assert.match(text, /name="source=10\.9\.0\.77"><failure message="line 3: not found"\/>/);
  assert.match(text, /name="source=10\.9\.0\.9 .*><failure message="not expected"\/>/);
  assert.match(text, /<error message="x\.pcap: cut \?&amp; gone"\/>/);
  assert.match(text, /classname="a&lt;&quot;b&quot;&gt;\/expected\.txt"/);
});

Deno.test("a SARIF report has a result for each scan and each missing one, with its place", () => {
  const { version, runs: [run] } = JSON.parse(report("sarif"));
  assert.equal(version, "2.1.0");
  const rules = run.tool.driver.rules.map(({ id }: { id: string }) => id);
  const results: { ruleId: string; level: string; locations: unknown[] }[] = run.results;
  assert.ok(results.every(({ ruleId }) => rules.includes(ruleId)));
  assert.deepEqual(results.map(({ ruleId, level }) => [ruleId, level]), [
    ["expected-scan", "note"],
    ["unexpected-scan", "error"],
    ["missing-scan", "error"],
  ]);
  assert.deepEqual(results[0].locations, [
    { physicalLocation: { artifactLocation: { uri: "captures/a%20b.pcap" } } },
  ]);
  assert.deepEqual(results[2].locations, [{
    physicalLocation: {
      artifactLocation: { uri: "a%3C%22b%22%3E/expected.txt" },
      region: { startLine: 3 },
    },
  }]);
  assert.equal(run.invocations[0].executionSuccessful, false);
});

Deno.test("--report takes a format and a file, and nothing else", () => {
  assert.deepEqual(REPORT.parse("junit:a:b.xml"), { format: "junit", file: "a:b.xml" });
  for (const bad of ["junit", "junit:", "xml:a", ":a", ""]) {
    assert.ok(REPORT.parse(bad) instanceof Refusal, bad);
  }
});

Deno.test("replay writes a report, and its exit status stays what it was", async () => {
  const folder = await Deno.makeTempDir();
  const capture = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");
  try {
    const words = ["replay", capture, "--quiet", "--config", "/dev/null"];
    const junit = await scandog([...words, "--report", "junit", `${folder}/a.xml`]);
    assert.deepEqual([junit.status, junit.err], [0, ""]);
    const xml = await Deno.readTextFile(`${folder}/a.xml`);
    assert.match(xml, /<failure message="not expected"\/>/);
    const sarif = await scandog([...words, "--fail-on-scan", `--report=sarif:${folder}/a.sarif`]);
    assert.equal(sarif.status, 3);
    const { runs } = JSON.parse(await Deno.readTextFile(`${folder}/a.sarif`));
    assert.equal(runs[0].results[0].ruleId, "unexpected-scan");
    const lost = await scandog([...words, "--report", "junit", `${folder}/none/a.xml`]);
    assert.equal(lost.status, 1);
    assert.match(lost.err, /^scandog: --report .*none\/a\.xml: cannot be written: .*\n$/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
