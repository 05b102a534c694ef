// The seccomp filter of all threads: system calls that a capturing process never needs again are refused, in every
// thread. Knows which; not when it is applied. The capture thread has one more, of what it may call:
// `capture_filter.ts`.
//
// Two reasons. It is the only way to set no_new_privs in threads that exist already: the kernel
// copies it along when a filter is synchronised (SECCOMP_FILTER_FLAG_TSYNC). And capabilities held
// by an ordinary user can be dropped by each thread for itself only, never by one thread for
// another, so for threads that run no code of ours (V8's, tokio's) the filter takes away what the
// capabilities are good for instead.
//
// Listening for connections is among what is refused: Deno from 2.9.2 on answers SIGUSR1, whoever else
// handles it, by opening its debugger on a local port, where any user of the machine could make this
// process run code.
//
// A list of what is refused, not of what is allowed: the runtime below us changes what it calls from
// version to version, and a daemon that dies of an upgrade protects nobody.

import { CAP_NET_ADMIN, CAP_NET_RAW } from "./capabilities.ts";
import {
  ALLOW,
  AND,
  ARCHITECTURE,
  ARGUMENT,
  assemble,
  AT_LEAST,
  END,
  EQUAL,
  installFilter,
  type Instruction,
  LOAD,
  NO_SUCH_SOCKET,
  NUMBER,
  REFUSE,
  systemCallsHere,
  UNKNOWN,
  X32,
} from "./filter_program.ts";
import type { CBytes, Libc } from "./libc.ts";
import type { SystemCallTable } from "./system_calls.ts";

export interface SeccompOptions {
  /** Packet and raw sockets may still be opened: for a process that was told to stay root. */
  captureSockets: boolean;
  /**
   * Capabilities that some thread keeps, as a mask. What CAP_NET_RAW and CAP_NET_ADMIN are good for
   * is refused then. With the second, looking up interface addresses (getifaddrs(3)) no longer works,
   * since the socket that asks is also the one that sets.
   */
  remaining: bigint;
}

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const NEW_NAMESPACES = 0x7e020000;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;
const AF_NETLINK = 16;
/** No socket has it. */
const NO_FAMILY = 0xffff;
const SOCK_TYPE_MASK = 0xf;
const SOCK_RAW = 3;
const SOCK_PACKET = 10;
const NETLINK_ROUTE = 0;

/** Requests of netdevice(7) that only ask; every other one of 0x89xx is a setting. */
const INTERFACE_QUESTIONS = [
  0x8906, // SIOCGSTAMP
  0x8912, // SIOCGIFCONF
  0x8913, // SIOCGIFFLAGS
  0x8915, // SIOCGIFADDR
  0x8919, // SIOCGIFBRDADDR
  0x891b, // SIOCGIFNETMASK
  0x8921, // SIOCGIFMTU
  0x8927, // SIOCGIFHWADDR
  0x8933, // SIOCGIFINDEX
  0x8910, // SIOCGIFNAME
];
const TUNSETIFF = 0x400454ca;
/** Options by which a socket lies about its address or leaves the policy routing. */
const FORGING_OPTIONS = [
  [1, 36], // SOL_SOCKET SO_MARK
  [1, 33], // SOL_SOCKET SO_RCVBUFFORCE
  [1, 32], // SOL_SOCKET SO_SNDBUFFORCE
  [0, 19], // SOL_IP IP_TRANSPARENT
  [0, 64], // SOL_IP IPT_SO_SET_REPLACE
  [41, 75], // SOL_IPV6 IPV6_TRANSPARENT
  [41, 64], // SOL_IPV6 IP6T_SO_SET_REPLACE
];

/**
 * The filter as `struct sock_filter[]`. Pure. A call made for another machine (32-bit entry points)
 * is refused whatever it is.
 */
