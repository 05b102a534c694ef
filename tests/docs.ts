// `deno task docs`: renews what the program writes of its own documents: parts of README.md, and the table
// of cases.

import { CASES_DOCUMENT, casesDocument } from "./support/cases_table.ts";
import { inRepository } from "./support/paths.ts";
import { withParts } from "./support/readme_parts.ts";

const README = inRepository("README.md");

if (import.meta.main) {
  await Deno.writeTextFile(README, await withParts(await Deno.readTextFile(README)));
  await Deno.writeTextFile(inRepository(CASES_DOCUMENT), casesDocument());
}
