// The C library, as far as the other files of this folder need it. Knows functions, not purposes.
//
// Works under path-limited `--allow-ffi`: no pointer is made or followed in our code. A C structure
// that holds the address of another one is built from `addressOf()`, and memory that C owns is
// copied by C itself (`memcpy`).
//
// Linux only: the numbers in this folder (flags, structures, system calls) are Linux's.

import { SystemError } from "./system_error.ts";

/** Debian and its kin name the directory after the machine. */
const MULTIARCH: Record<string, string> = {
  x86_64: "x86_64-linux-gnu",
  aarch64: "aarch64-linux-gnu",
};

/**
 * Files that may be the C library, the likeliest first; also what `--allow-ffi` has to name. The
 * same as the capture library's list, so one permission serves both (a test compares them).
 */
export function libcPaths(build: { arch: string; env?: string | null } = Deno.build): string[] {
  if (build.env === "musl") {
    return [`/lib/libc.musl-${build.arch}.so.1`, `/lib/ld-musl-${build.arch}.so.1`];
  }
  const machine = MULTIARCH[build.arch];
  return [
    ...(machine === undefined
      ? []
      : [`/usr/lib/${machine}/libc.so.6`, `/lib/${machine}/libc.so.6`]),
    "/usr/lib64/libc.so.6",
    "/lib64/libc.so.6",
    "/usr/lib/libc.so.6",
    "/usr/glibc-compat/lib/libc.so.6",
    "/run/current-system/sw/lib/libc.so.6",
  ];
}

/**
 * Variadic functions (`open`, `prctl`, `ioctl`, `fcntl`, `syscall`) are declared with the arguments we pass:
 * on Linux, on both machines we know, those are passed like any other.
 */
const SYMBOLS = {
  copyFrom: { name: "memcpy", parameters: ["buffer", "usize", "usize"], result: "void" },
  locate: { name: "memcpy", parameters: ["buffer", "buffer", "usize"], result: "usize" },
  __errno_location: { parameters: [], result: "usize" },
  strerror: { name: "__xpg_strerror_r", parameters: ["i32", "buffer", "usize"], result: "i32" },
  open: { parameters: ["buffer", "i32", "i32"], result: "i32" },
  openat: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  write: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  lseek: { parameters: ["i32", "isize", "i32"], result: "isize" },
  readlinkat: { parameters: ["i32", "buffer", "buffer", "usize"], result: "isize" },
  fcntl: { parameters: ["i32", "i32", "usize"], result: "i32" },
  dup3: { parameters: ["i32", "i32", "i32"], result: "i32" },
  getdents64: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  eventfd: { parameters: ["u32", "i32"], result: "i32" },
  geteuid: { parameters: [], result: "u32" },
  getegid: { parameters: [], result: "u32" },
  getgroups: { parameters: ["i32", "buffer"], result: "i32" },
  access: { parameters: ["buffer", "i32"], result: "i32" },
  setgroups: { parameters: ["usize", "buffer"], result: "i32" },
  setresgid: { parameters: ["u32", "u32", "u32"], result: "i32" },
  setresuid: { parameters: ["u32", "u32", "u32"], result: "i32" },
  umask: { parameters: ["u32"], result: "u32" },
  lchown: { parameters: ["buffer", "u32", "u32"], result: "i32" },
  chroot: { parameters: ["buffer"], result: "i32" },
  chdir: { parameters: ["buffer"], result: "i32" },
  // glibc's alone.
  mallopt: { parameters: ["i32", "i32"], result: "i32", optional: true },
  mmap: { parameters: ["usize", "usize", "i32", "i32", "i32", "usize"], result: "usize" },
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
  sigprocmask: { parameters: ["i32", "buffer", "usize"], result: "i32" },
  capget: { parameters: ["buffer", "buffer"], result: "i32" },
  capset: { parameters: ["buffer", "buffer"], result: "i32" },
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  ioctl: { parameters: ["i32", "usize", "buffer"], result: "i32" },
  inet_pton: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  syscall: {
    parameters: ["usize", "usize", "usize", "usize", "usize"],
    result: "isize",
  },
} as const;

