// Gives root up, for good, in every thread, and proves it. Knows no packet and no option.
//
// What reaches which thread decides the order below (measured with Deno 2.9.6 and glibc 2.36):
// - setgroups, setresgid and setresuid: all threads, glibc sees to it. Leaving uid 0 the kernel
//   empties the permitted, effective and ambient capabilities of each of them.
// - prctl, capset: the calling thread and those it starts later. When our first line of code runs
//   there are five or more others (V8's and tokio's) that no call of ours can run in.
// - seccomp with TSYNC: all threads, and no_new_privs goes with it.
//
// A thread that is ending is left out of the first two ways: glibc passes it over, and the kernel may (see
// `readUntil`). It runs no code any more, and is gone as soon as it gets a processor.
//
// So a start as root ends with no capability in any thread. A start as an ordinary user with
// capabilities ends with none in this thread, and with a filter in all the others that refuses what
// CAP_NET_RAW and CAP_NET_ADMIN are good for; any other capability is an error.
//
// What remains even so: the open capture socket can send frames as well as receive them.

import {
  CAP_NET_ADMIN,
  CAP_NET_RAW,
  CAP_SETGID,
  CAP_SETUID,
  CAP_SYS_CHROOT,
  capabilityNames,
  dropBoundingSet,
  dropCapabilities,
  effectiveCapabilities,
} from "./capabilities.ts";
import { cString, type Libc, libc } from "./libc.ts";
import { refuseSystemCalls } from "./seccomp.ts";
import { SystemError } from "./system_error.ts";
import { type ThreadStatus, ThreadTable } from "./threads.ts";
import type { User } from "./users.ts";

export interface DropOptions {
  /**
   * Opens files that are written later. It is called once, with the rights of `user` (root's, where
   * root stays root), while the paths from before a chroot can be reached.
   */
  openFiles?: () => void;
  /**
   * Whom to become, needed when started as root; uid 0 stays root. Otherwise absent, or who we are
   * already.
   */
  user?: User;
  /** Absolute path of an existing directory that becomes the root directory. */
  chroot?: string;
}

/** What was given up, read back from the kernel. */
export interface PrivilegeReport {
  uid: number;
  gid: number;
  chroot?: string;
  /** Root was told to stay root: only no_new_privs and the filter were set. */
  stayedRoot: boolean;
  /** The calling thread's bounding set is empty too. */
  boundingSetDropped: boolean;
  /** Every thread, after all was given up. */
  threads: ThreadStatus[];
  /** Capabilities that threads of the runtime keep, filtered; 0 after a start as root. */
  remaining: bigint;
}

/** Privileges could not be given up: the program must not run. One line for each thing kept. */
export class PrivilegeError extends SystemError {
  readonly kept: string[];

  constructor(reason: string, kept: string[] = []) {
    super("give up privileges", 0, [reason, ...kept].join("; "));
    this.name = "PrivilegeError";
    this.kept = kept;
  }
}

/** What `judgeThreads` demands of each thread. */
export interface Demand {
  uid: number;
  gid: number;
  /** Supplementary groups must be none; an ordinary user cannot leave the ones it was given. */
  noGroups: boolean;
  /** Capabilities that may remain. */
  remaining: bigint;
}

/** One sentence for each thing a thread kept that it should not have. Pure. */
export function judgeThreads(threads: ThreadStatus[], demand: Demand): string[] {
  return threads.flatMap((thread) => {
    const who = `thread ${thread.tid} (${thread.name})`;
    const kept: string[] = [];
    const held = (thread.permitted | thread.effective | thread.ambient) & ~demand.remaining;
    if (!allAre(thread.uid, demand.uid)) kept.push(`${who} has uid ${thread.uid.join(" ")}`);
    if (!allAre(thread.gid, demand.gid)) kept.push(`${who} has gid ${thread.gid.join(" ")}`);
    if (demand.noGroups && thread.groups.length > 0) {
      kept.push(`${who} is in groups ${thread.groups.join(" ")}`);
    }
    if (held !== 0n) kept.push(`${who} has ${capabilityNames(held)}`);
    if (!thread.noNewPrivs) kept.push(`${who} lacks no_new_privs`);
    if (thread.seccomp !== 2) kept.push(`${who} has no system call filter`);
    return kept;
  });
}

