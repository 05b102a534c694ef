// `deno task docs`: renews the parts of README.md that the program writes itself.

import { inRepository } from "./support/paths.ts";
import { withParts } from "./support/readme_parts.ts";

const README = inRepository("README.md");

if (import.meta.main) {
  await Deno.writeTextFile(README, await withParts(await Deno.readTextFile(README)));
}
