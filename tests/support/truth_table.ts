// The table of what is said and what is true in .github/docs/truth.md. Made by `deno task docs`; a test
// fails when that is overdue.

import { testCases, type Truth } from "../detect/scandog/corpus.ts";
import {
  type Aspect,
  ASPECTS,
  type Statement,
  statementsOf,
  type Verdict,
} from "../detect/scandog/truth.ts";

/** Where the table is kept. */
export const TRUTH_DOCUMENT = ".github/docs/truth.md";

const HEAD = `# What it says, and what is true

Real tools in network namespaces (\`tests/lab\`), whose true sources, forged sources, programs, open ports and
distances are known, compared with the last event of each scan. A claim that is not sure is not made: it is
unsaid. Made by \`deno task docs\`; the test that counts it is \`tests/detect/scandog/truth_test.ts\`.
`;

/** Commands whose cases are shown one by one. */
const SHOWN: Record<string, RegExp> = {
  "nmap -D": /^nmap .*-D /,
  "nmap -sI": /^nmap .*-sI /,
  "nmap -O, -sV, -A": /^nmap .*-(O|sV|A) /,
  masscan: /^masscan /,
  zmap: /^zmap /,
  hping3: /^hping3 /,
};
const COLUMNS: Aspect[] = ["source", "forged", "proof", "open", "tool", "distance"];
const VERDICTS: Verdict[] = ["right", "wrong", "unsaid"];
/** Longer lists of ports make no table. */
const CELL_MAX = 60;

function commandsOf({ file }: Truth): string[] {
  const { commands } = JSON.parse(Deno.readTextFileSync(file.replace(/capture\..*$/, "case.json")));
  return commands.map(({ command }: { command: string }) => command);
}

function counts(all: readonly Statement[]): string[] {
  const count = (aspect: Aspect | undefined, verdict: Verdict) =>
    all.filter((one) => (aspect ?? one.aspect) === one.aspect && one.verdict === verdict).length;
  const row = (name: string, aspect?: Aspect) =>
    `| ${name} | ${VERDICTS.map((verdict) => count(aspect, verdict)).join(" | ")} |`;
  return [
    `| what is said | ${VERDICTS.join(" | ")} |`,
    "|---|---|---|---|",
    ...Object.entries(ASPECTS).map(([aspect, name]) => row(name, aspect as Aspect)),
    row("all"),
  ];
}

/** Every statement of this aspect: right as it is, wrong in bold. */
function cell(statements: readonly Statement[], aspects: readonly Aspect[]): string {
  const texts = statements.filter(({ aspect }) => aspects.includes(aspect)).map(
    ({ verdict, said }) => {
      if (verdict === "unsaid") return "unsaid";
      const text = said.length > CELL_MAX ? `${said.slice(0, CELL_MAX)}...` : said;
      return verdict === "wrong" ? `**${text}**` : text;
    },
  );
  return [...new Set(texts)].join("; ") || "-";
}

function rows(cases: readonly [Truth, Statement[]][], command: RegExp): string[] {
  return cases.filter(([truth]) => commandsOf(truth).some((text) => command.test(text)))
    .map(([{ name }, statements]) => {
      const cells = COLUMNS.map((aspect) => cell(statements, [aspect]));
      cells.push(cell(statements, ["zombie", "misuse", "victim"]));
      return `| ${name} | ${cells.join(" | ")} |`;
    });
}

/** The whole document. Runs the detector over every case. */
export function truthDocument(): string {
  const cases = testCases().map((truth): [Truth, Statement[]] => [truth, statementsOf(truth)]);
  const head = [
    `| case | ${COLUMNS.map((aspect) => ASPECTS[aspect]).join(" | ")} | used by others |`,
    `|---|${COLUMNS.map(() => "---|").join("")}---|`,
  ];
  return [
    HEAD,
    ...counts(cases.flatMap(([, statements]) => statements)),
    "",
    "Proof is what the packets hold of it: `handshake`, `reset` or `none`. The last column has the signs of an",
    "idle scan at its target; and at other hosts, whose address is used, by whom and against whom. A dash: there",
    "was nothing to say, such as a scan that is none of this host.",
    ...Object.entries(SHOWN).flatMap(([name, command]) => [
      "",
      `## ${name}`,
      "",
      ...head,
      ...rows(cases, command),
    ]),
    "",
  ].join("\n");
}
