// What a capture thread that an attacker has taken over would try, past Deno's own permissions. Written
// out here, with numbers of the test's own, so that a call that is forgotten in the program's tables is
// not forgotten here. Each answer is 0 or an error number.

import { cString, libc } from "../../src/system/libc.ts";

/** x86-64, arm64. */
const NUMBERS: Record<string, [number, number]> = {
  openat: [257, 56],
  openat2: [437, 437],
  mkdirat: [258, 34],
  unlinkat: [263, 35],
  renameat2: [316, 276],
  linkat: [265, 37],
  symlinkat: [266, 36],
  fchmodat: [268, 53],
  fchownat: [260, 54],
  newfstatat: [262, 79],
  readlinkat: [267, 78],
  getdents64: [217, 61],
  memfd_create: [319, 279],
  socket: [41, 198],
  socketpair: [53, 199],
  connect: [42, 203],
  listen: [50, 201],
  accept4: [288, 242],
  sendto: [44, 206],
  sendmsg: [46, 211],
  sendmmsg: [307, 269],
  writev: [20, 66],
  pwrite64: [18, 68],
  pread64: [17, 67],
  sendfile: [40, 71],
  splice: [275, 76],
  pipe2: [293, 59],
  dup: [32, 23],
  dup3: [292, 24],
  fcntl: [72, 25],
  clone: [56, 220],
  clone3: [435, 435],
  execve: [59, 221],
  execveat: [322, 281],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  pidfd_open: [434, 434],
  pidfd_getfd: [438, 438],
  kill: [62, 129],
  tgkill: [234, 131],
  prctl: [157, 167],
  seccomp: [317, 277],
  capset: [126, 91],
  setresuid: [117, 147],
  setns: [308, 268],
  unshare: [272, 97],
  mount: [165, 40],
  chroot: [161, 51],
  bpf: [321, 280],
  init_module: [175, 105],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  keyctl: [250, 219],
  inotify_init1: [294, 26],
  timerfd_create: [283, 85],
  shmget: [29, 194],
  shmat: [30, 196],
  msgget: [68, 186],
};

export const HOSTILE_CALLS = Object.keys(NUMBERS);

function answer(result: number | bigint): number {
  return Number(result) < 0 ? libc().errno() : 0;
}

/** Each of the calls with arguments that are nobody's: only the filter can say EPERM to most of them. */
export function hostileCalls(): Record<string, number> {
  const column = Deno.build.arch === "aarch64" ? 1 : 0;
  return Object.fromEntries(
    Object.entries(NUMBERS).map(([name, numbers]) => [
      name,
      answer(libc().call.syscall(BigInt(numbers[column]), NOBODY, 0n, 0n, NOBODY)),
    ]),
  );
}
/** No descriptor and no process. */
const NOBODY = 0xffff_ffffn;

/** Whole deeds, in a thread with this packet socket; each would succeed in a thread of root's. */
export function hostileDeeds(socket: number): Record<string, number> {
  const { call } = libc();
  const deeds: Record<string, () => number | bigint> = {
    readPasswd: () => call.open(cString("/etc/passwd"), 0, 0),
    makeFile: () => call.open(cString(`/tmp/scandog-hostile-${Deno.pid}`), 0o101, 0o600),
    udpSocket: () => call.socket(2, 2, 0),
    tcpSocket: () => call.socket(2, 1, 0),
    unixSocket: () => call.socket(1, 2, 0),
    packetSocket: () => call.socket(17, 3, 0x0300),
    netlinkSocket: () => call.socket(16, 3, 0),
    sendFrame: () => call.send(socket, FRAME, BigInt(FRAME.length), 0),
    writeToOutput: () => call.write(1, new Uint8Array(new ArrayBuffer(1)), 0n),
    readFromInput: () => call.read(0, new Uint8Array(new ArrayBuffer(1)), 0n),
    setInterfaceFlags: () => call.ioctl(socket, 0x8914n, new Uint8Array(new ArrayBuffer(40))),
  };
  return Object.fromEntries(Object.entries(deeds).map(([name, deed]) => [name, answer(deed())]));
}
/** To nobody, of a protocol that is none. */
const FRAME = new Uint8Array(new ArrayBuffer(60));

/** What the thread's own work takes. */
export function ordinaryDeeds(socket: number): Record<string, number> {
  const { call } = libc();
  const request = () => {
    const bytes = new Uint8Array(new ArrayBuffer(40));
    bytes.set(new TextEncoder().encode("lo"));
    return bytes;
  };
  return {
    flagsOfInterface: answer(call.ioctl(socket, 0x8913n, request())),
    indexOfInterface: answer(call.ioctl(socket, 0x8933n, request())),
    // Grows the heap by pages of no file.
    allocate: new Uint8Array(64 << 20).fill(1).at(-1) === 1 ? 0 : -1,
    wait: Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1) === "timed-out" ? 0 : -1,
  };
}
