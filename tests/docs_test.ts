import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import {
  costSentence,
  LIVE_KINDS,
  liveSentence,
  type Recorded,
  recorded,
  slopeTable,
  worstSentence,
} from "./bench/recorded.ts";
import { CASES_DOCUMENT, casesDocument } from "./support/cases_table.ts";
import {
  commandTable,
  DOCUMENTS,
  partsOf,
  sampleOutput,
  withParts,
} from "./support/document_parts.ts";
import { COMMANDS, loadCommands } from "../src/command/commands.ts";
import { kebab } from "../src/options/row.ts";
import { defaults, SCANDOG } from "../src/params.ts";
import { inRepository } from "./support/paths.ts";
import { exists, skipped } from "./support/skip.ts";

const README = inRepository("README.md");

/** A stranger reads it in one sitting: options are in the man page, details in .github/docs. */

const README_LINES_MAX = 205;

const noReadme = skipped("README.md", !exists(README) && "it is not there");

/** A part that each document cannot do without: the marks must not get lost. */
const PARTS: Record<string, string[]> = {
  "README.md": ["table: commands", "table: found"],
  ".github/docs/alerts.md": ["table: actions", "table: words"],
  ".github/docs/detection.md": ["table: decisions", "table: ports", "table: hosts"],
};

for (const path of DOCUMENTS) {
  Deno.test({
    name: `${path} has the output and the figures that the program has: else deno task docs`,
    ignore: skipped(path, !exists(inRepository(path)) && "it is not there"),
    async fn() {
      const text = await Deno.readTextFile(inRepository(path));
      const parts = partsOf(text);
      for (const part of PARTS[path]) assert.ok(parts.includes(part), part);
      assert.ok(parts.some((part) => part.startsWith("run: scandog ")), "no sample");
      assert.equal(await withParts(text), text);
    },
  });
}

Deno.test({
  name: "README.md is for one sitting, and says what a packet, idling, a flood and a start cost",
  ignore: noReadme,
  async fn() {
    const text = await Deno.readTextFile(README);
    assert.ok(text.includes(costSentence(recorded())));
    assert.ok(text.includes(slopeTable(recorded())));
    assert.ok(text.includes(worstSentence(recorded())));
    assert.ok(text.includes(liveSentence(recorded())));
    assert.ok(text.split("\n").length <= README_LINES_MAX);
  },
});

Deno.test({
  name: "README.md explains words that its first alerts have",
  ignore: noReadme,
  async fn() {
    const text = await Deno.readTextFile(README);
    const alert = /^```console\n\$ scandog replay .*\n([^`]+)/m.exec(text)![1];
    const section = /^## One alert, word by word\n\n((?:\|.*\n)+)/m.exec(text)![1];
    const words = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, word]) => word);
    assert.ok(words.length >= 10);
    for (const word of words) assert.ok(alert.includes(word), `${word} is not in: ${alert}`);
  },
});

