// The open descriptors of this process, and how to make those harmless that nobody needs any more.
// Judges nothing by itself: what is kept is said by who knows what was opened.

import { cString, type Libc } from "./libc.ts";
import { NumberFolder } from "./number_folder.ts";

const O_RDWR = 2;
const O_CLOEXEC = 0o2000000;
const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;
const ACCESS_MODE = 3;
const F_GETFL = 3;
const TARGET_BYTES_MAX = 4096;

const PROT_READ = 1;
const PROT_WRITE = 2;
const MAP_PRIVATE = 2;
const MAP_FIXED = 0x10;
const MAP_ANONYMOUS = 0x20;

/** One open descriptor. */
export interface Descriptor {
  fd: number;
  /** What /proc/self/fd says it is: a path, `socket:[123]`, `anon_inode:[eventfd]`. */
  target: string;
  /** It can be written to. */
  writable: boolean;
  /** It is an open directory. */
  folder: boolean;
}

/** All there are now, by number. Throws `SystemError` where /proc is not mounted. */
export function openDescriptors(libc: Libc): Descriptor[] {
  const folder = new NumberFolder(libc, "/proc/self/fd");
  try {
    const bytes = new Uint8Array(new ArrayBuffer(TARGET_BYTES_MAX));
    return folder.list().filter((fd) => fd !== folder.fd).flatMap((fd) => {
      const { call } = libc;
      const length = Number(
        call.readlinkat(folder.fd, cString(`${fd}`), bytes, BigInt(bytes.length)),
      );
      const flags = call.fcntl(fd, F_GETFL, 0n);
      // Another thread closed it meanwhile.
      if (length < 0 || flags < 0) return [];
      const target = new TextDecoder().decode(bytes.subarray(0, length));
      const writable = (flags & ACCESS_MODE) !== 0;
      return [{ fd, target, writable, folder: (flags & O_DIRECTORY) !== 0 }];
    });
  } finally {
    folder.close();
  }
}

/** Descriptors by which threads wake each other. */
export function isWakeUp({ target }: Descriptor): boolean {
  return target === "anon_inode:[eventfd]";
}

/**
 * Those that may let somebody reach a file by a descriptor that was opened with other rights than he
 * has: files that can be written, and folders, which are also a way out of a chroot. What standard
 * input, output and error are, whoever started the program has chosen. Pure.
 */
export function leftOpen(descriptors: readonly Descriptor[]): Descriptor[] {
  const chosen = new Set(descriptors.filter(({ fd }) => fd <= STDERR).map(({ target }) => target));
  return descriptors.filter(({ target, writable, folder }) =>
    target.startsWith("/") && !target.startsWith("/dev/") && (writable || folder) &&
    !chosen.has(target)
  );
}
const STDERR = 2;

/**
 * Takes away every descriptor of `leftOpen()`, and every file that is mapped so that writing to memory
 * writes to it. The runtime's caches are such files under `deno run`: what is in them, root runs next
 * time. Gives their names. Call it before files of one's own are opened. Throws `SystemError`.
 */
export function takeAwayFiles(libc: Libc): string[] {
  const left = leftOpen(openDescriptors(libc));
  const mapped = sharedMappings(readMaps(libc));
  for (const { start, length, path } of mapped) replaceByMemory(libc, start, length, path);
  replaceByNull(libc, left.map(({ fd }) => fd));
  return [...new Set([...left.map(({ target }) => target), ...mapped.map(({ path }) => path)])];
}

/**
 * Puts /dev/null, which reads as empty and swallows what is written, in the place of each of `fds`:
 * whoever still holds the number can do no harm with it, and meets no error that ends it.
 */
function replaceByNull(libc: Libc, fds: readonly number[]): void {
  if (fds.length === 0) return;
  const { call } = libc;
  const flags = O_RDWR | O_CLOEXEC;
  const nothing = libc.check(call.open(cString("/dev/null"), flags, 0), "open /dev/null");
  try {
    for (const fd of fds) {
      libc.check(call.dup3(nothing, fd, O_CLOEXEC), `replace descriptor ${fd} by /dev/null`);
    }
  } finally {
    call.close(nothing);
  }
}

/** A piece of memory that is a file. */
export interface Mapping {
  start: bigint;
  length: bigint;
  path: string;
}

/** The writable, shared ones of /proc/self/maps (proc_pid_maps(5)). Pure. */
export function sharedMappings(maps: string): Mapping[] {
  return maps.split("\n").flatMap((line) => {
    const [, from, to, path] = /^([0-9a-f]+)-([0-9a-f]+) .w.s \S+ \S+ \S+ +(\/.*)$/.exec(line) ??
      [];
    // Shared memory of no file is called /dev/zero.
    if (path === undefined || path.startsWith("/dev/")) return [];
    const start = BigInt(`0x${from}`);
    return [{ start, length: BigInt(`0x${to}`) - start, path }];
  });
}

/** Zeros of our own in its place: whoever still looks there finds something, and reaches no file. */
function replaceByMemory(libc: Libc, start: bigint, length: bigint, path: string): void {
  const flags = MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS;
  const at = BigInt(libc.call.mmap(start, length, PROT_READ | PROT_WRITE, flags, -1, 0n));
  if (at !== start) throw libc.failure(`take ${path} out of memory`);
}

function readMaps(libc: Libc): string {
  const { call } = libc;
  const path = "/proc/self/maps";
  const file = libc.check(call.open(cString(path), O_CLOEXEC, 0), `read ${path}`);
  const bytes = new Uint8Array(new ArrayBuffer(MAPS_BYTES));
  let text = "";
  try {
    for (;;) {
      const count = Number(call.read(file, bytes, BigInt(MAPS_BYTES)));
      if (count <= 0) return text;
      text += new TextDecoder().decode(bytes.subarray(0, count));
    }
  } finally {
    call.close(file);
  }
}
const MAPS_BYTES = 65536;
