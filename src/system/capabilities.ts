// Linux capabilities of the calling thread (capabilities(7)). A thread can drop its own only; what
// that leaves in other threads is `privileges.ts`'s to judge.

import type { Libc } from "./libc.ts";
import { Errno } from "./system_error.ts";

export const CAP_SETGID = 1n << 6n;
export const CAP_SETUID = 1n << 7n;
export const CAP_SYS_CHROOT = 1n << 18n;
export const CAP_NET_ADMIN = 1n << 12n;
export const CAP_NET_RAW = 1n << 13n;

/** By bit (linux/capability.h). */
const NAMES = [
  ..."chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap".split(" "),
  ..."linux_immutable net_bind_service net_broadcast net_admin net_raw ipc_lock".split(" "),
  ..."ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin".split(" "),
  ..."sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease".split(" "),
  ..."audit_write audit_control setfcap mac_override mac_admin syslog".split(" "),
  ..."wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore".split(" "),
];

/** A mask in words: `cap_net_admin,cap_net_raw`; empty for none. */
export function capabilityNames(mask: bigint): string {
  const names: string[] = [];
  for (let bit = 0; mask >> BigInt(bit) > 0n; bit++) {
    if ((mask >> BigInt(bit) & 1n) === 1n) names.push(`cap_${NAMES[bit] ?? bit}`);
  }
  return names.join(",");
}

const PR_CAPBSET_READ = 23;
const PR_CAPBSET_DROP = 24;
const PR_CAP_AMBIENT = 47;
const PR_CAP_AMBIENT_CLEAR_ALL = 4n;

const VERSION_3 = 0x20080522;

/** `struct __user_cap_header_struct`: version, and 0 for the calling thread. */
function header(): Uint8Array<ArrayBuffer> {
  const words = new Uint32Array(new ArrayBuffer(8));
  words[0] = VERSION_3;
  return new Uint8Array(words.buffer);
}

/** Two times effective, permitted, inheritable (`struct __user_cap_data_struct`): bits 0 to 31, then 32 to 63. */
const SET_WORDS = 6;

function readSets(libc: Libc): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(new ArrayBuffer(4 * SET_WORDS));
  libc.check(libc.call.capget(header(), new Uint8Array(words.buffer)), "read the capabilities");
  return words;
}

/** The calling thread's effective set: what it may do now. Throws `SystemError`. */
export function effectiveCapabilities(libc: Libc): bigint {
  const words = readSets(libc);
  return BigInt(words[3]) << 32n | BigInt(words[0]);
}

/**
 * Makes effective in the calling thread what it is permitted. A file with `cap_net_raw=p` starts everywhere, also
 * where the capability is refused; with `=ep` the kernel would not run it there (capabilities(7)). Throws `SystemError`.
 */
export function raiseCapabilities(libc: Libc): void {
  const words = readSets(libc);
  if (words[0] === words[1] && words[3] === words[4]) return;
  words[0] = words[1];
  words[3] = words[4];
  libc.check(libc.call.capset(header(), new Uint8Array(words.buffer)), "raise the capabilities");
}

/**
 * Empties the calling thread's bounding set, so that not even a program started from it could have
 * a capability. Without CAP_SETPCAP that is refused and false is returned.
 */
export function dropBoundingSet(libc: Libc): boolean {
  for (let bit = 0; bit < 64; bit++) {
    const held = libc.call.prctl(PR_CAPBSET_READ, BigInt(bit), 0n, 0n, 0n);
    if (held < 0) break; // past the last capability of this kernel
    if (held === 0) continue;
    if (libc.call.prctl(PR_CAPBSET_DROP, BigInt(bit), 0n, 0n, 0n) < 0) return false;
  }
  return true;
}

/**
 * Empties the calling thread's ambient, effective, permitted and inheritable sets. Always allowed,
 * and for good as soon as no_new_privs is set. Throws `SystemError`.
 */
export function dropCapabilities(libc: Libc): void {
  const cleared = libc.call.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0n, 0n, 0n);
  // Before Linux 4.3 there was no ambient set to clear.
  if (cleared < 0 && libc.errno() !== Errno.EINVAL) {
    throw libc.failure("clear the ambient capabilities");
  }
  libc.check(
    libc.call.capset(header(), new Uint8Array(new ArrayBuffer(4 * SET_WORDS))),
    "drop the capabilities",
  );
}
