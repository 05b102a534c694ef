// A folder of the kernel's whose entries are numbers: threads, open descriptors. Read through the C
// library: Deno gives no part of /proc to a program without all permissions.

import { cString, type Libc } from "./libc.ts";

const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;
const O_CLOEXEC = 0o2000000;
const SEEK_SET = 0;

/** `struct linux_dirent64`: where the length of an entry and its name lie. */
const ENTRY_LENGTH = 16;
const ENTRY_NAME = 19;

const LISTED_BYTES = 65536;

/** The open folder. It stays readable after a chroot, and is a way out of one: close it before long. */
export class NumberFolder {
  readonly path: string;
  /** To open or look at entries by, as openat(2) does. */
  readonly fd: number;
  readonly #libc: Libc;
  readonly #bytes = new Uint8Array(new ArrayBuffer(LISTED_BYTES));

  /** Throws `SystemError` where /proc is not mounted. */
  constructor(libc: Libc, path: string) {
    this.path = path;
    this.#libc = libc;
    this.fd = libc.check(
      libc.call.open(cString(path), O_DIRECTORY | O_CLOEXEC, 0),
      `read ${path}`,
    );
  }

  /** The numbers there are, in order. Throws `SystemError`. */
  list(): number[] {
    const { call } = this.#libc;
    const view = new DataView(this.#bytes.buffer);
    const numbers: number[] = [];
    this.#libc.check(call.lseek(this.fd, 0n, SEEK_SET), `rewind ${this.path}`);
    for (;;) {
      const length = this.#libc.check(
        call.getdents64(this.fd, this.#bytes, BigInt(LISTED_BYTES)),
        `list ${this.path}`,
      );
      if (length === 0) return numbers.sort((a, b) => a - b);
      for (let at = 0; at < length; at += view.getUint16(at + ENTRY_LENGTH, true)) {
        const end = this.#bytes.indexOf(0, at + ENTRY_NAME);
        const name = new TextDecoder().decode(this.#bytes.subarray(at + ENTRY_NAME, end));
        if (/^[0-9]+$/.test(name)) numbers.push(Number(name));
      }
    }
  }

  close(): void {
    this.#libc.call.close(this.fd);
  }
}
