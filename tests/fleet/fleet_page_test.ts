// The page about fleets names options, files and metrics that there are.

import assert from "node:assert/strict";
import { loadCommands } from "../../src/command/commands.ts";
import { REFUSALS } from "../../src/event.ts";
import { kebab } from "../../src/options/row.ts";
import { inRepository } from "../support/paths.ts";

const PAGE = await Deno.readTextFile(inRepository(".github/docs/fleet.md"));

Deno.test("every option that fleet.md names is one of watch, correlate or status", async () => {
  const commands = (await loadCommands()).filter(({ name }) =>
    ["watch", "replay", "correlate", "status"].includes(name)
  );
  const known = new Set(
    commands.flatMap(({ options }) => Object.keys(options).map((key) => `--${kebab(key)}`)),
  );
  // Those of the benchmark stand in one line with its name.
  const own = PAGE.split("\n").filter((line) => !line.includes("bench-fleet")).join("\n");
  const named = new Set(own.match(/--[a-z][a-z-]+/g));
  assert.ok(named.size > 10);
  const unknown = [...named].filter((name) => !known.has(name));
  assert.deepEqual(unknown, []);
});

Deno.test("fleet.md links to files that there are, and names every reason for which something is refused", () => {
  const links = [...PAGE.matchAll(/\]\((\.\.?\/[^)]+)\)/g)].map(([, path]) => path);
  assert.ok(links.length > 0);
  for (const path of links) Deno.statSync(inRepository(`.github/docs/${path}`));
  for (const why of REFUSALS) assert.ok(PAGE.includes(`\`${why}\``), why);
});