/** Together a second: an ending thread waits for a processor no longer than that. */
const LOOKS_MAX = 200;
const BETWEEN_LOOKS_MS = 5;

/**
 * Threads as `read` gives them, once they are as they should be; after `LOOKS_MAX` looks as they are then, so
 * that the caller names what a thread really kept. An ending thread, as a worker's that was terminated, is
 * seen with root's rights for as long as no processor is free for it to end on.
 */
export function readUntil(
  read: () => ThreadStatus[],
  isRight: (threads: ThreadStatus[]) => boolean,
  pause: () => void = pauseBetweenLooks,
): ThreadStatus[] {
  let threads = read();
  for (let look = 1; look < LOOKS_MAX && !isRight(threads); look++) {
    pause();
    threads = read();
  }
  return threads;
}

function pauseBetweenLooks(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BETWEEN_LOOKS_MS);
}

/** Real, effective, saved and file system id, all four. */
function allAre(ids: number[], wanted: number): boolean {
  return ids.length === 4 && ids.every((id) => id === wanted);
}

const PR_SET_DUMPABLE = 4;
const PR_SET_NO_NEW_PRIVS = 38;
const NO_CAPABILITIES = 0n;
const ALL_CAPABILITIES = (1n << 64n) - 1n;
const UNCHANGED = 0xffff_ffff;

/**
 * Becomes `user`, enters `chroot`, sets no_new_privs and the system call filter, and reads back from
 * the kernel what every thread may still do. Called once, on the main thread, after devices are open
 * and all workers run.
 *
 * Throws `PrivilegeError` or `SystemError`; the process is then in no state to go on.
 */
export function dropPrivileges(options: DropOptions): PrivilegeReport {
  const lib = libc();
  const { user, chroot } = options;
  const isRoot = lib.call.geteuid() === 0;
  refuseImpossible(isRoot, lib.call.geteuid(), user);
  const stayedRoot = isRoot && user?.uid === 0;
  if (!stayedRoot) refuseImpossibleHere(lib, user, chroot !== undefined);
  // Opened before chroot hides it.
  const table = new ThreadTable(lib);
  try {
    if (chroot !== undefined) {
      openAs(lib, stayedRoot ? undefined : user, options.openFiles);
      enterChroot(lib, chroot);
    }
    // Needs CAP_SETPCAP, so before the user changes.
    const boundingSetDropped = !stayedRoot && dropBoundingSet(lib);
    if (isRoot && user !== undefined && !stayedRoot) becomeUser(lib, user);
    if (!stayedRoot) {
      dropCapabilities(lib);
      // Or another process of the same user could attach to this one and its capture socket.
      lib.check(lib.call.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n), "forbid being traced");
    }
    lib.check(lib.call.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n), "set no_new_privs");
    const remaining = stayedRoot ? NO_CAPABILITIES : heldBy(
      readUntil(() => table.read(), (threads) => unfilterable(heldBy(threads)) === NO_CAPABILITIES),
    );
    refuseUnfilterable(remaining);
    refuseSystemCalls(lib, { captureSockets: stayedRoot, remaining });

    if (chroot === undefined) options.openFiles?.();

    const uid = lib.call.geteuid();
    const gid = lib.call.getegid();
    const demand: Demand = {
      uid,
      gid,
      noGroups: isRoot && !stayedRoot,
      remaining: stayedRoot ? ALL_CAPABILITIES : remaining,
    };
    const isAsDemanded = (threads: ThreadStatus[]) => judgeThreads(threads, demand).length === 0;
    const threads = readUntil(() => table.read(), isAsDemanded);
    const kept = judgeThreads(threads, demand);
    if (kept.length > 0) throw new PrivilegeError("the kernel says otherwise", kept);
    if (!stayedRoot && lib.call.setresuid(UNCHANGED, 0, UNCHANGED) === 0) {
      throw new PrivilegeError("uid 0 could be taken back");
    }
    return { uid, gid, chroot, stayedRoot, boundingSetDropped, threads, remaining };
  } finally {
    table.close();
  }
}

