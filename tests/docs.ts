// `deno task docs`: renews what the program writes of its own documents: parts of README.md, the table of
// cases and that of what is true.

import { CASES_DOCUMENT, casesDocument } from "./support/cases_table.ts";
import { inRepository } from "./support/paths.ts";
import { withParts } from "./support/readme_parts.ts";
import { TRUTH_DOCUMENT, truthDocument } from "./support/truth_table.ts";

const README = inRepository("README.md");

if (import.meta.main) {
  await Deno.writeTextFile(README, await withParts(await Deno.readTextFile(README)));
  await Deno.writeTextFile(inRepository(CASES_DOCUMENT), casesDocument());
  await Deno.writeTextFile(inRepository(TRUTH_DOCUMENT), truthDocument());
}
