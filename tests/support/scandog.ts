// Runs the program as a user does: a process of its own, its streams and its exit status.
// With SCANDOG_BINARY set, the compiled program of that name is run instead of the sources.

import { inRepository } from "./paths.ts";
import { unsuited } from "./skip.ts";

export interface Ran {
  status: number;
  out: string;
  err: string;
}

export interface RunOptions {
  /** Bytes for standard input; closed without them. */
  stdin?: Uint8Array;
  env?: Record<string, string>;
  cwd?: string;
  /** Deno's permission flags; everything without them. A compiled program has its own. */
  permissions?: string[];
}

/** Are the tests run with a compiled program? Its permissions are those it was built with. */
export const COMPILED = Deno.env.has("SCANDOG_BINARY");

/** For a test's `ignore`: `what` is about the binary, and there is none. */
export function withoutBinary(what: string): boolean {
  return unsuited(what, !COMPILED && "it is about the compiled binary (SCANDOG_BINARY names one)");
}

/** For a test's `ignore`: `what` is about the sources, and a binary is what is tested. */
export function withBinary(what: string): boolean {
  return unsuited(what, COMPILED && "it is about the sources, not the compiled binary");
}

/** The program and its arguments, for a shell to run. */
export function scandogWords(args: string[], permissions = ["-A"]): string[] {
  const binary = Deno.env.get("SCANDOG_BINARY");
  if (binary) return [binary, ...args];
  return [Deno.execPath(), "run", ...permissions, inRepository("main.ts"), ...args];
}

/** Not started yet, for tests that send signals or close streams. */
export function scandogCommand(args: string[], options: RunOptions = {}): Deno.Command {
  const [program, ...rest] = scandogWords(args, options.permissions);
  return new Deno.Command(program, {
    args: rest,
    // UTC, whatever the machine's zone is.
    env: { NO_COLOR: "1", TZ: "UTC", ...options.env },
    cwd: options.cwd,
    stdin: options.stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Runs to the end. */
export async function scandog(args: string[], options: RunOptions = {}): Promise<Ran> {
  const child = scandogCommand(args, options).spawn();
  const writing = options.stdin && feed(child.stdin, options.stdin);
  const { code, stdout, stderr } = await child.output();
  await writing;
  const decoder = new TextDecoder();
  return { status: code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function feed(stream: WritableStream<Uint8Array>, bytes: Uint8Array): Promise<void> {
  const writer = stream.getWriter();
  try {
    await writer.write(bytes);
    await writer.close();
  } catch (error) {
    // The program may end before it has read everything.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
