// Whether somebody with fewer rights could redirect a file. Asked before root opens a file for writing: whoever may
// write in a folder can put a link there that leads to any file of root's.

import { absolute, folderOf } from "./paths.ts";
import { SystemError } from "./system_error.ts";

/** Bits of a mode by which group and others may write, and by which they may not remove others' files. */
const OTHERS_WRITE = 0o022;
const STICKY = 0o1000;

/** What is looked at of a folder. */
export interface FolderInfo {
  uid: number | null;
  mode: number | null;
}

/**
 * The first of `folder` and those above it in which somebody else than root may write, or undefined.
 * Above it a sticky folder will do: there nobody can take away what is not his. Pure but for `look`.
 */
export function writableByOthers(
  folder: string,
  look: (path: string) => FolderInfo = Deno.statSync,
): string | undefined {
  for (let path = absolute(folder), isFirst = true;; path = folderOf(path), isFirst = false) {
    const { uid, mode } = look(path);
    const open = ((mode ?? 0) & OTHERS_WRITE) !== 0 && (isFirst || ((mode ?? 0) & STICKY) === 0);
    if (uid !== 0 || open) return path;
    if (path === "/") return undefined;
  }
}

/**
 * The first folder in which somebody else could get in the way of root, by the path that is given and by
 * the one that links in it lead to. One that is absent is no danger: opening a file in it fails.
 */
export function unsafeFolderOf(folder: string): string | undefined {
  try {
    return writableByOthers(folder) ?? writableByOthers(Deno.realPathSync(folder));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return undefined;
    }
    throw error;
  }
}

/** Throws `SystemError` when root must not write in one of the folders. */
export function refuseUnsafeFolders(folders: readonly string[]): void {
  for (const folder of folders) {
    const unsafe = unsafeFolderOf(folder);
    if (unsafe === undefined) continue;
    throw new SystemError(
      `write in ${folder} as root`,
      0,
      `others than root may write in ${unsafe} and lay links there; name a folder that is root's ` +
        "alone, or become a user (--user)",
    );
  }
}
