// The control socket: who may connect to it is told what the program sees, and can change nothing.
// One request a connection, one bounded answer. Knows sockets; not what is asked for.
//
// Opened before privileges are given up; no call that was refused since is needed to answer.

import { giveAway, withMode } from "../system/ownership.ts";
import { CannotRun, reasonNotWritten } from "../failure.ts";

/** A request is a word and a newline. */
const REQUEST_BYTES_MAX = 64;
/** A client that has not asked by then is disconnected, and so is one that has not read the answer by then. */
const REQUEST_MS_MAX = 2000;
const ANSWER_MS_MAX = 5000;
/** At once; whoever comes beyond them is sent away without an answer. */
const CLIENTS_MAX = 8;
/** Members of the group and root: it tells whom the log tells. */
const MODE = 0o660;

export interface Owner {
  uid: number;
  gid: number;
}

/** Gives the answer to a request; undefined where there is no such request. */
export type Answer = (request: string) => string | undefined;

export class ControlSocket {
  private readonly listener: Deno.UnixListener;
  private readonly clients = new Set<Deno.UnixConn>();
  private isClosed = false;

  private constructor(private readonly path: string, listener: Deno.UnixListener, answer: Answer) {
    this.listener = listener;
    this.serve(answer);
  }

  /**
   * Begins to listen. A socket that nobody listens on any more is replaced. Throws `CannotRun` where
   * it cannot be made, or where another program answers there.
   */
  static async open(
    path: string,
    owner: Owner | undefined,
    answer: Answer,
  ): Promise<ControlSocket> {
    await removeDead(path);
    let listener: Deno.UnixListener;
    try {
      // Made with its mode: what is at the path a moment later may be something else by then.
      listener = withMode(MODE, () => Deno.listen({ transport: "unix", path }));
    } catch (error) {
      throw new CannotRun(`--control ${path}: cannot be made: ${reasonNotWritten(error)}`);
    }
    try {
      if (owner !== undefined) giveAway(path, owner.uid, owner.gid);
    } catch (error) {
      listener.close();
      throw new CannotRun(
        `--control ${path}: cannot be given its owner: ${reasonNotWritten(error)}`,
      );
    }
    return new ControlSocket(path, listener, answer);
  }

  private async serve(answer: Answer): Promise<void> {
    while (!this.isClosed) {
      try {
        const client = await this.listener.accept();
        if (this.clients.size >= CLIENTS_MAX) client.close();
        else this.attend(client, answer);
      } catch {
        // Too many open files, or a client that went before it was taken: the next may do better.
        if (!this.isClosed) await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  private async attend(client: Deno.UnixConn, answer: Answer): Promise<void> {
    this.clients.add(client);
    let timer = setTimeout(() => this.drop(client), REQUEST_MS_MAX);
    try {
      const request = await requestOf(client);
      const text = request === undefined ? undefined : answer(request);
      clearTimeout(timer);
      timer = setTimeout(() => this.drop(client), ANSWER_MS_MAX);
      if (text !== undefined) await writeAll(client, new TextEncoder().encode(text));
    } catch {
      // It went away. There is nothing to be told to it, and nothing of ours depends on it.
    } finally {
      clearTimeout(timer);
      this.drop(client);
    }
  }

  private drop(client: Deno.UnixConn): void {
    if (!this.clients.delete(client)) return;
    try {
      client.close();
    } catch {
      // It is closed already.
    }
  }

  /** Ends it, and takes the file away where that is still permitted. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.listener.close();
    for (const client of [...this.clients]) this.drop(client);
    try {
      Deno.removeSync(this.path);
    } catch {
      // The folder may be another user's by now; the next start replaces the file.
    }
  }
}

/** A line; undefined for what is none within the bound. */
async function requestOf(client: Deno.UnixConn): Promise<string | undefined> {
  const bytes = new Uint8Array(REQUEST_BYTES_MAX);
  for (let length = 0; length < bytes.length;) {
    const read = await client.read(bytes.subarray(length));
    if (read === null) return undefined;
    length += read;
    const end = bytes.subarray(0, length).indexOf(10);
    if (end >= 0) return new TextDecoder().decode(bytes.subarray(0, end)).trim();
  }
  return undefined;
}

async function writeAll(client: Deno.UnixConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await client.write(bytes.subarray(at));
}

/** What lies there from an earlier run; not what is no socket, and not what is in use. */
async function removeDead(path: string): Promise<void> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw new CannotRun(`--control ${path}: cannot be looked at: ${reasonNotWritten(error)}`);
  }
  if (info.isSocket !== true) {
    throw new CannotRun(`--control ${path}: there is a file that is no socket; name another`);
  }
  try {
    (await Deno.connect({ transport: "unix", path })).close();
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionRefused)) {
      throw new CannotRun(`--control ${path}: cannot be looked at: ${reasonNotWritten(error)}`);
    }
    return await Deno.remove(path).catch((error) => {
      throw new CannotRun(
        `--control ${path}: what an earlier run left cannot be removed: ${reasonNotWritten(error)}`,
      );
    });
  }
  throw new CannotRun(`--control ${path}: another program answers there; end it, or name another`);
}