Deno.test({
  name: "README.md and the pages that it leads to name files and options that there are",
  ignore: noReadme,
  async fn() {
    let text = "";
    for (const path of DOCUMENTS) {
      const page = await Deno.readTextFile(inRepository(path));
      for (const [, link] of page.matchAll(/\]\(([^)#:]+)\)/g)) {
        assert.ok(exists(inRepository(join(dirname(path), link))), `${link} in ${path}`);
      }
      text += page;
    }
    const names = new Set((await loadCommands()).flatMap(({ options }) => Object.keys(options)));
    const others = ["allow-ffi", "help", "version", "system", "no-create-home", "shell", "now"];
    for (const [, name] of text.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)) {
      const isOurs = [...names].some((key) => kebab(key) === name);
      assert.ok(isOurs || others.includes(name), `there is no option --${name}`);
    }
  },
});

Deno.test({
  name: "README.md has the numbers that are the detector's defaults",
  ignore: noReadme,
  async fn() {
    const text = await Deno.readTextFile(README);
    const { privilegedWeight, portWeight, exoticWeight, scanWeight, sweepHosts, blockTargets } =
      defaults(SCANDOG);
    const { failureRatio, remember, memory } = defaults(SCANDOG);
    assert.equal(failureRatio, 2);
    assert.equal(remember, 2 * 3600);
    for (
      const words of [
        `A port below 1024 weighs ${privilegedWeight}, another ${portWeight}, what no TCP sends ${exoticWeight}.`,
        `(weight ${scanWeight}), many hosts (${sweepHosts}), a grid (${blockTargets}), and two failures`,
        "`--remember` (two hours)",
        `Tables take ${memory} MiB`,
      ]
    ) assert.ok(text.includes(words), words);
  },
});

Deno.test("the table of cases is what the detector says today: else deno task docs", async () => {
  assert.equal(casesDocument(), await Deno.readTextFile(inRepository(CASES_DOCUMENT)));
});

Deno.test("commandTable() has a row for every command, with operands and escaped bars", async () => {
  const table = commandTable(await loadCommands());
  assert.match(table, /^\| `scandog replay FILE\.\.\.` \| Runs the detector .+ \|$/m);
  assert.match(table, /^\| `scandog man` \| .+ scandog man \\\| man -l - \|$/m);
  for (const name of Object.keys(COMMANDS)) assert.ok(table.includes(`\`scandog ${name}`), name);
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

Deno.test("what README.md says of cost was measured on commits, and stands there as it was", () => {
  const { slope, live, worst, ...all } = recorded();
  for (const { of } of [slope, live, worst]) assert.match(of, /^sources \([0-9a-f]{7,} /);
  for (const { of } of Object.values(all)) {
    assert.match(of, /^scandog \d+\.\d+\.\d+ \([0-9a-f]{7,}/);
  }
  const idle = { of: "", mib: 87.6, cpuMs: 0.649, wakeUps: 2.1 };
  const flood = { of: "", packets: 2_000_000, mib: 120.4 };
  const start = { of: "", replayMs: 84.4, classicMs: 50.6 };
  const text = costSentence({ slope, live, worst, idle, flood, start });
  assert.match(
    text,
    / 88 MiB, 0\.6 ms of a processor and 2 wake-ups a second, and 120 MiB after 2 million/,
  );
  assert.match(text, /\na small capture 84 ms, 51 as scanlogd-2 /);
  const real = { ns: 60, cpuNs: 60, startMs: 21 };
  const classic = { ns: 24, cpuNs: 40, startMs: 130 };
  const ours = { ns: 120.4, cpuNs: 121, startMs: 604 };
  const mix = { scanlogd: real, "scanlogd-2": classic, scandog: ours };
  const table = slopeTable({ ...recorded(), slope: { ...slope, packets: 2e6, runs: 3, mix } });
  assert.match(table, /; medians of 3 runs of 2 and 8 million packets, /);
  assert.ok(
    table.includes(
      "\n| many scans in a server's busy traffic | 60 ns after 0.02 s | 24 ns after 0.13 s, 2.5 times as fast (1.5) " +
        "| 120 ns after 0.60 s, 0.50 times as fast (0.50) |\n",
    ),
  );
});

Deno.test("README.md tells floods and slower traffic among the costliest apart", () => {
  const found = [
    { name: "loud", ns: 900, perSecond: 400_000 },
    { name: "quiet flood", ns: 100, perSecond: 500_000 },
    { name: "slow", ns: 4000, perSecond: 8000 },
    { name: "less slow", ns: 3000, perSecond: 20_000 },
  ];
  const worst = { of: "", packets: 1, runs: 1, ordinaryNs: 300, found };
  const text = worstSentence({ ...recorded(), worst });
  // 900 ns at 400,000 a second, and 3000 ns at 20,000, are what takes most of a processor.
  assert.match(
    text,
    / flood costs up to 3 times an ordinary one \(36 % of a processor at 400,000 a second\)/,
  );
  assert.match(
    text,
    /of slower traffic up to 13 times \(at most 6 %; `bench-worst`\)/,
  );
});

Deno.test("README.md tells live costs in tcpdump's processor time", () => {
  const costs = (first: number, next: number) => ({
    first: { ...NO_COST, scandog: first, tcpdump: 50, scanlogd: 2000 },
    next: { ...NO_COST, scandog: next, tcpdump: 40, scanlogd: 1500 },
  });
  const kinds = Object.fromEntries(LIVE_KINDS.map((kind, i) => [kind, costs(300 >> i, 160 >> i)]));
  const live = { of: "", packets: 1e6, runs: 1, ...kinds } as Recorded["live"];
  const text = liveSentence({ ...recorded(), live }).replaceAll("\n", " ");
  assert.match(
    text,
    / forged SYNs 6\.0, then 4\.0 \(scanlogd 38\), small segments 3\.0, then 2\.0, /,
  );
  assert.match(text, / downloads 1\.5, then 1\.0 \(`bench-live`\)\./);
});

const NO_COST = { scandog: 1, "scanlogd-2": 1, tcpdump: 1, "tcpdump -s 256": 1, scanlogd: 1 };
