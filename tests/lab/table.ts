// Writes the table of cases into the lab's README, from the case.json files there are.

import { CASES } from "./store.ts";

const README = new URL("./README.md", import.meta.url);
const BEGIN = "<!-- table of cases, written by main.ts -->";
const END = "<!-- end of table -->";

export async function writeTable(): Promise<void> {
  const rows = ["| case | label | techniques | shape | story |", "|---|---|---|---|---|"];
  const names: string[] = [];
  for await (const entry of Deno.readDir(CASES)) if (entry.isDirectory) names.push(entry.name);
  for (const name of names.sort()) {
    const record = JSON.parse(await Deno.readTextFile(`${CASES}/${name}/case.json`));
    const label = record.blind ? "scan, not visible" : record.label;
    const shapes = record.shapes.join(", "), techniques = record.techniques.join(", ");
    rows.push(`| ${name} | ${label} | ${techniques} | ${shapes} | ${record.story} |`);
  }
  const text = await Deno.readTextFile(README);
  const [before, rest] = text.split(BEGIN);
  const after = rest.split(END)[1];
  await Deno.writeTextFile(README, `${before}${BEGIN}\n\n${rows.join("\n")}\n\n${END}${after}`);
}
