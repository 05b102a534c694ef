// Reports for build servers: from events, and written by a replay.

import assert from "node:assert/strict";
import { judge } from "../../src/verdict/judge.ts";
import { parseExpectations } from "../../src/verdict/expectation.ts";
import { reportForm, type ReportFormat } from "../../src/verdict/build_report.ts";
import { REPORT } from "../../src/options/report.ts";
import { Refusal } from "../../src/options/row.ts";
import { floodEvent, scanEvent } from "../support/events.ts";
import { inRepository } from "../support/paths.ts";
import { scandog } from "../support/scandog.ts";
import { exists, skipped } from "../support/skip.ts";

const FOUND = [scanEvent(), scanEvent({ scan: 8, source: "10.9.0.9" })];

/** A report on these scans, of which the file expects one and misses another. */
function report(format: ReportFormat, expect = 'a<"b">/expected.txt'): string {
  const { expectations } = parseExpectations(
    expect,
    "source=10.9.0.2 shape=vertical\n\nsource=10.9.0.77\n",
  );
  const verdict = judge(expectations, FOUND);
  return reportForm(format).text({
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
  assert.match(
    text,
    /name="source=10\.9\.0\.77"><failure type="missing" message="line 3: not found"\/>/,
  );
  assert.match(
    text,
    /name="source=10\.9\.0\.9 .*><failure type="unexpected" message="not expected"\/>/,
  );
  assert.match(text, /<error type="reading" message="x\.pcap: cut \?&amp; gone"\/>/);
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

Deno.test("reports tell floods: compared where somebody wrote expectations, and else only told", () => {
  const found = [floodEvent(), floodEvent({ story: 2, network: "10.9.0.0/24" })];
  const { expectations } = parseExpectations(
    "x",
    "shape=flood destination=10.9.0.1\nshape=flood destination=10.9.0.7",
  );
  const told = (format: ReportFormat, expect?: string) =>
    reportForm(format).text({
      files: ["a.pcap"],
      expect,
      expectations: expect === undefined ? [] : expectations,
      found,
      verdict: judge(expect === undefined ? undefined : expectations, found),
      faults: [],
    });
  const rules = (expect?: string) =>
    JSON.parse(told("sarif", expect)).runs[0].results
      .map(({ ruleId, level }: { ruleId: string; level: string }) => `${ruleId} ${level}`);
  assert.deepEqual(rules("x"), [
    "expected-flood note",
    "unexpected-flood error",
    "missing-flood error",
  ]);
  assert.deepEqual(rules(), ["flood note", "flood note"]);
  assert.match(told("junit", "x"), /<testsuites tests="3" failures="2" errors="0">/);
  assert.match(told("junit"), /failures="0"/);
  assert.match(told("markdown", "x"), /^### scandog: 1 not expected, 1 missing$/m);
  assert.match(
    told("markdown", "x"),
    /^\| not expected \| 30,000 sources \| 10\.9\.0\.0\/24 \| flood syn \|/m,
  );
  assert.match(told("markdown"), /^### scandog: no scan, 2 floods$/m);
});

/**
 * The schema comes in a package that needs twenty others. It is loaded by a process of its own, so that they are
 * none of this project's: whoever runs the program would have to fetch them all.
 */
const VALIDATE = `
  import schema from "npm:@microsoft/jest-sarif@1.0.0-beta.0/lib/schemas/sarif-2.1.0-rtm.5.json" with { type: "json" };
  import { Ajv } from "npm:ajv@8.20.0";
  import addFormats from "npm:ajv-formats@3.0.1";
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  // It is of draft 4, whose one difference here is the name of its own address; and its pattern for
  // languages has a bracket too many for a regular expression of Unicode.
  const text = JSON.stringify(schema).replaceAll("-[a-zA-Z]{2}]?$", "(-[a-zA-Z]{2})?$");
  const { id: _id, $schema: _draft, ...draft7 } = JSON.parse(text);
  const validate = ajv.compile(draft7);
  for (const report of REPORTS) console.log(validate(report) ? "fits" : ajv.errorsText(validate.errors));
`;

Deno.test("a SARIF report fits the published schema, whatever the names", async () => {
  const reports = ["expected.txt", 'a<"b">/expected.txt', "/abs/\u00e4.txt"]
    .map((expect) => JSON.parse(report("sarif", expect)));
  const wrong = JSON.parse(report("sarif"));
  wrong.runs[0].results[0].level = "fatal";
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-lock", "--no-config", "-A", "-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
    env: { NO_COLOR: "1" },
  }).spawn();
  const writer = child.stdin.getWriter();
  const source = VALIDATE.replace("REPORTS", JSON.stringify([...reports, wrong]));
  await writer.write(new TextEncoder().encode(source));
  await writer.close();
  const said = new TextDecoder().decode((await child.output()).stdout).trimEnd().split("\n");
  assert.deepEqual(said.slice(0, 3), ["fits", "fits", "fits"]);
  assert.match(said[3], /level must be equal to one of the allowed values/);
});

Deno.test({
  name: "a JUnit report fits the elements and attributes that build servers read",
  ignore: skipped("xmllint", !exists("/usr/bin/xmllint") && "xmllint is not installed"),
  async fn() {
    const check = async (xml: string) => {
      const child = new Deno.Command("/usr/bin/xmllint", {
        args: ["--noout", "--nonet", "--schema", inRepository("tests/verdict/junit.xsd"), "-"],
        stdin: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(xml));
      await writer.close();
      const { success, stderr } = await child.output();
      return success ? "" : new TextDecoder().decode(stderr);
    };
    assert.equal(await check(report("junit")), "");
    assert.equal(await check(report("junit", "\u0000\u001b[31m\ud800<&>'\"")), "");
    assert.match(
      await check(report("junit").replace("<testcase ", "<testcase colour='1' ")),
      /colour/,
    );
  },
});

Deno.test("a Markdown report has a sentence and a table, in which no text is markup", () => {
  const text = report("markdown");
  assert.match(text, /^\n### scandog: no verdict, /);
  assert.match(
    text,
    /^\| not expected \| 10\.9\.0\.9 \| 10\.9\.0\.1 \| vertical syn \| 7: 21-25,80,443, open 22,80 \|/m,
  );
  assert.match(text, /^\| not found \| line 3: source=10\.9\.0\.77 \|/m);
  assert.match(text, /<code>a&#60;"b"&#62;\/expected\.txt<\/code>/);
  const evil = reportForm("markdown").text({
    files: ["<img src=x onerror=alert(1)>|`**"],
    expectations: [],
    found: [],
    verdict: judge([], []),
    faults: [],
  });
  assert.match(evil, /### scandog: no scan/);
  assert.doesNotMatch(evil, /<img|\||`|\*\*/);
});

Deno.test("--report takes formats and files, and nothing else", () => {
  assert.deepEqual(REPORT.parse("junit:a:b.xml"), [{ format: "junit", file: "a:b.xml" }]);
  assert.deepEqual(REPORT.parse("junit:a,b.xml,sarif:c,markdown:d"), [
    { format: "junit", file: "a,b.xml" },
    { format: "sarif", file: "c" },
    { format: "markdown", file: "d" },
  ]);
  for (const bad of ["junit", "junit:", "xml:a", ":a", "", "junit:a,sarif:a", "junit:a,sarif:"]) {
    assert.ok(REPORT.parse(bad) instanceof Refusal, bad);
  }
});

const CAPTURE = inRepository("testdata/cases/mixed-syn/capture.pcap.gz");

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("replay writes reports, and its exit status stays what it was", () =>
  inFolder(async (folder) => {
    const words = ["replay", CAPTURE, "--quiet", "--config", "/dev/null"];
    await Deno.writeTextFile(`${folder}/a.xml`, "x".repeat(100_000));
    await Deno.writeTextFile(`${folder}/summary.md`, "before\n");
    const junit = await scandog([
      ...[...words, "--report", "junit", `${folder}/a.xml`, "--report", "markdown"],
      ...[`${folder}/summary.md`, `--report=sarif:${folder}/b.sarif`],
    ]);
    assert.deepEqual([junit.status, junit.err], [0, ""]);
    const xml = await Deno.readTextFile(`${folder}/a.xml`);
    assert.match(xml, /<failure type="unexpected" message="not expected"\/>/);
    assert.ok(xml.endsWith("</testsuites>\n"), "what was there is gone");
    assert.match(
      await Deno.readTextFile(`${folder}/summary.md`),
      /^before\n\n### scandog: 1 scan\n/,
    );
    const sarif = await scandog([...words, "--fail-on-scan", `--report=sarif:${folder}/a.sarif`]);
    assert.equal(sarif.status, 3);
    const { runs } = JSON.parse(await Deno.readTextFile(`${folder}/a.sarif`));
    assert.equal(runs[0].results[0].ruleId, "unexpected-scan");
    const lost = await scandog([...words, "--report", "junit", `${folder}/none/a.xml`]);
    assert.deepEqual([lost.status, lost.out], [1, ""], "said before the work");
    assert.match(
      lost.err,
      /^scandog: --report .*none\/a\.xml: there is no such folder; make it first\n$/,
    );
  }));

Deno.test("replay --write-expect writes what --expect then finds met", () =>
  inFolder(async (folder) => {
    const expected = `${folder}/expected.txt`;
    const words = ["replay", CAPTURE, "--config", "/dev/null"];
    const first = await scandog([...words, "--write-expect", expected]);
    assert.equal(first.status, 0, first.err);
    const second = await scandog([...words, "--expect", expected]);
    assert.equal(second.status, 0, second.err);
    assert.match(second.err, /all 1 met/);
    const none = await scandog([...words, "--expect", "/dev/null"]);
    assert.equal(none.status, 3);
  }));

Deno.test("replay writes over no file that it reads, under any name, and over none twice", () =>
  inFolder(async (folder) => {
    const capture = `${folder}/a.pcap`;
    await Deno.copyFile(CAPTURE, capture);
    await Deno.symlink(capture, `${folder}/link`);
    await Deno.writeTextFile(`${folder}/e.txt`, "source=10.9.0.2\n");
    const before = await Deno.readFile(capture);
    const bad = [
      ["--report", "junit", capture],
      ["--report", "junit", `${folder}/../${folder.split("/").at(-1)}/a.pcap`],
      ["--write-expect", `${folder}/link`],
      ["--expect", `${folder}/e.txt`, "--write-expect", `${folder}/e.txt`],
      ["--report", `junit:${folder}/x`, "--write-expect", `${folder}/x`],
    ];
    for (const words of bad) {
      const { status, err, out } = await scandog(["replay", capture, ...words]);
      assert.deepEqual([status, out], [1, ""], words.join(" "));
      assert.match(
        err,
        /^scandog: --\S+ \S+: is (also read|written twice); .*\n$/,
        words.join(" "),
      );
    }
    assert.deepEqual(await Deno.readFile(capture), before);
    assert.equal(await Deno.readTextFile(`${folder}/e.txt`), "source=10.9.0.2\n");
  }));
