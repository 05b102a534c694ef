// What a hijacked thread would try next, each a system call made through the C library, past Deno's
// own permissions. The answer is 0 or an error number. Runs in the probe and in its worker.

import { cString, libc } from "../../src/system/libc.ts";

/** x86-64 and arm64. */
const NUMBERS: Record<string, { clone: number; unshare: number; execve: number; ptrace: number }> =
  {
    x86_64: { clone: 56, unshare: 272, execve: 59, ptrace: 101 },
    aarch64: { clone: 220, unshare: 97, execve: 221, ptrace: 117 },
  };

function attempt(result: number | bigint): number {
  return Number(result) < 0 ? libc().errno() : 0;
}

function socket(family: number, type: number, protocol = 0): number {
  const { call } = libc();
  const file = call.socket(family, type, protocol);
  if (file >= 0) call.close(file);
  return attempt(file);
}

function open(path: string, flags = 0): number {
  const { call } = libc();
  const file = call.open(cString(path), flags, 0o600);
  if (file >= 0) call.close(file);
  return attempt(file);
}

function onSocket(act: (file: number) => number): number {
  const { call } = libc();
  const file = call.socket(2, 2, 0);
  try {
    return attempt(act(file));
  } finally {
    call.close(file);
  }
}

const number = () => NUMBERS[Deno.build.arch];

export const TRIES: Record<string, () => number> = {
  packetSocket: () => socket(17, 3, 0x0300),
  rawSocket: () => socket(2, 3, 1),
  netlinkRoute: () => socket(16, 3, 0),
  netlinkFilter: () => socket(16, 3, 12),
  udpSocket: () => socket(2, 2),
  unixSocket: () => socket(1, 2),
  listen: () => {
    const { call } = libc();
    const file = call.socket(2, 1, 0);
    const listen = Deno.build.arch === "aarch64" ? 201n : 50n;
    const errno = attempt(call.syscall(listen, BigInt(file), 1n, 0n, 0n));
    call.close(file);
    return errno;
  },
  vsock: () => socket(40, 1),
  execve: () => {
    // Were it allowed, this process would be /bin/true now and print nothing more.
    const path = libc().addressOf(cString("/bin/true"));
    return attempt(libc().call.syscall(BigInt(number().execve), path, 0n, 0n, 0n));
  },
  ptrace: () => attempt(libc().call.syscall(BigInt(number().ptrace), 16n, 1n, 0n, 0n)),
  newUserNamespace: () =>
    attempt(libc().call.syscall(BigInt(number().unshare), 0x10000000n, 0n, 0n, 0n)),
  cloneNamespace: () =>
    attempt(libc().call.syscall(BigInt(number().clone), 0x20000000n, 0n, 0n, 0n)),
  clone3: () => attempt(libc().call.syscall(435n, 0n, 0n, 0n, 0n)),
  chroot: () => attempt(libc().call.chroot(cString("/"))),
  becomeRoot: () => attempt(libc().call.setresuid(0xffff_ffff, 0, 0xffff_ffff)),
  setInterfaceFlags: () =>
    onSocket((file) => libc().call.ioctl(file, 0x8914n, new Uint8Array(new ArrayBuffer(40)))),
  getInterfaces: () =>
    onSocket((file) => libc().call.ioctl(file, 0x8912n, new Uint8Array(new ArrayBuffer(16)))),
  readHosts: () => open("/etc/hosts"),
  /** Relative to where the process stands: after a chroot that must be inside. */
  readHere: () => open("here"),
  readAbove: () => open("../../../../../../../../etc/hosts"),
  readPasswd: () => open("/etc/passwd"),
  readShadow: () => open("/etc/shadow"),
  writeTmp: () => open("/tmp/scandog-test-must-not-be", 0o101),
};

/** Does those named; each answer by name. */
export function doTries(names: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, TRIES[name]()]));
}
