// Files that a command writes once, at its end: opened before the work, so that a wrong path is told at once.

import { CannotRun, reasonNotWritten } from "../failure.ts";

/** A file as an option names it. */
export interface Output {
  option: string;
  path: string;
  isAppended: boolean;
}

/** Opens it, makes it if need be, and leaves alone what is in it. Throws `CannotRun`. */
export function openOutput({ option, path, isAppended }: Output): Deno.FsFile {
  try {
    return Deno.openSync(path, { write: true, create: true, append: isAppended });
  } catch (error) {
    throw cannotWrite(option, path, error);
  }
}

export function cannotWrite(option: string, path: string, error: unknown): CannotRun {
  return new CannotRun(`${option} ${path}: ${reasonNotWritten(error)}`);
}
