// The capture thread gives up what it does not need, by itself, in two steps: what it has to know is
// looked up while everything can be reached; then, after the whole process has given up its privileges and
// before the first packet is decoded, the rest is given up for good. Knows no packet.
//
// What main gives up does not cover this thread where it matters most: before ABI 8 Landlock is for the
// calling thread and those it starts later, and capabilities are each thread's own.

import { dropCapabilities, raiseCapabilities } from "./capabilities.ts";
import { captureFilter } from "./capture_filter.ts";
import { isWakeUp, openDescriptors } from "./descriptors.ts";
import { installFilter, systemCallsHere } from "./filter_program.ts";
import { type LandlockReport, restrictWithLandlock } from "./landlock.ts";
import { cString, type Libc, libc } from "./libc.ts";
import { leaveSignalsToOthers } from "./signal_mask.ts";
import { Errno, SystemError } from "./system_error.ts";

const PR_SET_NO_NEW_PRIVS = 38;
const AF_UNIX = 1;
const SOCK_DGRAM = 2;

/** Before devices are opened: what file capabilities permit is not yet in effect. Throws `SystemError`. */
export function prepareToOpen(): void {
  raiseCapabilities(libc());
}

/**
 * Looks up what the second step needs: `captures` are the capture sockets that are open. Gives that
 * step; it says in a sentence what was given up. Both throw `SystemError`; the thread must not go on
 * then.
 */
export function prepareCaptureThread(
  captures: readonly number[],
): (options: { landlock: boolean }) => string {
  const lib = libc();
  const calls = systemCallsHere();
  // /proc may be hidden by a chroot later.
  const wakeUps = openDescriptors(lib).filter(isWakeUp).map(({ fd }) => fd);
  const filter = captureFilter(calls, { captures, wakeUps });
  return ({ landlock }) => {
    lib.check(lib.call.prctl(PR_SET_NO_NEW_PRIVS, 1n, 0n, 0n, 0n), "set no_new_privs");
    dropCapabilities(lib);
    leaveSignalsToOthers(lib);
    const report = landlock
      ? restrictWithLandlock({ read: [], write: [], connectTcp: [], scoped: true })
      : undefined;
    Deno.permissions.revokeSync({ name: "ffi" });
    installFilter(lib, filter, "this");
    proveRefused(lib);
    return describe(report, Object.keys(calls.capture).length);
  };
}

/** A filter that lets these through is none. */
function proveRefused(lib: Libc): void {
  const tries: Record<string, () => number> = {
    "open a file": () => lib.call.open(cString("/"), 0, 0),
    "make a socket": () => lib.call.socket(AF_UNIX, SOCK_DGRAM, 0),
  };
  for (const [what, attempt] of Object.entries(tries)) {
    if (attempt() >= 0 || lib.errno() !== Errno.EPERM) {
      throw new SystemError("confine the capture thread", 0, `it could still ${what}`);
    }
  }
}

/** For `--verbose`. */
function describe(report: LandlockReport | undefined, calls: number): string {
  const files = report === undefined
    ? "files by the filter only"
    : report.abi === 0
    ? "no Landlock in this kernel"
    : `Landlock ABI ${report.abi}: no file, no TCP port`;
  return `capture thread: no capabilities, ${files}, ${calls} system calls`;
}
