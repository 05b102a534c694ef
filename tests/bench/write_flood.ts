// Writes a flood capture of so many packets to standard output, for a pipe.

import { writeFlood } from "./traffic.ts";

writeFlood("/dev/stdout", Number(Deno.args[0]));
