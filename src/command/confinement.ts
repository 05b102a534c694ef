// Gives up what the program no longer needs once its devices and logs are open: root, system calls, files, Deno
// permissions. Reports what was given up, from what the kernel says.

import { takeAwayFiles } from "../system/descriptors.ts";
import { effectiveUserId, identity } from "../system/identity.ts";
import { libc } from "../system/libc.ts";
import { describeLandlock, restrictWithLandlock } from "../system/landlock.ts";
import { refuseUnsafeFolders, unsafeFolderOf } from "../system/safe_folder.ts";
import { type PermissionName, revokeAllBut } from "../system/permissions.ts";
import { describePrivileges, dropPrivileges, openSocketsAs } from "../system/privileges.ts";
import { resolveUser, type User } from "../system/users.ts";
import { type CONFINEMENT_OPTIONS, USER_DEFAULT } from "../options/confinement.ts";
import type { ValuesOf } from "../options/row.ts";

type ConfinementValues = ValuesOf<typeof CONFINEMENT_OPTIONS>;

/** What the program goes on needing. */
export interface Needs {
  /** Files and directories read after the start: the configuration. */
  read: string[];
  /** Directories and files written after the start: the log. */
  write: string[];
  /** Directories, written too, whose files are also rotated: renamed and removed. */
  turn?: string[];
  /** TCP ports connected to after the start. */
  ports: number[];
}

/** The user to become; undefined when not started as root and no user is named. */
export function userToBecome({ user }: ConfinementValues): User | undefined {
  if (user === undefined && effectiveUserId() !== 0) return undefined;
  const name = user ?? USER_DEFAULT;
  const group = name.includes(":") ? textOf("/etc/group") : "";
  return resolveUser(name, textOf("/etc/passwd"), group);
}

/** Of a file that may be absent: a container for one program may do without, and use UID:GID. */
function textOf(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/**
 * Makes sockets that lie in `folders`. Where somebody else than root may write there, whoever that is
 * could put a link in the place of what root makes, and have root give him the file that it leads to: then
 * they are made as the user. Throws `CannotRun`.
 */
export async function openSockets(
  user: User | undefined,
  folders: readonly string[],
  open: () => Promise<void>,
): Promise<void> {
  const isSafe = () => folders.every((folder) => unsafeFolderOf(folder) === undefined);
  if (folders.length === 0 || identity() !== "root" || isSafe()) return await open();
  if (user === undefined || user.uid === 0) refuseUnsafeFolders(folders);
  else await openSocketsAs(user, open);
}

/**
 * Confines the process. Sentences about it, for `--verbose`. Throws `CannotRun` where something
 * cannot be given up: the program must not go on then.
 */
export function confine(
  values: ConfinementValues,
  user: User | undefined,
  openLogs: () => void,
  needs: Needs,
): string[] {
  const said: string[] = [];
  // The runtime reads the system's zone when it is first asked for, and keeps it. Later the file
  // cannot be reached, and all clocks would be UTC.
  new Date().getTimezoneOffset();
  // The runtime's caches, which root opened and runs next time. Before files of our own are opened.
  const taken = takeAwayFiles(libc());
  if (taken.length > 0) said.push(`taken away: ${taken.join(", ")}`);
  const openFiles = () => {
    if (identity() === "root") refuseUnsafeFolders([...needs.write, ...(needs.turn ?? [])]);
    openLogs();
  };
  said.push(describePrivileges(dropPrivileges({ user, chroot: values.chroot, openFiles })));
  if (values.landlock) {
    // Behind a chroot these paths are others; what is needed is open already.
    const { read, write, turn } = values.chroot === undefined ? needs : { read: [], write: [] };
    const rules = { read, write, turn, connectTcp: needs.ports, scoped: true };
    said.push(describeLandlock(restrictWithLandlock(rules)));
  }
  const keep: PermissionName[] = [];
  if (needs.read.length > 0) keep.push("read");
  if (needs.write.length > 0 || needs.turn?.length) keep.push("write");
  if (needs.ports.length > 0) keep.push("net");
  revokeAllBut(keep);
  said.push(`Deno permissions kept: ${keep.join(", ") || "none"}`);
  return said;
}
