// Ends another thread's poll(2): a counter of the kernel's that can be waited for like a socket
// (eventfd(2)). Knows descriptors; nothing of who waits, or why.

import { type Libc, libc } from "./libc.ts";
import { SystemError } from "./system_error.ts";

const EFD_CLOEXEC = 0o2000000;
const EFD_NONBLOCK = 0o4000;

export class WakeUp {
  /** To be waited for beside others. It stays readable once `ring()` was called. */
  readonly fd: number;
  readonly #libc: Libc;
  readonly #one = new Uint8Array(new BigUint64Array([1n]).buffer);
  #isOpen = true;

  private constructor(libc: Libc, fd: number) {
    this.#libc = libc;
    this.fd = fd;
  }

  /**
   * Undefined where there is no such thing: elsewhere than on Linux, without permission for the C library, and
   * with kernels that were built without it. Who waits must then look by itself now and then.
   */
  static open(library: () => Libc = libc): WakeUp | undefined {
    try {
      const lib = library();
      const fd = lib.call.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
      return fd < 0 ? undefined : new WakeUp(lib, fd);
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }

  /** Wakes who waits, now or next. Works after everything was given up; does nothing after `close()`. */
  ring(): void {
    // Once closed, the number may be another file's.
    if (this.#isOpen) this.#libc.call.write(this.fd, this.#one, BigInt(this.#one.length));
  }

  /** When nobody waits any more. */
  close(): void {
    if (this.#isOpen) this.#libc.call.close(this.fd);
    this.#isOpen = false;
  }
}
