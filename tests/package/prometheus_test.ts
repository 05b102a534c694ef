// Alert rules and the dashboard, with Prometheus' own tool: the rules do what their tests say, every
// query finds something, and names only what the program has.

import assert from "node:assert/strict";
import { metricsText } from "../../src/status/metrics.ts";
import { sampleStatus } from "../status/sample.ts";
import { inRepository } from "../support/paths.ts";
import { exists, skipped } from "../support/skip.ts";

const PROMTOOL = "/usr/bin/promtool";
const FOLDER = inRepository(".github/package/prometheus");
const DASHBOARD = inRepository(".github/package/grafana/scandog.json");
const ignore = skipped("promtool", !exists(PROMTOOL) && "prometheus is not installed");

async function promtool(cwd: string, ...args: string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(PROMTOOL, { args, cwd }).output();
  const decoder = new TextDecoder();
  assert.ok(success, decoder.decode(stdout) + decoder.decode(stderr));
}

/** All metrics of the program, by the sample's series. */
function series(): string[] {
  return metricsText(sampleStatus()).split("\n").filter((line) => /^scandog/.test(line))
    .map((line) => line.replace(/ \S+$/, ""));
}

function names(text: string): string[] {
  return [...new Set(text.match(/\bscandog_\w+/g) ?? [])];
}

interface Panel {
  title: string;
  targets: { expr: string }[];
}

async function panels(): Promise<Panel[]> {
  return JSON.parse(await Deno.readTextFile(DASHBOARD)).panels;
}

Deno.test("rules and dashboard name only metrics that the program has", async () => {
  const known = new Set(series().map((line) => line.replace(/\{.*/, "")));
  const rules = await Deno.readTextFile(`${FOLDER}/scandog.rules.yml`);
  for (const text of [rules, await Deno.readTextFile(DASHBOARD)]) {
    const found = names(text).filter((name) => !name.endsWith("_rules"));
    assert.ok(found.length > 5);
    for (const name of found) assert.ok(known.has(name), name);
  }
});

Deno.test({
  name: "promtool finds the rules right, and their unit tests pass",
  ignore,
  async fn() {
    await promtool(FOLDER, "check", "rules", "scandog.rules.yml");
    await promtool(FOLDER, "test", "rules", "scandog.tests.yml");
  },
});

Deno.test({
  name: "every query of the dashboard finds something in what the program tells",
  ignore,
  async fn() {
    const folder = await Deno.makeTempDir({ prefix: "scandog-prometheus-" });
    try {
      const rules = await Deno.readTextFile(`${FOLDER}/scandog.rules.yml`);
      await Deno.writeTextFile(`${folder}/rules.yml`, rules);
      const inputs = series().map((line) => {
        const labelled = line.includes("{")
          ? line.replace("{", '{instance="a",')
          : `${line}{instance="a"}`;
        const values = line.startsWith("scandog_device_up") ? "0x120" : "0+10x120";
        return { series: labelled, values };
      });
      const queries = (await panels()).flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({ title, expr }))
      );
      assert.ok(queries.length > 10);
      const tests = queries.map(({ expr }) => ({
        expr: `count(${
          expr.replaceAll("$instance", ".*").replaceAll("$__rate_interval", "5m")
        }) > bool 0`,
        eval_time: "90m",
        exp_samples: [{ labels: "{}", value: 1 }],
      }));
      // JSON is YAML as well.
      await Deno.writeTextFile(
        `${folder}/tests.yml`,
        JSON.stringify({
          rule_files: ["rules.yml"],
          evaluation_interval: "1m",
          tests: [{ interval: "1m", input_series: inputs, promql_expr_test: tests }],
        }),
      );
      await promtool(folder, "test", "rules", "tests.yml");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
