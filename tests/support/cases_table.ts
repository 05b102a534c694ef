// The table of golden cases in .github/docs/cases.md: what was done, what the real scanlogd says of it,
// what scandog says, and whether that is true. Made by `deno task docs`; a test fails when that is overdue.

import { runCase, testCases, type Truth } from "../detect/scandog/corpus.ts";
import {
  type Aspect,
  ASPECTS,
  type Statement,
  statementsOf,
  type Verdict,
} from "../detect/scandog/truth.ts";
import { readExpected } from "./expected.ts";

const CASES = new URL("../../testdata/cases/", import.meta.url).pathname;

/** Where the table is kept. */
export const CASES_DOCUMENT = ".github/docs/cases.md";

const VERDICTS: Verdict[] = ["right", "wrong", "unsaid"];

/** What a statement is called in a row; the source stands in a column of its own. */
const LABELS: Partial<Record<Aspect, string>> = {
  forged: "forged:",
  proof: "proof:",
  technique: "by:",
  ports: "ports:",
  hosts: "hosts:",
  open: "open:",
  tool: "program:",
  distance: "hops:",
  zombie: "zombie:",
  direction: "direction:",
  misuse: "misuse:",
  victim: "against:",
  visit: "visit:",
};
/** Longer lists of ports make no table. */
const CELL_MAX = 60;

interface Row {
  name: string;
  story: string;
  label: string;
  sources: string[];
  techniques: string[];
  shapes: string[];
  optional: boolean;
  scanlogd: string[];
  scandog: string[];
  innocent: string[];
  statements: Statement[];
}

const HEAD = `# Case by case

Every capture in \`testdata/cases\`, made by real programs in network namespaces (\`tests/lab\`), where true
sources, forged sources, programs, open ports and distances are known: what the real scanlogd 2.2.8 says of
it, which sources it names, and what scandog says with its default options. What is wrong stands in **bold**.
A claim that is not sure is not made: it is unsaid. Made by \`deno task docs\`.
`;

function rowOf(truth: Truth): Row {
  const record = JSON.parse(Deno.readTextFileSync(`${CASES}${truth.name}/case.json`));
  const named = readExpected(truth.name)["scanlogd-2"]
    .map((line) => /^([0-9.]+)(?::\d+)?[ :]/.exec(line)?.[1])
    .filter((address) => address !== undefined);
  const found = runCase(truth);
  return {
    name: truth.name,
    story: record.story,
    label: record.label,
    sources: record.sources,
    techniques: record.techniques,
    shapes: record.shapes,
    optional: record.optional === true,
    scanlogd: [...new Set(named)],
    scandog: found.named,
    innocent: found.innocent,
    statements: statementsOf(truth),
  };
}

let rows: Row[] | undefined;

/** All cases. Runs the detector over every one, once. */
function allRows(): Row[] {
  return rows ??= testCases().map(rowOf);
}

/** How many scans and quiet captures each program gets right: a table of two lines. */
export function foundTable(): string {
  const scans = allRows().filter(({ label, optional }) => label === "scan" && !optional);
  const quiet = allRows().filter(({ label }) => label === "benign");
  const found = (named: (row: Row) => string[]) =>
    scans.filter((row) => row.sources.every((source) => named(row).includes(source))).length;
  const silent = (named: (row: Row) => string[]) =>
    quiet.filter((row) => named(row).length === 0).length;
  const count = (who: string, named: (row: Row) => string[]) =>
    `| ${who} | ${found(named)} of ${scans.length} | ${silent(named)} of ${quiet.length} |`;
  return [
    "| | scans with every true source named | ordinary traffic left alone |",
    "|---|---|---|",
    count("scanlogd 2.2.8", ({ scanlogd }) => scanlogd),
    count("scandog", ({ scandog }) => scandog),
  ].join("\n");
}

/** How often what is said is right: a line for each aspect. */
export function truthTable(): string {
  const all = allRows().flatMap(({ statements }) => statements);
  const count = (aspect: Aspect | undefined, verdict: Verdict) =>
    all.filter((one) => (aspect ?? one.aspect) === one.aspect && one.verdict === verdict).length;
  const line = (name: string, aspect?: Aspect) =>
    `| ${name} | ${VERDICTS.map((verdict) => count(aspect, verdict)).join(" | ")} |`;
  return [
    `| what is said | ${VERDICTS.join(" | ")} |`,
    "|---|---|---|---|",
    ...Object.entries(ASPECTS).map(([aspect, name]) => line(name, aspect as Aspect)),
    line("all"),
  ].join("\n");
}

/** Addresses, those that are wrong in bold; a dash for silence. */
function names(named: string[], isWrong: (address: string) => boolean): string {
  if (named.length === 0) return "-";
  const shown = named.slice(0, 3).map((address) => isWrong(address) ? `**${address}**` : address);
  return shown.join(", ") + (named.length > 3 ? ` and ${named.length - 3} more` : "");
}

/** What is said besides the source: right as it is, wrong in bold, what is not said at the end. */
function besides(statements: readonly Statement[]): string {
  const texts = statements.flatMap(({ aspect, verdict, said }) => {
    if (verdict === "unsaid" || LABELS[aspect] === undefined) return [];
    const short = said.length > CELL_MAX ? `${said.slice(0, CELL_MAX)}...` : said;
    const text = `${LABELS[aspect]} ${short}`;
    return [verdict === "wrong" ? `**${text}**` : text];
  });
  const unsaid = new Set(
    statements.filter(({ verdict }) => verdict === "unsaid")
      .map(({ aspect }) => (LABELS[aspect] ?? "source:").slice(0, -1)),
  );
  if (unsaid.size > 0) texts.push(`unsaid: ${[...unsaid].join(", ")}`);
  return [...new Set(texts)].join("; ") || "-";
}

function table(wanted: readonly Row[]): string[] {
  return [
    "| case | what was done | | scanlogd 2.2.8 names | scandog names | and says |",
    "|---|---|---|---|---|---|",
    ...wanted.map((row) => {
      const cells = [
        row.name,
        row.story,
        [...row.shapes, ...row.techniques].join(" "),
        names(row.scanlogd, (address) => !row.sources.includes(address)),
        names(row.scandog, (address) => row.innocent.includes(address)),
        besides(row.statements),
      ];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    }),
  ];
}

/** The whole document. */
export function casesDocument(): string {
  return [
    HEAD,
    foundTable(),
    "",
    truthTable(),
    "",
    "`proof` is what the packets hold of the source: `handshake`, `reset` or `none`. `misuse` is of an address that",
    "others use, `against` of whom, and what answered. What a capture cannot show is not asked of it.",
    "",
    "## Scans",
    "",
    ...table(allRows().filter(({ label }) => label === "scan")),
    "",
    "## Ordinary traffic",
    "",
    ...table(allRows().filter(({ label }) => label === "benign")),
    "",
  ].join("\n");
}
