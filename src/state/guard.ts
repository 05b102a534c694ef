// Checks a state file before SQLite touches it: it must be a plain file that we may write, and nobody else may be
// able to steer a process with root's rights through it. Makes the file if there is none.

import { dirname } from "node:path";
import { reasonNotWritten } from "../failure.ts";
import { StateError } from "./state_error.ts";

/** The user of this process, and the users whose files may be used with root's rights. */
export interface Rights {
  /** Does this process have root's rights now? When the sandbox does not tell, it may have. */
  who: "root" | "other" | "unknown";
  /** User ids that may own the file and its folder: root, and whom the process is to become. */
  owners: readonly number[];
}

/** More rows than the largest table has do not fill so much. */
const BYTES_MAX = 2 ** 30;
/** Bits of a mode by which group and others may write. */
const OTHERS_WRITE = 0o022;

/** Makes sure that `path` is a state file to be, or may be one. Throws `StateError`. */
export function guardStateFile(path: string, rights: Rights): void {
  for (const name of ["read", "write"] as const) {
    // Asked first, so that Deno does not ask the user.
    if (Deno.permissions.querySync({ name, path }).state === "granted") continue;
    throw new StateError(
      path,
      `this program may not ${name} it; permit --allow-read=${path} --allow-write=${path}`,
    );
  }
  if (rights.who !== "other") guardFolder(path, rights);
  const info = infoOf(path) ?? make(path);
  if (!info.isFile) throw new StateError(path, "is not a plain file; name another");
  if (info.size > BYTES_MAX) {
    throw new StateError(path, "is far too large for a state file; move it away to begin anew");
  }
  if (rights.who !== "other" && !isSafe(info, rights)) {
    throw new StateError(
      path,
      `refused: others may write it, and ${runner(rights)}; chown root and chmod go-w ${path}`,
    );
  }
  const head = readHead(path);
  if (head.length > 0 && new TextDecoder().decode(head) !== MAGIC) {
    throw new StateError(path, "is no state file; name another");
  }
}

/** Every SQLite file begins so (sqlite.org/fileformat.html). */
const MAGIC = "SQLite format 3\0";

/** The first bytes, of a file that could be written as well. */
function readHead(path: string): Uint8Array {
  const head = new Uint8Array(MAGIC.length);
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    return head.subarray(0, file.readSync(head) ?? 0);
  } catch (error) {
    const reason = error instanceof Deno.errors.PermissionDenied
      ? "permission denied; this program's user must be able to write it"
      : (error as Error).message;
    throw new StateError(path, `cannot be written: ${reason}`);
  }
}

/** Whoever may create files beside it can plant a journal that SQLite would apply. */
function guardFolder(path: string, rights: Rights): void {
  const folder = dirname(path);
  if (Deno.permissions.querySync({ name: "read", path: folder }).state !== "granted") return;
  const info = infoOf(folder);
  if (info === undefined || isSafe(info, rights)) return;
  throw new StateError(
    path,
    `refused: others may write in ${folder}, and ${
      runner(rights)
    }; name a folder that is root's alone`,
  );
}

function runner({ who }: Rights): string {
  return who === "root"
    ? "this runs as root"
    : "this may run as root, as far as its sandbox tells it (--allow-sys=uid)";
}

function isSafe({ mode, uid }: Deno.FileInfo, { owners }: Rights): boolean {
  return (mode === null || (mode & OTHERS_WRITE) === 0) && (uid === null || owners.includes(uid));
}

/** Looks at the name itself: a link is not followed. Undefined when there is nothing. */
function infoOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new StateError(path, `cannot be used: ${(error as Error).message}`);
  }
}

/** An empty file is an empty database. It holds who visited whom: nobody else is to read it. */
function make(path: string): Deno.FileInfo {
  try {
    Deno.openSync(path, { write: true, createNew: true, mode: 0o600 }).close();
    return Deno.lstatSync(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? `there is no folder ${dirname(path)}; make one that this program's user may write in`
      : error instanceof Deno.errors.PermissionDenied
      ? `permission denied; this program's user must be able to write in ${dirname(path)}`
      : reasonNotWritten(error);
    throw new StateError(path, `cannot be made: ${reason}`);
  }
}
