// Writes known_failures.ts anew: what fails today, with the words of it.
// `deno run -A tests/attacks/record.ts [--add] [FILE...]`: of all files, or of these. Cases that did not fail
// before are added only with `--add`, so that nothing breaks unseen.

import { inRepository } from "../support/paths.ts";
import { KNOWN_FAILURES } from "./known_failures.ts";

const FILE = inRepository("tests/attacks/known_failures.ts");
const mayAdd = Deno.args.includes("--add");
const files = Deno.args.filter((word) => word !== "--add");
const found = await Deno.makeTempFile();
const { success } = await new Deno.Command(Deno.execPath(), {
  args: ["test", "-A", "--quiet", "--no-check"].concat(
    files.length > 0 ? files : inRepository("tests/attacks"),
  ),
  env: { SCANDOG_ATTACKS_RECORD: found },
  stdout: "null",
}).output();
if (!success) {
  console.error("tests/attacks fails in a way that no list excuses: run it to see");
  Deno.exit(1);
}
const seen = new Map<string, string | null>(
  (await Deno.readTextFile(found)).trim().split("\n").filter(Boolean).map((line) =>
    JSON.parse(line)
  ),
);
await Deno.remove(found);
const failing = new Map<string, string>();
// What was not run is as it was.
for (const [name, said] of Object.entries(KNOWN_FAILURES)) {
  if (!seen.has(name) && files.length > 0) failing.set(name, said);
}
for (const [name, said] of seen) if (said !== null) failing.set(name, said);
const added = [...failing.keys()].filter((name) => !(name in KNOWN_FAILURES));
const gone = Object.keys(KNOWN_FAILURES).filter((name) => !failing.has(name));
const kept = [...failing].filter(([name]) => mayAdd || name in KNOWN_FAILURES).sort();
const head = (await Deno.readTextFile(FILE)).split("export const")[0];
const rows = kept.map(([name, said]) =>
  `  ${JSON.stringify(name)}:\n    ${JSON.stringify(said)},\n`
);
const body = rows.length === 0 ? "{}" : `{\n${rows.join("")}}`;
await Deno.writeTextFile(
  FILE,
  `${head}export const KNOWN_FAILURES: Record<string, string> = ${body};\n`,
);
await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", FILE] }).output();
console.log(`${kept.length} fail; ${gone.length} no longer`);
for (const name of gone) console.log(`  right now: ${name}`);
for (const name of added) {
  console.log(`  fails, and did not${mayAdd ? "" : " (not added)"}: ${name}`);
}
if (added.length > 0 && !mayAdd) Deno.exit(1);
