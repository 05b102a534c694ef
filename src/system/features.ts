// What this kernel and this process offer before anything is given up: for `doctor`.

import { effectiveCapabilities, raiseCapabilities } from "./capabilities.ts";
import { landlockAbi } from "./landlock.ts";
import { type Libc, libc } from "./libc.ts";
import { SYSTEM_CALLS } from "./system_calls.ts";

export interface Features {
  /** The C library that was found. */
  libc: string;
  /** Effective user id. */
  uid: number;
  /** This process may open capture devices: it was tried, without taking a packet. */
  mayCapture: boolean;
  /** Capabilities held, as a mask for `capabilityNames`. */
  capabilities: bigint;
  /** No program that is started gains a right: capabilities of the program's file did nothing. */
  noNewPrivs: boolean;
  /** System call filters, without which privileges are not given up: kernel and machine have them. */
  seccomp: boolean;
  /** Version of Landlock, 0 for none. */
  landlock: number;
}

const PR_GET_NO_NEW_PRIVS = 39;
const SECCOMP_GET_ACTION_AVAIL = 2n;
const SECCOMP_RET_ERRNO = 0x00050000;

/** Changes nothing but that the calling thread uses what it is permitted. Throws `SystemError` without the C library. */
export function kernelFeatures(): Features {
  const lib = libc();
  raiseCapabilities(lib);
  const capabilities = effectiveCapabilities(lib);
  const calls = SYSTEM_CALLS[Deno.build.arch];
  const action = new Uint32Array([SECCOMP_RET_ERRNO]);
  const address = lib.addressOf(new Uint8Array(action.buffer));
  return {
    libc: lib.path,
    uid: lib.call.geteuid(),
    mayCapture: mayCapture(lib),
    capabilities,
    noNewPrivs: lib.call.prctl(PR_GET_NO_NEW_PRIVS, 0n, 0n, 0n, 0n) === 1,
    seccomp: calls !== undefined &&
      Number(
          lib.call.syscall(BigInt(calls.seccomp), SECCOMP_GET_ACTION_AVAIL, 0n, address, 0n),
        ) === 0,
    landlock: landlockAbi(),
  };
}

const AF_PACKET = 17;
const SOCK_RAW = 3;

/** A socket of protocol 0 takes no packets. */
function mayCapture({ call }: Libc): boolean {
  const socket = call.socket(AF_PACKET, SOCK_RAW, 0);
  if (socket >= 0) call.close(socket);
  return socket >= 0;
}
