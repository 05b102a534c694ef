// The system calls of the capture thread: what is on this list, and nothing else. It reads packets,
// waits, wakes others and allocates; it opens no file, makes no socket, connects to nothing, sends
// nothing, starts no thread and no program.
//
// A list of what is allowed, unlike the one of all threads (`seccomp.ts`): this thread runs code of
// ours, libpcap's and the JavaScript engine's, no other part of the runtime, and what those call was
// traced. What the runtime might call some day that is not here fails with an error, and ends nothing.
//
// Threads of one process share its memory, so this is a hurdle for whoever takes the thread over, not
// a wall: what holds in any case is what the whole process has given up.

import {
  ALLOW,
  ARCHITECTURE,
  ARGUMENT,
  assemble,
  AT_LEAST,
  END,
  EQUAL,
  type Instruction,
  LOAD,
  NUMBER,
  REFUSE,
  X32,
} from "./filter_program.ts";
import type { CBytes } from "./libc.ts";
import type { SystemCallTable } from "./system_calls.ts";

/** The descriptors it may use for more than waiting. */
export interface CaptureDescriptors {
  /** Capture sockets: looked at, bound anew when an interface is back; never written to. */
  captures: readonly number[];
  /** What threads wake each other by: read and written. */
  wakeUps: readonly number[];
}

/** Standard error may be written: a runtime that breaks says why. */
const STDERR = 2;
/** -1: memory of no file. */
const NO_FILE = 0xffff_ffff;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;

/** Questions about the interface that a capture socket is bound to (netdevice(7)). */
export const INTERFACE_QUESTIONS = {
  SIOCGIFNAME: 0x8910,
  SIOCGIFFLAGS: 0x8913,
  SIOCGIFHWADDR: 0x8927,
  SIOCGIFINDEX: 0x8933,
};

/** Those of which an argument decides; all others on the list are allowed as they are. */
const CONDITIONS: Record<string, (descriptors: CaptureDescriptors) => Condition> = {
  mmap: () => ({ argument: 4, values: [NO_FILE] }),
  read: ({ wakeUps }) => ({ argument: 0, values: wakeUps }),
  write: ({ wakeUps }) => ({ argument: 0, values: [STDERR, ...wakeUps] }),
  getsockopt: ({ captures }) => ({ argument: 0, values: captures }),
  getsockname: ({ captures }) => ({ argument: 0, values: captures }),
  bind: ({ captures }) => ({ argument: 0, values: captures }),
  recvmsg: ({ captures }) => ({ argument: 0, values: captures }),
  recvfrom: ({ captures }) => ({ argument: 0, values: captures }),
  ioctl: ({ captures }) => ({
    argument: 0,
    values: captures,
    and: { argument: 1, values: Object.values(INTERFACE_QUESTIONS) },
  }),
  setsockopt: ({ captures }) => ({
    argument: 0,
    values: captures,
    and: {
      argument: 1,
      values: [SOL_PACKET],
      and: { argument: 2, values: [PACKET_ADD_MEMBERSHIP] },
    },
  }),
};

/** One argument (its low 32 bits) is one of `values`, and what is in `and` holds too. */
interface Condition {
  argument: number;
  values: readonly number[];
  and?: Condition;
}

/** The filter as `struct sock_filter[]`. Pure. What is not allowed is answered by EPERM. */
export function captureFilter(calls: SystemCallTable, descriptors: CaptureDescriptors): CBytes {
  const names = Object.keys(calls.capture);
  const conditions = names.filter((name) => name in CONDITIONS);
  const program: Instruction[] = [
    { code: LOAD, value: ARCHITECTURE },
    { code: EQUAL, value: calls.auditArch, otherwise: "refuse" },
    { code: LOAD, value: NUMBER },
    { code: AT_LEAST, value: X32, then: "refuse" },
    ...names.map((name) => ({
      code: EQUAL,
      value: calls.capture[name],
      then: conditions.includes(name) ? name : "allow",
    })),
    { code: END, value: REFUSE },
    ...conditions.flatMap((name) => conditionRules(name, CONDITIONS[name](descriptors))),
    { code: END, value: ALLOW, label: "allow" },
    { code: END, value: REFUSE, label: "refuse" },
  ];
  return assemble(program);
}

function conditionRules(label: string, { argument, values, and }: Condition): Instruction[] {
  const next = `${label} and`;
  return [
    { code: LOAD, value: ARGUMENT(argument), label },
    ...values.map((value) => ({ code: EQUAL, value, then: and === undefined ? "allow" : next })),
    { code: END, value: REFUSE },
    ...(and === undefined ? [] : conditionRules(next, and)),
  ];
}
