// System call numbers, by machine. Facts only: from the kernel's unistd tables, which a test
// compares with the header files where these are installed.

export interface SystemCallTable {
  /** AUDIT_ARCH_ value: which machine a system call was made for (seccomp(2)). */
  auditArch: number;
  /** What the process can no longer have a use for once it captures; see `seccomp.ts`. */
  refused: Record<string, number>;
  seccomp: number;
  socket: number;
  ioctl: number;
  setsockopt: number;
  clone: number;
  clone3: number;
}

/** From 424 on the numbers are the same on every machine. */
const COMMON = {
  io_uring_setup: 425,
  io_uring_enter: 426,
  io_uring_register: 427,
  open_tree: 428,
  move_mount: 429,
  fsopen: 430,
  fsconfig: 431,
  fsmount: 432,
  fspick: 433,
  pidfd_getfd: 438,
  mount_setattr: 442,
};

export const SYSTEM_CALLS: Record<string, SystemCallTable> = {
  x86_64: {
    auditArch: 0xc000003e,
    refused: {
      ...COMMON,
      execve: 59,
      execveat: 322,
      ptrace: 101,
      process_vm_readv: 310,
      process_vm_writev: 311,
      kcmp: 312,
      mount: 165,
      umount2: 166,
      pivot_root: 155,
      chroot: 161,
      setns: 308,
      unshare: 272,
      init_module: 175,
      finit_module: 313,
      delete_module: 176,
      kexec_load: 246,
      kexec_file_load: 320,
      bpf: 321,
      perf_event_open: 298,
      userfaultfd: 323,
      add_key: 248,
      request_key: 249,
      keyctl: 250,
      open_by_handle_at: 304,
      fanotify_init: 300,
      acct: 163,
      swapon: 167,
      swapoff: 168,
      reboot: 169,
      sethostname: 170,
      setdomainname: 171,
      settimeofday: 164,
      clock_settime: 227,
      mknodat: 259,
      mknod: 133,
      personality: 135,
      quotactl: 179,
      syslog: 103,
      iopl: 172,
      ioperm: 173,
    },
    seccomp: 317,
    socket: 41,
    ioctl: 16,
    setsockopt: 54,
    clone: 56,
    clone3: 435,
  },
  aarch64: {
    auditArch: 0xc00000b7,
    refused: {
      ...COMMON,
      execve: 221,
      execveat: 281,
      ptrace: 117,
      process_vm_readv: 270,
      process_vm_writev: 271,
      kcmp: 272,
      mount: 40,
      umount2: 39,
      pivot_root: 41,
      chroot: 51,
      setns: 268,
      unshare: 97,
      init_module: 105,
      finit_module: 273,
      delete_module: 106,
      kexec_load: 104,
      kexec_file_load: 294,
      bpf: 280,
      perf_event_open: 241,
      userfaultfd: 282,
      add_key: 217,
      request_key: 218,
      keyctl: 219,
      open_by_handle_at: 265,
      fanotify_init: 262,
      acct: 89,
      swapon: 224,
      swapoff: 225,
      reboot: 142,
      sethostname: 161,
      setdomainname: 162,
      settimeofday: 170,
      clock_settime: 112,
      mknodat: 33,
      personality: 92,
      quotactl: 60,
      syslog: 116,
    },
    seccomp: 277,
    socket: 198,
    ioctl: 29,
    setsockopt: 208,
    clone: 220,
    clone3: 435,
  },
};
