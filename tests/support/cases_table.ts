// The table of golden cases in .github/docs/cases.md: what was done, what the real scanlogd says of
// it, and what scandog says. Made by `deno task docs`; a test fails when that is overdue.

import { runCase, testCases } from "../detect/scandog/corpus.ts";
import { readExpected } from "./expected.ts";

const CASES = new URL("../../testdata/cases/", import.meta.url).pathname;

/** Where the table is kept. */
export const CASES_DOCUMENT = ".github/docs/cases.md";

interface Row {
  name: string;
  story: string;
  label: string;
  sources: string[];
  optional: boolean;
  scanlogd: string[];
  scandog: string[];
  innocent: string[];
}

const HEAD = `# Case by case

Every capture in \`testdata/cases\`, made by real programs in network namespaces (\`tests/lab\`): what
the real scanlogd 2.2.8 says of it, which sources it names, and what scandog says with its default
options. A name in **bold** is wrong: an address that did not scan. Made by \`deno task docs\`.
`;

function rowOf(name: string): Row {
  const folder = CASES + name + "/";
  const truth = JSON.parse(Deno.readTextFileSync(folder + "case.json"));
  const lines = readExpected(name)["scanlogd-2"];
  const named = lines.map((line) => /^([0-9.]+)(?::\d+)?[ :]/.exec(line)?.[1])
    .filter((address) => address !== undefined);
  return {
    name,
    story: truth.story,
    label: truth.label,
    sources: truth.sources,
    optional: truth.optional === true,
    scanlogd: [...new Set(named)],
    scandog: [],
    innocent: [],
  };
}

/** Addresses, those that are wrong in bold; a dash for silence. */
function cell(named: string[], isWrong: (address: string) => boolean): string {
  if (named.length === 0) return "-";
  const shown = named.slice(0, 3).map((address) => isWrong(address) ? `**${address}**` : address);
  return shown.join(", ") + (named.length > 3 ? ` and ${named.length - 3} more` : "");
}

/** The whole document. Runs the detector over every case. */
export function casesDocument(): string {
  const rows = testCases().map((truth) => {
    const { named, innocent } = runCase(truth);
    return { ...rowOf(truth.name), scandog: named, innocent };
  });
  const scans = rows.filter(({ label, optional }) => label === "scan" && !optional);
  const quiet = rows.filter(({ label }) => label === "benign");
  const found = (named: (row: Row) => string[]) =>
    scans.filter((row) => row.sources.every((source) => named(row).includes(source))).length;
  const silent = (named: (row: Row) => string[]) =>
    quiet.filter((row) => named(row).length === 0).length;
  const count = (who: string, named: (row: Row) => string[]) =>
    `| ${who} | ${found(named)} of ${scans.length} | ${silent(named)} of ${quiet.length} |`;
  const table = (wanted: Row[]) =>
    wanted.map((row) =>
      `| ${row.name} | ${row.story.replaceAll("|", "\\|")} | ` +
      `${cell(row.scanlogd, (address) => !row.sources.includes(address))} | ` +
      `${cell(row.scandog, (address) => row.innocent.includes(address))} |`
    );
  const head = ["| case | what was done | scanlogd 2.2.8 | scandog |", "|---|---|---|---|"];
  return [
    HEAD,
    "| | scans with every true source named | ordinary traffic left alone |",
    "|---|---|---|",
    count("scanlogd 2.2.8", ({ scanlogd }) => scanlogd),
    count("scandog", ({ scandog }) => scandog),
    "",
    "## Scans",
    "",
    ...head,
    ...table(rows.filter(({ label }) => label === "scan")),
    "",
    "## Ordinary traffic",
    "",
    ...head,
    ...table(quiet),
    "",
  ].join("\n");
}
