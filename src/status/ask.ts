// Asks a running program over its control socket. Knows sockets; not the answer.

import { CannotRun } from "../failure.ts";

/** A longer answer is none of ours. */
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;
const ANSWER_MS_MAX = 10_000;

/** The whole answer to one request. Throws `CannotRun`, with the remedy. */
export async function ask(path: string, request: string): Promise<string> {
  const socket = await connect(path);
  const timer = setTimeout(() => socket.close(), ANSWER_MS_MAX);
  try {
    await socket.write(new TextEncoder().encode(`${request}\n`));
    const answer = await readAll(socket);
    if (answer === "") throw new CannotRun(`${path}: too many ask at once: try again`);
    return answer;
  } catch (error) {
    if (error instanceof CannotRun) throw error;
    throw new CannotRun(`${path}: no answer within ${ANSWER_MS_MAX / 1000} s`);
  } finally {
    clearTimeout(timer);
    try {
      socket.close();
    } catch {
      // The timer was sooner.
    }
  }
}

async function connect(path: string): Promise<Deno.UnixConn> {
  try {
    return await Deno.connect({ transport: "unix", path });
  } catch (error) {
    throw new CannotRun(`${path}: ${remedy(error)}`);
  }
}

function remedy(error: unknown): string {
  if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.ConnectionRefused) {
    return "no scandog answers there; start `scandog watch` with --control, or name its socket";
  }
  if (error instanceof Deno.errors.PermissionDenied) {
    return "permission denied: be root, or in the group that the socket belongs to";
  }
  return (error as Error).message;
}

async function readAll(socket: Deno.UnixConn): Promise<string> {
  const decoder = new TextDecoder();
  let text = "", bytes = 0;
  const chunk = new Uint8Array(64 * 1024);
  for (;;) {
    const read = await socket.read(chunk);
    if (read === null) return text + decoder.decode();
    bytes += read;
    if (bytes > ANSWER_BYTES_MAX) throw new CannotRun("the answer is too long to be scandog's");
    text += decoder.decode(chunk.subarray(0, read), { stream: true });
  }
}