export function seccompFilter(calls: SystemCallTable, options: SeccompOptions): CBytes {
  const program: Instruction[] = [
    { code: LOAD, value: ARCHITECTURE },
    { code: EQUAL, value: calls.auditArch, otherwise: "refuse" },
    { code: LOAD, value: NUMBER },
    { code: AT_LEAST, value: X32, then: "refuse" },
    { code: EQUAL, value: calls.socket, then: "socket" },
    { code: EQUAL, value: calls.clone, then: "clone" },
    { code: EQUAL, value: calls.clone3, then: "unknown" },
  ];
  for (const value of Object.values(calls.refused)) {
    program.push({ code: EQUAL, value, then: "refuse" });
  }
  const settings = (options.remaining & CAP_NET_ADMIN) !== 0n;
  const forging = (options.remaining & (CAP_NET_ADMIN | CAP_NET_RAW)) !== 0n;
  if (settings) program.push({ code: EQUAL, value: calls.ioctl, then: "ioctl" });
  if (forging) program.push({ code: EQUAL, value: calls.setsockopt, then: "setsockopt" });
  program.push(
    { code: END, value: ALLOW },
    // clone3 hides its flags behind a pointer, which a filter cannot follow; clone does not.
    { code: LOAD, value: ARGUMENT(0), label: "clone" },
    { code: AND, value: NEW_NAMESPACES },
    { code: EQUAL, value: 0, then: "allow", otherwise: "refuse" },
    ...(options.captureSockets ? SOCKET_ALLOWED : socketRules(settings)),
    ...(settings ? SETTING_RULES : []),
    ...(forging ? FORGING_RULES : []),
    { code: END, value: ALLOW, label: "allow" },
    { code: END, value: UNKNOWN, label: "unknown" },
    { code: END, value: NO_SUCH_SOCKET, label: "no such socket" },
    { code: END, value: REFUSE, label: "refuse" },
  );
  return assemble(program);
}

const SOCKET_ALLOWED: Instruction[] = [{ code: END, value: ALLOW, label: "socket" }];

function socketRules(settings: boolean): Instruction[] {
  return [
    { code: LOAD, value: ARGUMENT(0), label: "socket" },
    { code: EQUAL, value: AF_UNIX, then: "allow" },
    { code: EQUAL, value: AF_INET, then: "internet" },
    { code: EQUAL, value: AF_INET6, then: "internet" },
    { code: EQUAL, value: settings ? NO_FAMILY : AF_NETLINK, otherwise: "no such socket" },
    // getifaddrs(3) asks the routing socket for addresses; nothing else of netlink is needed.
    { code: LOAD, value: ARGUMENT(2) },
    { code: EQUAL, value: NETLINK_ROUTE, then: "allow", otherwise: "no such socket" },
    { code: LOAD, value: ARGUMENT(1), label: "internet" },
    { code: AND, value: SOCK_TYPE_MASK },
    { code: EQUAL, value: SOCK_RAW, then: "no such socket" },
    { code: EQUAL, value: SOCK_PACKET, then: "no such socket", otherwise: "allow" },
  ];
}

const SETTING_RULES: Instruction[] = [
  { code: LOAD, value: ARGUMENT(1), label: "ioctl" },
  { code: EQUAL, value: TUNSETIFF, then: "refuse" },
  ...INTERFACE_QUESTIONS.map((value) => ({ code: EQUAL, value, then: "allow" })),
  { code: AND, value: 0xff00 },
  { code: EQUAL, value: 0x8900, then: "refuse", otherwise: "allow" },
];

const FORGING_RULES: Instruction[] = [
  { code: LOAD, value: ARGUMENT(2), label: "setsockopt" },
  ...FORGING_OPTIONS.flatMap(([level, option], i) => [
    { code: EQUAL, value: option, otherwise: `after${i}` },
    { code: LOAD, value: ARGUMENT(1) },
    { code: EQUAL, value: level, then: "refuse" },
    { code: LOAD, value: ARGUMENT(2), label: `after${i}` },
  ]),
];

/**
 * Puts the filter over every thread of this process, and no_new_privs with it. The calling thread
 * must have no_new_privs already. For good: a filter cannot be taken off. Throws `SystemError`; see
 * `installFilter()`.
 */
export function refuseSystemCalls(libc: Libc, options: SeccompOptions): void {
  installFilter(libc, seccompFilter(systemCallsHere(), options), "all");
}
