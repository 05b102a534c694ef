// `deno task docs`: renews what the program writes of its own documents: parts of README.md and .github/docs, and the
// table of cases.

import { CASES_DOCUMENT, casesDocument } from "./support/cases_table.ts";
import { inRepository } from "./support/paths.ts";
import { DOCUMENTS, withParts } from "./support/document_parts.ts";

if (import.meta.main) {
  for (const path of DOCUMENTS.map(inRepository)) {
    await Deno.writeTextFile(path, await withParts(await Deno.readTextFile(path)));
  }
  await Deno.writeTextFile(inRepository(CASES_DOCUMENT), casesDocument());
}
