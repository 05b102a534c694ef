// Starts the command that the arguments name, and ends with its status.

import { start } from "./src/cli/start.ts";

Deno.exit(await start(Deno.args));
