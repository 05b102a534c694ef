// No output may be an input: it would be destroyed before it was read. Knows files by what they are, not
// by their names.

import { CannotRun } from "../failure.ts";
import { absolute } from "../system/paths.ts";

/** Two names of one file, links followed. Devices and pipes may be both. */
export function isSameFile(a: string, b: string): boolean {
  try {
    const [one, other] = [Deno.statSync(a), Deno.statSync(b)];
    return one.isFile && one.dev === other.dev && one.ino !== null && one.ino === other.ino;
  } catch {
    return false;
  }
}

const STANDARD_OUTPUT = "/dev/stdout";

/**
 * Throws `CannotRun` for an input that standard output is appended to: its end would be what was told of its beginning.
 * Nothing is known of it where the runtime does not show the stream's file.
 */
export function refuseReadingOutput(inputs: readonly string[]): void {
  // Asked first, so that Deno does not ask the user.
  const { state } = Deno.permissions.querySync({ name: "read", path: STANDARD_OUTPUT });
  if (state !== "granted") return;
  const same = inputs.find((input) => input !== "-" && isSameFile(STANDARD_OUTPUT, input));
  if (same === undefined) return;
  throw new CannotRun(`${same}: standard output goes there too; write to another file`);
}

/** One file that is to be written. */
export interface WrittenFile {
  option: string;
  path: string;
  /** How many older files are kept beside it, as `PATH.1`, `PATH.2` and so on. */
  keep?: number;
}

/** Throws `CannotRun` where a file is to be written that `others` write as well, whether it is there yet or not. */
export function refuseOutputs({ option, path }: WrittenFile, others: readonly string[]): void {
  const isOther = (other: string) => absolute(other) === absolute(path) || isSameFile(other, path);
  if (!others.some(isOther)) return;
  throw new CannotRun(`${option} ${path}: is written twice; name another file`);
}

/** Throws `CannotRun` for the first output that is an input too, also under the name it will be rotated to. */
export function refuseInputs(outputs: readonly WrittenFile[], inputs: readonly string[]): void {
  for (const { option, path, keep = 0 } of outputs) {
    const names = [path, ...Array.from({ length: keep }, (_, i) => `${path}.${i + 1}`)];
    for (const input of inputs) {
      const same = names.find((name) => isSameFile(name, input));
      if (same === undefined) continue;
      const also = same === path ? "is also read" : `would be rotated to ${same}, which is read`;
      throw new CannotRun(`${option} ${path}: ${also}; write to another file`);
    }
  }
}
