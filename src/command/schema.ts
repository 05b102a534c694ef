// `scandog schema`: prints the JSON Schema of the lines of `--format json`, for programs that read them.

import { Exit } from "../failure.ts";
import schema from "../format/event.schema.json" with { type: "json" };
import { defineCommand } from "../options/command.ts";
import { writeOut } from "./terminal.ts";

export const SCHEMA = defineCommand({
  name: "schema",
  summary: "Prints the JSON Schema (2020-12) of the lines of --format json.",
  examples: [
    ["scandog schema >scandog.schema.json", "for a validator or a collector"],
  ],
  options: {},
  run() {
    writeOut(JSON.stringify(schema, null, 2) + "\n");
    return Promise.resolve(Exit.Done);
  },
});
