// The parts of README.md and .github/docs that the program writes itself, so that they cannot become untrue. `deno
// task docs` renews them; docs_test.ts fails when that is overdue.
//
//   <!-- run: scandog replay FILE -->   what the command prints on standard output
//   <!-- table: commands -->            the program's commands
//   <!-- table: found -->               what is found in testdata, see cases_table.ts
//   <!-- table: decisions -->           what can be decided about an attempt, and whose packets show it
//   <!-- table: ports -->               classes of failed ports, with their weights
//   <!-- table: hosts -->               classes of failed hosts, with their points
//   <!-- table: words -->               words of lines, as the manual explains them
//   <!-- table: actions -->             first words of lines, with the actions and severities of JSON
//   <!-- end -->                        ends each
//   <!-- cost -->, <!-- live -->, <!-- slopes -->, <!-- worst -->
//                                       from within a paragraph on: what tests/bench/recorded.ts says

import { loadCommands } from "../../src/command/commands.ts";
import { GLOSSARY } from "../../src/command/glossary.ts";
import { DECISIONS } from "../../src/decision.ts";
import {
  HOST_CLASSES,
  PORT_CLASSES,
  PortClass,
  type PortClassRow,
} from "../../src/failure_class.ts";
import { operandText } from "../../src/options/help.ts";
import { SEVERITIES } from "../../src/format/severity.ts";
import { FIRST_WORDS } from "../../src/format/text.ts";
import type { Command } from "../../src/options/command.ts";
import { kebab } from "../../src/options/row.ts";
import { defaults, SCANDOG } from "../../src/params.ts";
import {
  costSentence,
  liveSentence,
  recorded,
  slopeTable,
  worstSentence,
} from "../bench/recorded.ts";
import { foundTable } from "./cases_table.ts";
import { inRepository } from "./paths.ts";
import { scandog } from "./scandog.ts";

/** Every document that has such parts. */
export const DOCUMENTS = ["README.md", ".github/docs/alerts.md", ".github/docs/detection.md"];

/** They begin within a paragraph, so without the lines around them. */
const MEASURED = /<!-- (cost|live|slopes|worst) -->[^<]*<!-- end -->/g;
const MEASURED_TEXTS: Record<string, typeof costSentence> = {
  cost: costSentence,
  live: liveSentence,
  slopes: slopeTable,
  worst: worstSentence,
};

const PART = /<!-- (table|run): (.+?) -->\n[\s\S]*?<!-- end -->/g;

const TABLES: Record<string, () => string | Promise<string>> = {
  commands: async () => commandTable(await loadCommands()),
  found: foundTable,
  decisions: () =>
    rows(
      ["decision", "name", "witness"],
      DECISIONS.map(({ head, words, name, witness }) => [
        words === "" ? head : `${head}: ${words}`,
        code(name),
        witness,
      ]),
    ),
  ports: () =>
    rows(
      ["failed port", "name", "weight"],
      PORT_CLASSES.map((row) => [row.words, code(row.name), weightOf(row)]),
    ),
  hosts: () =>
    rows(
      ["failed host", "name", "points"],
      HOST_CLASSES.map(({ words, name, points }) => [words, code(name), String(points)]),
    ),
  words: () => rows(["in a line", "means"], GLOSSARY),
  actions: () =>
    rows(
      ["first word of a line", "`event.action`", "`event.severity`"],
      Object.entries(FIRST_WORDS).map(([action, word]) => [
        word,
        code(action),
        String(SEVERITIES[action as keyof typeof SEVERITIES]),
      ]),
    ),
};

/** The text with each part made anew. */
export async function withParts(text: string): Promise<string> {
  let renewed = "";
  let at = 0;
  for (const match of text.matchAll(PART)) {
    const [whole, kind, what] = match;
    const content = kind === "table" ? await table(what) : await sampleOutput(what);
    renewed += text.slice(at, match.index) +
      `<!-- ${kind}: ${what} -->\n\n${content}\n\n<!-- end -->`;
    at = match.index + whole.length;
  }
  return (renewed + text.slice(at))
    .replace(
      MEASURED,
      (_, name) => `<!-- ${name} -->${MEASURED_TEXTS[name](recorded())}<!-- end -->`,
    );
}

/** What each part of a text is: `run: scandog --version`. */
export function partsOf(text: string): string[] {
  return [...text.matchAll(PART)].map(([, kind, what]) => `${kind}: ${what}`);
}

function table(name: string): string | Promise<string> {
  if (!Object.hasOwn(TABLES, name)) throw new Error(`There is no table ${name}`);
  return TABLES[name]();
}

/** The commands as a Markdown table. */
export function commandTable(commands: readonly Command[]): string {
  const row = ({ name, operand, summary }: Command) => {
    const operands = operand === undefined ? "" : ` ${operandText(operand)}`;
    return [code(`scandog ${name}${operands}`), summary];
  };
  return rows(["command", "does"], commands.map(row));
}

/** A Markdown table. */
function rows(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]) =>
    `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...cells.map(line)].join("\n");
}

function code(text: string): string {
  return `\`${text}\``;
}

/** `3 (--privileged-weight)`, by the default of the option. */
function weightOf({ code: portClass, weighs }: PortClassRow): string {
  if (portClass === PortClass.Target) return "as the rule says";
  if (weighs === undefined) return "0";
  const { option, share } = weighs;
  const weight = Math.ceil(defaults(SCANDOG)[option] * share);
  return `${weight} (\`--${kebab(option)}\`${share === 1 ? "" : ", two thirds of it"})`;
}

/** Runs `scandog WORDS...` in the repository and gives its standard output as a code block. */
export async function sampleOutput(line: string): Promise<string> {
  const [program, ...words] = line.split(/\s+/);
  if (program !== "scandog") throw new Error(`A sample runs scandog, not ${program}`);
  const { out } = await scandog(words, { cwd: inRepository(".") });
  return "```console\n$ " + line + "\n" + out.trimEnd() + "\n```";
}
