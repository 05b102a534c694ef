// Starts the command that the arguments name, and ends with its status.

import { start } from "./src/command/start.ts";

Deno.exit(await start(Deno.args));
