// Programs for the kernel's filter of system calls: classic BPF (seccomp(2)), written with labels, and
// put over threads. Knows the machine; not what anybody may call.

import type { CBytes, Libc } from "./libc.ts";
import { SYSTEM_CALLS, type SystemCallTable } from "./system_calls.ts";
import { Errno, SystemError } from "./system_error.ts";

/** Instructions (linux/bpf_common.h): load a word, compare, mask, end. */
export const LOAD = 0x20;
export const EQUAL = 0x15;
export const AT_LEAST = 0x35;
export const AND = 0x54;
export const END = 0x06;

/** `struct seccomp_data`: both machines are little-endian, so an argument's low half comes first. */
export const NUMBER = 0;
export const ARCHITECTURE = 4;
export const ARGUMENT = (index: number) => 16 + 8 * index;

export const ALLOW = 0x7fff0000;
export const REFUSE = 0x00050000 | Errno.EPERM;
/** As if the kernel lacked the sort of socket: libpcap, looking for devices, then goes on. */
export const NO_SUCH_SOCKET = 0x00050000 | Errno.EAFNOSUPPORT;
/** As if the kernel did not know the call: glibc then falls back to an older one. */
export const UNKNOWN = 0x00050000 | Errno.ENOSYS;

/** x86-64's second system call table (x32) is told by this bit; nothing of ours uses it. */
export const X32 = 0x40000000;

/** One instruction; a jump names its target by a label, or falls through. */
export interface Instruction {
  code: number;
  value: number;
  then?: string;
  otherwise?: string;
  label?: string;
}

/** `struct sock_filter` is u16 code, u8 jump if true, u8 jump if false, u32 value. */
export function assemble(program: Instruction[]): CBytes {
  const labels = new Map(
    program.flatMap(({ label }, i): [string, number][] => label === undefined ? [] : [[label, i]]),
  );
  const view = new DataView(new ArrayBuffer(program.length * 8));
  const jump = (from: number, label: string | undefined) => {
    if (label === undefined) return 0;
    const distance = labels.get(label)! - from - 1;
    if (!(distance >= 0 && distance <= 255)) {
      throw new RangeError(`seccomp filter: cannot jump from ${from} to ${label}`);
    }
    return distance;
  };
  program.forEach(({ code, value, then, otherwise }, i) => {
    view.setUint16(i * 8, code, true);
    view.setUint8(i * 8 + 2, jump(i, then));
    view.setUint8(i * 8 + 3, jump(i, otherwise));
    view.setUint32(i * 8 + 4, value, true);
  });
  return new Uint8Array(view.buffer);
}

const SECCOMP_SET_MODE_FILTER = 1n;
const SECCOMP_FILTER_FLAG_TSYNC = 1n;

/**
 * Puts the filter over every thread of this process, and no_new_privs with it; or over this thread
 * alone. The calling thread must have no_new_privs already. For good: a filter cannot be taken off.
 *
 * Throws `SystemError` on a machine we have no table for, on a kernel without seccomp filters, and
 * when a thread has a filter of its own that the others lack.
 */
export function installFilter(libc: Libc, filter: CBytes, threads: "all" | "this"): void {
  const doing = `filter system calls in ${threads === "all" ? "every" : "this"} thread`;
  // struct sock_fprog: u16 length in instructions, padding, address.
  const program = new DataView(new ArrayBuffer(16));
  program.setUint16(0, filter.length / 8, true);
  program.setBigUint64(8, libc.addressOf(filter), true);
  const bytes = new Uint8Array(program.buffer);
  const result = libc.call.syscall(
    BigInt(systemCallsHere().seccomp),
    SECCOMP_SET_MODE_FILTER,
    threads === "all" ? SECCOMP_FILTER_FLAG_TSYNC : 0n,
    libc.addressOf(bytes),
    0n,
  );
  libc.check(result, doing);
  // With TSYNC a positive result is the thread that could not be synchronised.
  if (Number(result) > 0) {
    throw new SystemError(doing, 0, `thread ${result} has a filter of its own`);
  }
}

/** The table of this machine. Throws `SystemError` where there is none. */
export function systemCallsHere(): SystemCallTable {
  const calls = SYSTEM_CALLS[Deno.build.arch];
  if (calls !== undefined) return calls;
  throw new SystemError("filter system calls", 0, `no system call table for ${Deno.build.arch}`);
}
