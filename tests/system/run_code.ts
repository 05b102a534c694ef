// Runs a few lines of code as a program of its own, with chosen permissions.

import assert from "node:assert/strict";

/** A program in a file that is removed when `use` is done with it. */
export async function withProgram<T>(code: string, use: (file: string) => Promise<T>): Promise<T> {
  const file = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(file, code);
    return await use(file);
  } finally {
    await Deno.remove(file);
  }
}

/** The command line for such a program; it never prompts. */
export function runArguments(flags: string[], file: string): string[] {
  return ["run", "--no-config", "--no-prompt", ...flags, file];
}

/** A program that has not ended by then does not end. */
const LIMIT_MS = 300_000;

/** What the program prints; it must print nothing on its standard error, and end. */
export function runCode(flags: string[], code: string): Promise<string> {
  return withProgram(code, async (file) => {
    const signal = AbortSignal.timeout(LIMIT_MS);
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: runArguments(flags, file),
      env: { NO_COLOR: "1" },
      signal,
    }).output();
    assert.ok(!signal.aborted, "the program does not end");
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).trim();
  });
}

/** An import line for a file of this repository, given from its root. */
export function importLine(names: string, path: string): string {
  return `import { ${names} } from ${JSON.stringify(import.meta.resolve(`../../${path}`))};\n`;
}