function refuseImpossible(isRoot: boolean, uid: number, user: User | undefined): void {
  if (isRoot && user === undefined) {
    throw new PrivilegeError("started as root, so name a user to become (--user)");
  }
  if (!isRoot && user !== undefined && user.uid !== uid) {
    throw new PrivilegeError(
      `only root can become ${user.name} (uid ${user.uid}), and this is uid ${uid}: start as root ` +
        "or without --user",
    );
  }
}

/**
 * What this place does not permit, said before anything is changed: a container gives root few
 * capabilities, a user namespace few users.
 */
function refuseImpossibleHere(lib: Libc, user: User | undefined, chroot: boolean): void {
  const isRoot = lib.call.geteuid() === 0;
  const held = effectiveCapabilities(lib);
  const needed = (isRoot ? CAP_SETUID | CAP_SETGID : 0n) | (chroot ? CAP_SYS_CHROOT : 0n);
  const missing = needed & ~held;
  if (missing !== 0n) {
    const what = isRoot ? `become ${user?.name}` : "enter a chroot";
    throw new PrivilegeError(
      `this ${isRoot ? "root" : "user"} may not ${what}: it lacks ${capabilityNames(missing)}; ${
        isRoot ? REMEDY : "leave --chroot out"
      }`,
    );
  }
  if (!isRoot || user === undefined) return;
  for (const [kind, id] of [["uid", user.uid], ["gid", user.gid]] as const) {
    if (!isMapped(textOf(lib, `/proc/self/${kind}_map`), id)) {
      throw new PrivilegeError(
        `this user namespace has no ${kind} ${id} (${user.name}), see /proc/self/${kind}_map; ` +
          "map more ids, or keep the namespace's root by --user root",
      );
    }
  }
}
const REMEDY =
  "give it (podman run --cap-add SETUID --cap-add SETGID), or start as that user with " +
  "cap_net_raw, or keep root by --user root";

/** Does the text of uid_map or gid_map (user_namespaces(7)) have this id inside? Pure. */
export function isMapped(map: string | undefined, id: number): boolean {
  if (map === undefined) return true;
  return map.split("\n").some((line) => {
    const [inside, , count] = line.trim().split(/\s+/).map(Number);
    return count > 0 && id >= inside && id < inside + count;
  });
}

/** The text of a small file of the kernel; undefined if there is none. */
function textOf(lib: Libc, path: string): string | undefined {
  const file = lib.call.open(cString(path), 0, 0);
  if (file < 0) return undefined;
  const bytes = new Uint8Array(new ArrayBuffer(4096));
  const length = Number(lib.call.read(file, bytes, BigInt(bytes.length)));
  lib.call.close(file);
  return length < 0 ? undefined : new TextDecoder().decode(bytes.subarray(0, length));
}

/**
 * Calls `open` as `user`, and is root again: what root opened, following whatever links lie there,
 * would be open for a process that is root no more.
 */
function openAs(lib: Libc, user: User | undefined, open: (() => void) | undefined): void {
  if (open === undefined || user === undefined || lib.call.geteuid() !== 0) return open?.();
  actAs(lib, user);
  try {
    open();
  } finally {
    beRootAgain(lib);
  }
}

/**
 * As the one for files: sockets, which are opened before the filter refuses them. In all threads, for as
 * long as `open` takes; so nothing that needs root may go on meanwhile.
 */
