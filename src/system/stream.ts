// Properties of an open stream, as the system reports them. Knows descriptors; nothing of what is written.

import { libcQuestions } from "./libc.ts";
import { SystemError } from "./system_error.ts";

const STANDARD_OUTPUT = 1;
const F_GETFL = 3;
const O_NONBLOCK = 0o4000;

/** May standard output have been left in non-blocking mode by who started us? True where it cannot be told. */
export function isOutputNonBlocking(): boolean {
  const flags = flagsByCall() ?? flagsInFile();
  return flags === undefined || (flags & O_NONBLOCK) !== 0;
}

function flagsByCall(): number | undefined {
  try {
    return libcQuestions().fcntl(STANDARD_OUTPUT, F_GETFL, 0n);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** For who may read everything and open no library; everybody else is refused. */
function flagsInFile(): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/self/fdinfo/${STANDARD_OUTPUT}`);
    return parseInt(/^flags:\s*([0-7]+)/m.exec(text)?.[1] ?? "0", 8);
  } catch {
    return undefined;
  }
}
