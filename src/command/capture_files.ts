// Capture files as operands, for the commands that judge them. Knows names and permissions; nothing
// of what is in a file.

import type { Operand } from "../options/command.ts";
import { CannotRun } from "../failure.ts";

/** A file read again gives the same output, byte for byte, so nothing is random there. */
export const REPLAY_SEED = 0x5ca2d09;

export const CAPTURE_FILES: Operand = {
  metavar: "FILE",
  help: "Capture files, read in this order as one capture; - is standard input.",
  min: 1,
  max: Infinity,
  isFile: true,
};

/**
 * The sandbox must let us read what the worker is to read; on a terminal, Deno asks the user. Throws
 * `CannotRun` where it does not.
 */
export function askToRead(files: readonly string[]): void {
  for (const file of files.filter((file) => file !== "-")) {
    const { state } = Deno.permissions.requestSync({ name: "read", path: file });
    if (state === "granted") continue;
    throw new CannotRun(`${file}: Deno may not read it; run with --allow-read=${file}`);
  }
}

/** Of all files, undefined when one of them is no plain file. */
export function totalBytes(files: readonly string[]): number | undefined {
  if (files.includes("-")) return undefined; // standard input, also where a file has that name
  let sum = 0;
  for (const file of files) {
    try {
      const { isFile, size } = Deno.statSync(file);
      if (!isFile) return undefined;
      sum += size;
    } catch {
      return undefined;
    }
  }
  return sum;
}
