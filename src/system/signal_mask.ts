// Which signals a thread takes. A signal to the process goes to any thread that does not block it: the main thread as a
// rule, another one while that is stopped or traced, or when all were frozen.

import type { CBytes, Libc } from "./libc.ts";

const SIG_BLOCK = 0;
/** sigset_t of the C library. */
const SET_BYTES = 128;
/** SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGTERM, SIGCHLD, SIGWINCH: what the runtime has handlers for. */
const HANDLED = [1, 2, 10, 12, 15, 17, 28];

/**
 * Leaves the process's signals to its other threads. The runtime's handler tells its event loop by writing to a socket: in
 * a thread that may not write there the signal would be lost. Throws `SystemError`.
 */
export function leaveSignalsToOthers(lib: Libc): void {
  const set: CBytes = new Uint8Array(new ArrayBuffer(SET_BYTES));
  for (const signal of HANDLED) set[(signal - 1) >> 3] |= 1 << (signal - 1 & 7);
  lib.check(lib.call.sigprocmask(SIG_BLOCK, set, 0n), "block signals in this thread");
}
