// The table of what each thread may call, against lists written out here: what is deleted from the
// program's table, or slips into it, is missed here.

import assert from "node:assert/strict";
import { captureFilter } from "../../src/system/capture_filter.ts";
import { SYSTEM_CALLS } from "../../src/system/system_calls.ts";
import { runFilter } from "./bpf_machine.ts";

const ALLOW = 0x7fff0000;
const EPERM = 0x00050001;

/** What the capture thread may call, whatever the arguments. */
const FREE = [
  ..."munmap mremap mprotect pkey_mprotect madvise brk membarrier".split(" "), // allocates
  ..."futex poll ppoll epoll_wait epoll_pwait epoll_ctl sched_yield".split(" "), // waits
  ..."nanosleep clock_nanosleep restart_syscall".split(" "),
  ..."clock_gettime clock_getres gettimeofday getrandom".split(" "),
  ..."gettid getpid sched_getaffinity".split(" "),
  ..."rt_sigprocmask rt_sigreturn sigaltstack".split(" "),
  ..."close exit exit_group".split(" "), // ends
];
/** And with certain arguments only. */
const BOUND = "mmap read write getsockopt getsockname bind recvmsg recvfrom ioctl setsockopt"
  .split(" ");
/** The newer machine has no such calls. */
const NOT_ON_ARM = ["poll", "epoll_wait"];

/** Refused in every thread: what a process that captures never has a use for. */
const REFUSED = [
  ..."listen execve execveat ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd".split(" "),
  ..."mount umount2 pivot_root chroot setns unshare".split(" "),
  ..."open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr".split(" "),
  ..."init_module finit_module delete_module kexec_load kexec_file_load bpf".split(" "),
  ..."perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register".split(" "),
  ..."add_key request_key keyctl open_by_handle_at fanotify_init acct swapon swapoff".split(" "),
  ..."reboot sethostname setdomainname settimeofday clock_settime mknodat".split(" "),
  ..."personality quotactl syslog".split(" "),
];
/** Calls that only one machine has. */
const REFUSED_ON_X86 = ["mknod", "iopl", "ioperm"];

const DESCRIPTORS = { captures: [30, 31], wakeUps: [4, 24] };

for (const [machine, calls] of Object.entries(SYSTEM_CALLS)) {
  const isArm = machine === "aarch64";
  const filter = captureFilter(calls, DESCRIPTORS);
  const verdict = (number: number, ...args: number[]) =>
    runFilter(filter, {
      arch: calls.auditArch,
      number,
      args: [...args, 0, 0, 0, 0, 0, 0].slice(0, 6),
    });

  Deno.test(`SYSTEM_CALLS for ${machine} names for each thread what is written out here`, () => {
    const without = (names: string[]) =>
      names.filter((name) => !isArm || !NOT_ON_ARM.includes(name)).sort();
    assert.deepEqual(Object.keys(calls.capture).sort(), without([...FREE, ...BOUND]));
    const refused = [...REFUSED, ...(isArm ? [] : REFUSED_ON_X86)];
    assert.deepEqual(Object.keys(calls.refused).sort(), refused.sort());
    // None is on both.
    const numbers = new Set(Object.values(calls.refused));
    assert.ok(Object.values(calls.capture).every((number) => !numbers.has(number)));
  });

  Deno.test(`captureFilter() for ${machine} allows its list and no other call`, () => {
    const free = new Set(FREE.map((name) => calls.capture[name]));
    const bound = new Set(BOUND.map((name) => calls.capture[name]));
    for (let number = 0; number < 600; number++) {
      if (bound.has(number)) continue;
      assert.equal(verdict(number, 99, 99, 99), free.has(number) ? ALLOW : EPERM, `call ${number}`);
    }
  });

  Deno.test(`captureFilter() for ${machine} refuses calls made for another machine`, () => {
    const { gettid } = calls.capture;
    for (const arch of [0x40000003, 0x40000028]) {
      assert.equal(runFilter(filter, { arch, number: gettid, args: [] }), EPERM);
    }
    assert.equal(verdict(0x40000000 | gettid), EPERM);
  });

  Deno.test(`captureFilter() for ${machine} binds calls to the descriptors they are for`, () => {
    const c = calls.capture;
    const allowed: [string, number, number[]][] = [
      ["memory of no file", c.mmap, [0, 4096, 3, 0x22, 0xffffffff]],
      ["waking", c.write, [4, 0, 8]],
      ["being woken", c.read, [24, 0, 8]],
      ["last words", c.write, [2, 0, 8]],
      ["statistics", c.getsockopt, [30, 263, 6]],
      ["flags of an interface", c.ioctl, [31, 0x8913]],
      ["its name", c.ioctl, [30, 0x8910]],
      ["its hardware", c.ioctl, [30, 0x8927]],
      ["its number", c.ioctl, [30, 0x8933]],
      ["promiscuous mode", c.setsockopt, [30, 263, 1]],
      ["an interface that is back", c.bind, [31]],
      ["its address", c.getsockname, [31]],
    ];
    for (const [what, number, args] of allowed) assert.equal(verdict(number, ...args), ALLOW, what);
    const refused: [string, number, number[]][] = [
      ["memory of a file", c.mmap, [0, 4096, 3, 2, 9]],
      ["standard output", c.write, [1]],
      ["a log", c.write, [9]],
      ["a frame", c.write, [30]],
      ["another's input", c.read, [0]],
      ["another's socket", c.getsockopt, [9, 263, 6]],
      ["another's socket", c.recvfrom, [9]],
      ["another's socket", c.recvmsg, [9]],
      ["flags, to set", c.ioctl, [30, 0x8914]],
      ["a terminal, to type on", c.ioctl, [30, 0x5412]],
      ["another's descriptor", c.ioctl, [9, 0x8913]],
      ["a filter", c.setsockopt, [30, 1, 26]],
      ["a ring to send by", c.setsockopt, [30, 263, 13]],
      ["a ring to send by", c.setsockopt, [9, 263, 1]],
      ["another's socket", c.bind, [9]],
    ];
    for (const [what, number, args] of refused) assert.equal(verdict(number, ...args), EPERM, what);
  });
}
