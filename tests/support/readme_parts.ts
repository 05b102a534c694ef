// The parts of README.md that the program writes itself, so that they cannot become untrue: option
// tables and sample output. `deno task docs` renews them; docs_test.ts fails when that is overdue.
//
//   <!-- options: replay -->            the options of a command, a table for each group
//   <!-- run: scandog replay FILE -->   what the command prints on standard output
//   <!-- end -->                        ends either

import { loadCommands } from "../../src/command/commands.ts";
import { defaultOf, isFlag, kebab, type Row } from "../../src/options/row.ts";
import { scandog } from "./scandog.ts";
import { inRepository } from "./paths.ts";

const PART = /<!-- (options|run): (.+?) -->\n[\s\S]*?<!-- end -->/g;

/** The text with each part made anew. */
export async function withParts(text: string): Promise<string> {
  let renewed = "";
  let at = 0;
  for (const match of text.matchAll(PART)) {
    const [whole, kind, what] = match;
    const content = kind === "options" ? await optionTables(what) : await sampleOutput(what);
    renewed += text.slice(at, match.index) +
      `<!-- ${kind}: ${what} -->\n\n${content}\n\n<!-- end -->`;
    at = match.index + whole.length;
  }
  return renewed + text.slice(at);
}

/** How many parts a text has. */
export function countParts(text: string): number {
  return [...text.matchAll(PART)].length;
}

/** The options of a command as Markdown tables, one for each group. */
export async function optionTables(name: string): Promise<string> {
  const command = (await loadCommands()).find((command) => command.name === name);
  if (command === undefined) throw new Error(`There is no command ${name}`);
  const groups = Map.groupBy(Object.entries(command.options), ([, row]) => row.group);
  return [...groups].map(([group, rows]) =>
    [`| ${group} | | default |`, "|---|---|---|", ...rows.map(tableRow)].join("\n")
  ).join("\n\n");
}

function tableRow([key, row]: [string, Row]): string {
  const short = row.short === undefined ? "" : `-${row.short}, `;
  const value = isFlag(row) ? "" : ` ${row.kind.choices?.join("|") ?? row.kind.metavar}`;
  const cells = [`\`${short}--${kebab(key)}${value}\``, row.help, defaultOf(row)];
  // A bar would end the cell, also inside code.
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** Runs `scandog WORDS...` in the repository and gives its standard output as a code block. */
export async function sampleOutput(line: string): Promise<string> {
  const [program, ...words] = line.split(/\s+/);
  if (program !== "scandog") throw new Error(`A sample runs scandog, not ${program}`);
  const { out } = await scandog(words, { cwd: inRepository(".") });
  return "```console\n$ " + line + "\n" + out.trimEnd() + "\n```";
}
