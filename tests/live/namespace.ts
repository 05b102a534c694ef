// A network of one's own for a test: the calling thread steps into a new network namespace and back.
// No name, nothing to delete: the kernel takes the namespace away with everything in it.

import { libraryPaths } from "../../src/pcap/mod.ts";
import { exists } from "../support/skip.ts";

const CLONE_NEWNET = 0x40000000;
const O_RDONLY = 0;

/** One look is the start of a process, some milliseconds. */
const LOOKS_MAX = 2000;

const NOBODY = 65534;
const SETRESUID = Deno.build.arch === "x86_64" ? 117n : 147n;

const AF_PACKET = 17;
const SOCK_RAW = 3;
const SOCKADDR_BYTES = 20;

/** Why the tests in namespaces cannot run here, or false. */
export function whyNoNamespaces(): string | false {
  if (Deno.build.os !== "linux") return "namespaces are Linux's";
  if (Deno.uid() !== 0) return "it takes root";
  return IP === undefined ? "there is no ip command (Debian: iproute2)" : false;
}

const IP = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].find(exists);

function openLibc() {
  return Deno.dlopen(libraryPaths().libc.find(exists)!, {
    open: { parameters: ["buffer", "i32"], result: "i32" },
    close: { parameters: ["i32"], result: "i32" },
    unshare: { parameters: ["i32"], result: "i32" },
    setns: { parameters: ["i32", "i32"], result: "i32" },
    socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
    sendto: { parameters: ["i32", "buffer", "usize", "i32", "buffer", "u32"], result: "i32" },
    syscall: { parameters: ["i64", "i64", "i64", "i64"], result: "i64" },
    if_nametoindex: { parameters: ["buffer"], result: "u32" },
  }).symbols;
}

/** Runs `use` in a new, empty namespace. Other threads, and the test runner, stay where they are. */
export async function inNamespace(use: (network: Network) => void | Promise<void>): Promise<void> {
  const libc = openLibc();
  // The thread's own link: /proc/self would be that of the main thread.
  const home = libc.open(cString("/proc/thread-self/ns/net"), O_RDONLY);
  if (home < 0 || libc.unshare(CLONE_NEWNET) !== 0) throw new Error("Cannot make a namespace");
  try {
    using network = new Network(libc);
    network.ip("link set lo up");
    await use(network);
  } finally {
    if (libc.setns(home, CLONE_NEWNET) !== 0) Deno.exit(1); // every later test would be wrong
    libc.close(home);
  }
}

/** Commands and packets in the namespace of the thread. */
export class Network {
  readonly #libc: ReturnType<typeof openLibc>;
  readonly #socket: number;

  constructor(libc: ReturnType<typeof openLibc>) {
    this.#libc = libc;
    this.#socket = libc.socket(AF_PACKET, SOCK_RAW, 0);
    if (this.#socket < 0) throw new Error("Cannot make a packet socket");
  }

  /** Runs `ip` with these words and gives what it printed. */
  ip(words: string): string {
    const { success, stdout, stderr } = new Deno.Command(IP!, { args: words.split(" ") })
      .outputSync();
    if (!success) throw new Error(`ip ${words}: ${new TextDecoder().decode(stderr)}`);
    return new TextDecoder().decode(stdout);
  }

  /** Runs `use` while the thread's effective user is nobody, and so has no capability in effect. */
  withoutPrivilege(use: () => void): void {
    this.#setEffectiveUser(NOBODY);
    try {
      use();
    } finally {
      this.#setEffectiveUser(0);
    }
  }

  /** The system call itself: the C library's function would change every thread. */
  #setEffectiveUser(user: number): void {
    if (this.#libc.syscall(SETRESUID, -1n, BigInt(user), -1n) !== 0n) {
      throw new Error(`Cannot become user ${user}`);
    }
  }

  /** Two interfaces joined by a wire, both up; what is sent on one arrives at the other. */
  wire(one: string, other: string): void {
    this.ip(`link add ${one} type veth peer name ${other}`);
    for (const name of [one, other]) {
      // No neighbour discovery: on these wires is only what a test sends.
      this.ip(`link set ${name} addrgenmode none up`);
    }
    for (const name of [one, other]) this.awaitCarrier(name);
  }

  /** The kernel takes a moment to see that a wire is up, and drops what is sent before. */
  awaitCarrier(name: string, state = "UP"): void {
    for (let looks = 0; !this.ip(`link show ${name}`).includes(`state ${state}`); looks++) {
      if (looks === LOOKS_MAX) throw new Error(`${name} does not come into state ${state}`);
    }
  }

  /** Sends a whole frame out of the interface. */
  send(device: string, frame: Uint8Array): void {
    const address = new DataView(new ArrayBuffer(SOCKADDR_BYTES));
    address.setUint16(0, AF_PACKET, true);
    address.setInt32(4, this.#libc.if_nametoindex(cString(device)), true);
    const bytes = frame as Uint8Array<ArrayBuffer>;
    const to = new Uint8Array(address.buffer);
    const sent = this.#libc.sendto(
      this.#socket,
      bytes,
      BigInt(bytes.length),
      0,
      to,
      SOCKADDR_BYTES,
    );
    if (sent !== bytes.length) throw new Error(`Cannot send ${bytes.length} bytes on ${device}`);
  }

  [Symbol.dispose](): void {
    this.#libc.close(this.#socket);
  }
}

function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text + "\0");
}
