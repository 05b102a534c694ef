// Capture files as operands, for the commands that judge them. Knows names and permissions; nothing
// of what is in a file.

import type { Operand } from "../options/command.ts";
import { BadUsage, CannotRun } from "../failure.ts";
import { capturesOf, isFolder } from "./capture_folder.ts";
import { refuseReadingOutput } from "./same_file.ts";

/** A file read again gives the same output, byte for byte, so nothing is random there. */
export const REPLAY_SEED = 0x5ca2d09;

export const CAPTURE_FILES: Operand = {
  metavar: "FILE",
  help:
    "Capture files, or folders of them, read as one capture in the order of their time; - is standard " +
    "input.",
  min: 1,
  max: Infinity,
  isFile: true,
};

/**
 * The sandbox must let us read what the worker is to read; on a terminal, Deno asks the user. Throws
 * `CannotRun` where it does not.
 */
function askToRead(files: readonly string[]): void {
  for (const file of files.filter((file) => file !== "-")) {
    const { state } = Deno.permissions.requestSync({ name: "read", path: file });
    if (state === "granted") continue;
    throw new CannotRun(`${file}: Deno may not read it; run with --allow-read=${file}`);
  }
}

/** Names of standard input that Deno would not open: they lead to whatever is open. */
const STANDARD_INPUT: readonly string[] = ["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];

/** The name by which a file is read: `-` for standard input, whatever it is called. */
function inputName(file: string): string {
  return STANDARD_INPUT.includes(file) ? "-" : file;
}

/**
 * The files that operands mean, after the sandbox was asked for them: standard input by its names, a folder's
 * captures for the folder. Throws `BadUsage` and `CannotRun`.
 */
export function inputFiles(operands: readonly string[]): string[] {
  const names = operands.map(inputName);
  if (names.filter((name) => name === "-").length > 1) {
    throw new BadUsage(["standard input can be read once only"]);
  }
  askToRead(names);
  refuseReadingOutput(names);
  return names.flatMap((name) => {
    const found = name !== "-" && isFolder(name) ? capturesOf(name) : [];
    // A folder without captures is said to be that in its turn, beside what else is wrong with files.
    return found.length > 0 ? found : [name];
  });
}

/** The size of all files together; undefined when one of them is no plain file. */
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