export async function openSocketsAs(user: User, open: () => Promise<void>): Promise<void> {
  const lib = libc();
  if (lib.call.geteuid() !== 0 || user.uid === 0) return await open();
  refuseImpossibleHere(lib, user, false);
  actAs(lib, user);
  try {
    await open();
  } finally {
    beRootAgain(lib);
  }
}

function actAs(lib: Libc, { name, uid, gid }: User): void {
  leaveGroups(lib);
  lib.check(lib.call.setresgid(UNCHANGED, gid, UNCHANGED), `act as group ${gid}`);
  lib.check(lib.call.setresuid(UNCHANGED, uid, UNCHANGED), `act as user ${name}`);
}

function beRootAgain(lib: Libc): void {
  lib.check(lib.call.setresuid(UNCHANGED, 0, UNCHANGED), "be root again");
  lib.check(lib.call.setresgid(UNCHANGED, 0, UNCHANGED), "be root's group again");
}

/**
 * A user namespace may forbid to leave groups (`deny` in /proc/self/setgroups): that is fine for who is
 * in none.
 */
function leaveGroups(lib: Libc): void {
  if (lib.call.setgroups(0n, new Uint8Array(new ArrayBuffer(4))) === 0) return;
  const failure = lib.failure("leave all groups");
  const denied = textOf(lib, "/proc/self/setgroups")?.trim() === "deny";
  if (denied && lib.call.getgroups(0, new Uint8Array(new ArrayBuffer(4))) === 0) return;
  throw denied
    ? new PrivilegeError(
      "this user namespace forbids to leave groups (/proc/self/setgroups), and this process is in " +
        "some; keep the namespace's root by --user root",
    )
    : failure;
}

function enterChroot(lib: Libc, directory: string): void {
  if (!directory.startsWith("/")) {
    throw new PrivilegeError(`--chroot takes an absolute path, got ${directory}`);
  }
  // The time zone is read from /etc/localtime when it is first asked for; that is now or never.
  new Date().getTimezoneOffset();
  lib.check(lib.call.chroot(cString(directory)), `chroot to ${directory}`);
  lib.check(lib.call.chdir(cString("/")), `enter ${directory}`);
}

function becomeUser(lib: Libc, user: User): void {
  const { name, uid, gid } = user;
  // Groups first and the user last: only root may change the others.
  leaveGroups(lib);
  lib.check(lib.call.setresgid(gid, gid, gid), `become group ${gid} of ${name}`);
  lib.check(lib.call.setresuid(uid, uid, uid), `become user ${name} (uid ${uid})`);
}

function heldBy(threads: ThreadStatus[]): bigint {
  return threads.reduce((mask, { permitted, effective }) => mask | permitted | effective, 0n);
}

/** What no filter makes useless. */
function unfilterable(capabilities: bigint): bigint {
  return capabilities & ~(CAP_NET_RAW | CAP_NET_ADMIN);
}

function refuseUnfilterable(remaining: bigint): void {
  const kept = unfilterable(remaining);
  if (kept === NO_CAPABILITIES) return;
  throw new PrivilegeError(
    `threads of the runtime keep ${capabilityNames(kept)}: start as root with --user, or ` +
      "with no capability but cap_net_raw",
  );
}

/** The report in one line, for `doctor` and `--verbose`. */
export function describePrivileges(report: PrivilegeReport): string {
  const { uid, gid, chroot, stayedRoot, threads, remaining } = report;
  const holders = threads.filter(({ permitted }) => (permitted & remaining) !== 0n).length;
  return [
    stayedRoot ? "root stays root, as told" : `uid ${uid}, gid ${gid}`,
    ...(chroot === undefined ? [] : [`chroot ${chroot}`]),
    ...(stayedRoot ? [] : holders === 0 ? ["no capabilities"] : [
      `${holders} of ${threads.length} threads keep ${capabilityNames(remaining)}, ` +
      "of no use under the filter",
    ]),
    `no_new_privs and system call filter in all ${threads.length} threads`,
  ].join(", ");
}
