// The threads of this process and what each of them may do, as the kernel tells it in
// /proc/self/task. Judges nothing.
//
// The directory is opened once, so that it can still be read after a chroot.

import { cString, type Libc } from "./libc.ts";
import { NumberFolder } from "./number_folder.ts";
import { Errno } from "./system_error.ts";

const O_CLOEXEC = 0o2000000;

/** A status file has about 1.5 KiB; more only with thousands of groups. */
const STATUS_BYTES_MAX = 65536;

/** What /proc/self/task/TID/status says of one thread. Capability sets are 64-bit masks. */
export interface ThreadStatus {
  tid: number;
  /** At most 15 characters: `deno`, `V8 DefaultWorke`, `tokio-runtime-w`, `worker-1`. */
  name: string;
  /** Real, effective, saved, file system. */
  uid: number[];
  gid: number[];
  groups: number[];
  inheritable: bigint;
  permitted: bigint;
  effective: bigint;
  bounding: bigint;
  ambient: bigint;
  noNewPrivs: boolean;
  /** 0 none, 1 strict, 2 filter. */
  seccomp: number;
  /** How many filters; 0 where the kernel (before Linux 5.9) does not tell. */
  seccompFilters: number;
}

/** Reads one status file. A line that is missing (an old kernel) counts as nothing given up. */
export function parseStatus(tid: number, text: string): ThreadStatus {
  const lines = new Map(
    text.split("\n").map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const numbers = (key: string) =>
    (lines.get(key) ?? "").split(/\s+/).filter((word) => word !== "").map(Number);
  const mask = (key: string) => {
    const text = lines.get(key);
    return text === undefined ? ~0n & 0xffff_ffff_ffff_ffffn : BigInt("0x" + text);
  };
  return {
    tid,
    name: lines.get("Name") ?? "",
    uid: numbers("Uid"),
    gid: numbers("Gid"),
    groups: numbers("Groups"),
    inheritable: mask("CapInh"),
    permitted: mask("CapPrm"),
    effective: mask("CapEff"),
    bounding: mask("CapBnd"),
    ambient: mask("CapAmb"),
    noNewPrivs: lines.get("NoNewPrivs") === "1",
    seccomp: Number(lines.get("Seccomp") ?? 0),
    seccompFilters: Number(lines.get("Seccomp_filters") ?? 0),
  };
}

/** The open directory /proc/self/task. */
export class ThreadTable {
  readonly #libc: Libc;
  readonly #folder: NumberFolder;
  readonly #bytes = new Uint8Array(new ArrayBuffer(STATUS_BYTES_MAX));

  /** Throws `SystemError` where /proc is not mounted. */
  constructor(libc: Libc) {
    this.#libc = libc;
    this.#folder = new NumberFolder(libc, "/proc/self/task");
  }

  /** Every thread there is, by thread id. One that ends meanwhile is left out. */
  read(): ThreadStatus[] {
    // A thread may start another while we read, so we read until the list stands still. Threads
    // come and go seldom here; the bound is for a list that never does.
    let threads = this.#readOnce();
    for (let round = 0; round < 10; round++) {
      const again = this.#readOnce();
      const same = again.length === threads.length &&
        again.every(({ tid }, i) => tid === threads[i].tid);
      threads = again;
      if (same) break;
    }
    return threads;
  }

  /** To be called before long: an open directory is a way out of a chroot. */
  close(): void {
    this.#folder.close();
  }

  #readOnce(): ThreadStatus[] {
    return this.#folder.list().flatMap((tid) => {
      const text = this.#status(tid);
      return text === undefined ? [] : [parseStatus(tid, text)];
    });
  }

  #status(tid: number): string | undefined {
    const { call } = this.#libc;
    const file = call.openat(this.#folder.fd, cString(`${tid}/status`), O_CLOEXEC, 0);
    if (file < 0) return this.#gone(tid);
    try {
      let length = 0;
      while (length < this.#bytes.length) {
        const rest = this.#bytes.subarray(length);
        const count = Number(call.read(file, rest, BigInt(rest.length)));
        if (count < 0) return this.#gone(tid);
        if (count === 0) break;
        length += count;
      }
      return new TextDecoder().decode(this.#bytes.subarray(0, length));
    } finally {
      call.close(file);
    }
  }

  /** A thread that ended between list and look is no fault; anything else is. */
  #gone(tid: number): undefined {
    const errno = this.#libc.errno();
    if (errno === Errno.ENOENT || errno === Errno.ESRCH) return undefined;
    throw this.#libc.failure(`read /proc/self/task/${tid}/status`);
  }
}
