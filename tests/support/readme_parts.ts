// The parts of README.md that the program writes itself, so that they cannot become untrue. `deno task
// docs` renews them; docs_test.ts fails when that is overdue.
//
//   <!-- run: scandog replay FILE -->   what the command prints on standard output
//   <!-- table: commands -->            the program's commands
//   <!-- table: found -->               what is found in testdata, see cases_table.ts
//   <!-- end -->                        ends each
//   <!-- cost -->                       within a paragraph: the sentence of tests/bench/recorded.ts

import { loadCommands } from "../../src/command/commands.ts";
import { operandText } from "../../src/options/help.ts";
import type { Command } from "../../src/options/command.ts";
import { costSentence, recorded } from "../bench/recorded.ts";
import { foundTable } from "./cases_table.ts";
import { inRepository } from "./paths.ts";
import { scandog } from "./scandog.ts";

/** Within a paragraph, so without the lines around it. */
const COST = /<!-- cost -->[^<]*<!-- end -->/g;

const PART = /<!-- (table|run): (.+?) -->\n[\s\S]*?<!-- end -->/g;

const TABLES: Record<string, () => string | Promise<string>> = {
  commands: async () => commandTable(await loadCommands()),
  found: foundTable,
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
    .replace(COST, () => `<!-- cost -->${costSentence(recorded())}<!-- end -->`);
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
    return `| \`scandog ${name}${operands}\` | ${summary.replaceAll("|", "\\|")} |`;
  };
  return ["| command | does |", "|---|---|", ...commands.map(row)].join("\n");
}

/** Runs `scandog WORDS...` in the repository and gives its standard output as a code block. */
export async function sampleOutput(line: string): Promise<string> {
  const [program, ...words] = line.split(/\s+/);
  if (program !== "scandog") throw new Error(`A sample runs scandog, not ${program}`);
  const { out } = await scandog(words, { cwd: inRepository(".") });
  return "```console\n$ " + line + "\n" + out.trimEnd() + "\n```";
}
