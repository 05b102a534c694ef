// The open descriptors of this process, and how to make those harmless that nobody needs any more.
// Judges nothing by itself: what is kept is said by who knows what was opened.

import { cString, type Libc } from "./libc.ts";
import { NumberFolder } from "./number_folder.ts";

const O_RDWR = 2;
const O_CLOEXEC = 0o2000000;
const ACCESS_MODE = 3;
const F_GETFL = 3;
const TARGET_BYTES_MAX = 4096;

/** One open descriptor. */
export interface Descriptor {
  fd: number;
  /** What /proc/self/fd says it is: a path, `socket:[123]`, `anon_inode:[eventfd]`. */
  target: string;
  /** It can be written to. */
  writable: boolean;
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
      return [{ fd, target, writable: (flags & ACCESS_MODE) !== 0 }];
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
 * Puts /dev/null, which reads as empty and swallows what is written, in the place of each of `fds`:
 * whoever still holds the number can do no harm with it, and meets no error that ends it. Throws
 * `SystemError`.
 */
export function replaceByNull(libc: Libc, fds: readonly number[]): void {
  if (fds.length === 0) return;
  const { call } = libc;
  const nothing = libc.check(
    call.open(cString("/dev/null"), O_RDWR | O_CLOEXEC, 0),
    "open /dev/null",
  );
  try {
    for (const fd of fds) {
      libc.check(
        call.dup3(nothing, fd, O_CLOEXEC),
        `put /dev/null in the place of descriptor ${fd}`,
      );
    }
  } finally {
    call.close(nothing);
  }
}