/** What commands ask that need nothing else: to open the rest takes ten times as long, some 8 ms. */
const QUESTIONS = { geteuid: SYMBOLS.geteuid, fcntl: SYMBOLS.fcntl } as const;

export type LibcFunctions = Deno.DynamicLibrary<typeof SYMBOLS>["symbols"];

/** Memory that may be handed to C: of its own, never shared, never moved. */
export type CBytes = Uint8Array<ArrayBuffer>;

export class Libc {
  /** The file that was opened. */
  readonly path: string;
  readonly call: LibcFunctions;
  readonly #errnoAddress: bigint;
  readonly #located: CBytes[] = [];
  readonly #errno = new Int32Array(new ArrayBuffer(4));
  readonly #errnoBytes = new Uint8Array(this.#errno.buffer);

  constructor(path: string, functions: LibcFunctions) {
    this.path = path;
    this.call = functions;
    this.#errnoAddress = BigInt(this.call.__errno_location());
  }

  /**
   * `errno` of this thread. Read it right after the call that failed: there is no JavaScript
   * between, but the runtime is free to make calls of its own whenever it likes.
   */
  errno(): number {
    this.call.copyFrom(this.#errnoBytes, this.#errnoAddress, 4n);
    return this.#errno[0];
  }

  /**
   * Where `bytes` lies, for a C structure that has to say so. They are kept alive from then on: this
   * is for the few structures made at start.
   */
  addressOf(bytes: CBytes): bigint {
    this.#located.push(bytes);
    return BigInt(this.call.locate(bytes, bytes, 0n));
  }

  /** The system's words for an error number. */
  errorText(errno: number): string {
    const bytes = new Uint8Array(new ArrayBuffer(256));
    this.call.strerror(errno, bytes, 256n);
    return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
  }

  /** The error of the call that just failed; `doing` is what was tried: `chroot to /var/empty`. */
  failure(doing: string): SystemError {
    const errno = this.errno();
    return new SystemError(doing, errno, this.errorText(errno));
  }

  /** Throws `failure(doing)` where a result says that the call failed. */
  check(result: number | bigint, doing: string): number {
    if (Number(result) < 0) throw this.failure(doing);
    return Number(result);
  }
}

let opened: Libc | undefined;

/**
 * The C library of this thread, opened at first use.
 *
 * Throws `SystemError` when the system is not Linux, when no candidate is there, or when
 * `--allow-ffi` names none of them (never prompts).
 */
export function libc(): Libc {
  opened ??= openWith((path) => new Libc(path, Deno.dlopen(path, SYMBOLS).symbols));
  return opened;
}

let questions: Pick<LibcFunctions, keyof typeof QUESTIONS> | undefined;

/** A few functions of it that change nothing, opened at first use. Throws as `libc()` does. */
export function libcQuestions(): Pick<LibcFunctions, keyof typeof QUESTIONS> {
  questions ??= opened?.call ?? openWith((path) => Deno.dlopen(path, QUESTIONS).symbols);
  return questions;
}

function openWith<T>(dlopen: (path: string) => T): T {
  const doing = "open the C library";
  if (Deno.build.os !== "linux") throw new SystemError(doing, 0, "this needs Linux");
  const paths = libcPaths();
  const permitted = paths.filter((path) =>
    Deno.permissions.querySync({ name: "ffi", path }).state === "granted"
  );
  let reason = `no permission: run with --allow-ffi=${paths.join(",")}`;
  for (const path of permitted) {
    try {
      return dlopen(path);
    } catch (error) {
      reason = (error as Error).message;
    }
  }
  throw new SystemError(doing, 0, reason);
}

/** `text` as a C string. A NUL inside would cut it silently, so it is refused: our own fault. */
export function cString(text: string): CBytes {
  if (text.includes("\0")) throw new TypeError("A C string cannot contain a NUL character");
  return new TextEncoder().encode(text + "\0");
}
