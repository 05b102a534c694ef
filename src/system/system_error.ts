// Errors of the operating system, with words for them.

import { CannotRun } from "../failure.ts";

/** The error numbers that callers tell apart. Linux's, the same on x86-64 and arm64. */
export const Errno = {
  EPERM: 1,
  ENOENT: 2,
  ESRCH: 3,
  EINTR: 4,
  EAGAIN: 11,
  EACCES: 13,
  EINVAL: 22,
  ENOSYS: 38,
  EMSGSIZE: 90,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
  ECONNRESET: 104,
  ENOBUFS: 105,
  ENOTCONN: 107,
  ECONNREFUSED: 111,
} as const;

/** A call of the operating system failed. The message is one line: what was tried, and why not. */
export class SystemError extends CannotRun {
  /** What was tried: `chroot to /var/empty`. */
  readonly doing: string;
  /** 0 when the fault was found before the system was asked. */
  readonly errno: number;

  constructor(doing: string, errno: number, reason: string) {
    super(`Cannot ${doing}: ${reason}`);
    this.name = "SystemError";
    this.doing = doing;
    this.errno = errno;
  }
}
