import assert from "node:assert/strict";
import { CASES_DOCUMENT, casesDocument } from "./support/cases_table.ts";
import { countParts, optionTables, sampleOutput, withParts } from "./support/readme_parts.ts";
import { inRepository } from "./support/paths.ts";
import { exists, skipped } from "./support/skip.ts";
import { TRUTH_DOCUMENT, truthDocument } from "./support/truth_table.ts";

const README = inRepository("README.md");

Deno.test({
  name: "README.md has the options and the output that the program has: else deno task docs",
  ignore: skipped("README.md", !exists(README) && "it is not there"),
  async fn() {
    const text = await Deno.readTextFile(README);
    assert.ok(countParts(text) >= 2, "README.md has an option table and sample output");
    assert.equal(await withParts(text), text);
  },
});

Deno.test("the table of cases is what the detector says today: else deno task docs", async () => {
  assert.equal(casesDocument(), await Deno.readTextFile(inRepository(CASES_DOCUMENT)));
});

Deno.test("the table of truth is what the detector says today: else deno task docs", async () => {
  assert.equal(truthDocument(), await Deno.readTextFile(inRepository(TRUTH_DOCUMENT)));
});

Deno.test("optionTables() has a row for every option, with bars escaped", async () => {
  const tables = await optionTables("replay");
  assert.match(
    tables,
    /^\| Detector \| \| default \|\n\|---\|---\|---\|\n\| `--profile scandog\\\|/m,
  );
  assert.match(tables, /^\| `--scan-weight N` \| .+ \| 21 weight \(scanlogd-1: 10\) \|$/m);
  assert.match(tables, /^\| `--quiet` \| .+ \| {2}\|$/m);
});

Deno.test("sampleOutput() shows the command and what it prints", async () => {
  const sample = await sampleOutput("scandog --version");
  assert.match(sample, /^```console\n\$ scandog --version\nscandog \d+\.\d+\.\d+\n```$/);
});

Deno.test("withParts() renews what is between the marks and nothing else", async () => {
  const before = "a\n<!-- run: scandog --version -->\nold\n<!-- end -->\nb\n<!-- end -->\n";
  const once = await withParts(before);
  assert.match(
    once,
    /^a\n<!-- run: scandog --version -->\n\n```console\n[^]*```\n\n<!-- end -->\nb/,
  );
  assert.equal(await withParts(once), once);
});
