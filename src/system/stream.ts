// What the system says of an open stream. Knows descriptors; nothing of what is written.

import { libc } from "./libc.ts";
import { SystemError } from "./system_error.ts";

const STANDARD_OUTPUT = 1;
const F_GETFL = 3;
const O_NONBLOCK = 0o4000;

/**
 * May standard output have been left in non-blocking mode by who started us? True where it cannot be told.
 *
 * With all permissions a file says so, at once; otherwise the C library does, which takes tens of
 * milliseconds to open: for `live` runs, which need it anyway.
 */
export function isOutputNonBlocking(live: boolean): boolean {
  const flags = flagsInFile() ?? (live ? flagsByCall() : undefined);
  return flags === undefined || (flags & O_NONBLOCK) !== 0;
}

function flagsInFile(): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/self/fdinfo/${STANDARD_OUTPUT}`);
    return parseInt(/^flags:\s*([0-7]+)/m.exec(text)?.[1] ?? "0", 8);
  } catch {
    return undefined;
  }
}

function flagsByCall(): number | undefined {
  try {
    return libc().call.fcntl(STANDARD_OUTPUT, F_GETFL, 0n);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
