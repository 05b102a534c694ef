// Who owns a file from its first moment on, and who owns it later. Knows paths, modes and numbers of users; not why.

import { cString, libc } from "./libc.ts";

/**
 * The file at `path` becomes that user's and group's. A link is given away itself, never what it leads to:
 * whoever may write to the folder could have put one there. Throws `SystemError`.
 */
export function giveAway(path: string, uid: number, gid: number): void {
  const lib = libc();
  lib.check(lib.call.lchown(cString(path), uid, gid), `give ${path} to uid ${uid}`);
}

/** What `make` makes has no more than these bits of a mode. Other threads are under it as well: be brief. */
export function withMode<T>(mode: number, make: () => T): T {
  // Deno's own wants a permission that a compiled program does not have.
  const { call } = libc();
  const before = call.umask(0o777 & ~mode);
  try {
    return make();
  } finally {
    call.umask(before);
  }
}
