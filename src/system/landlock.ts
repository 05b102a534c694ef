// Landlock: the process restricts itself to a few files and TCP ports (landlock(7)). Knows rules;
// not which files anyone needs.
//
// Before ABI 8 (Linux 7.0) it covers the thread that calls and those it starts later, not threads
// that exist already; from ABI 8 on all of them. The report says which. Threads that run our code
// can be covered either way: by calling early, before a worker is started, or in each of them.
// What it never covers: files and sockets that are open already, and connecting to UNIX sockets.

import { cString, type Libc, libc } from "./libc.ts";
import { Errno, SystemError } from "./system_error.ts";

/** What may still be used. A directory stands for everything beneath it. */
export interface LandlockRules {
  /** Files and directories that may be read; absent: reading is not restricted. */
  read?: string[];
  /** Files that may be written, directories in which files may be made and written. */
  write: string[];
  /** Directories, written too, in which files are also renamed and removed: to be rotated. */
  turn?: string[];
  /** TCP ports to connect to (ABI 4); absent: not restricted. */
  connectTcp?: number[];
  /**
   * Also refuse signals to other processes and connections to abstract UNIX sockets of others
   * (ABI 6). Only after privileges were dropped: changing the user signals all threads.
   */
  scoped: boolean;
}

export interface LandlockReport {
  /** 0 when the kernel has no Landlock, or it is switched off: then nothing was restricted. */
  abi: number;
  threads: "none" | "this and later ones" | "all";
  /** What of the rules this kernel enforces. */
  enforced: { files: boolean; tcp: boolean; scoped: boolean };
  /** Paths of the rules that do not exist, and so cannot be used later either. */
  missing: string[];
}

/** The same on every machine (system calls from 424 on are). */
const CREATE_RULESET = 444n;
const ADD_RULE = 445n;
const RESTRICT_SELF = 446n;
const CREATE_RULESET_VERSION = 1n;
const RESTRICT_SELF_TSYNC = 8n;
const RULE_PATH_BENEATH = 1n;
const RULE_NET_PORT = 2n;

/** LANDLOCK_ACCESS_FS_ bits. */
const EXECUTE = 1n << 0n;
const WRITE_FILE = 1n << 1n;
const READ_FILE = 1n << 2n;
const READ_DIR = 1n << 3n;
const REMOVE_DIR = 1n << 4n;
const REMOVE_FILE = 1n << 5n;
/** Making a character device, directory, file, socket, pipe, block device, link: bits 6 to 12. */
const MAKE_FILE = 1n << 8n;
const MAKE_ANY = 0x7fn << 6n;
const REFER = 1n << 13n; // ABI 2
const TRUNCATE = 1n << 14n; // ABI 3
const IOCTL_DEVICE = 1n << 15n; // ABI 5

const BIND_TCP = 1n;
const CONNECT_TCP = 2n;
const SCOPE_ABSTRACT_UNIX = 1n;
const SCOPE_SIGNAL = 2n;

const O_PATH = 0o10000000;
const O_DIRECTORY = Deno.build.arch === "aarch64" ? 0o40000 : 0o200000;
const O_CLOEXEC = 0o2000000;

/** The version of the kernel's Landlock, 0 when there is none. Throws `SystemError` without libc. */
export function landlockAbi(): number {
  const abi = Number(
    libc().call.syscall(CREATE_RULESET, 0n, 0n, CREATE_RULESET_VERSION, 0n),
  );
  return Math.max(0, abi);
}

/** `struct landlock_ruleset_attr`: which accesses are refused unless a rule allows them. */
interface Handled {
  files: bigint;
  tcp: bigint;
  scopes: bigint;
}

/** What these rules handle on a kernel of this ABI. Pure. */
export function handledAccess(rules: LandlockRules, abi: number): Handled {
  const reading = EXECUTE | READ_FILE | READ_DIR;
  let files = WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_ANY;
  if (rules.read !== undefined) files |= reading;
  if (abi >= 2) files |= REFER;
  if (abi >= 3) files |= TRUNCATE;
  if (abi >= 5) files |= IOCTL_DEVICE;
  const tcp = abi >= 4 && rules.connectTcp !== undefined ? BIND_TCP | CONNECT_TCP : 0n;
  const scopes = abi >= 6 && rules.scoped ? SCOPE_ABSTRACT_UNIX | SCOPE_SIGNAL : 0n;
  return { files, tcp, scopes };
}

/**
 * Restricts this thread and its later ones (from ABI 8 on: all threads) to `rules`, for good. More
 * calls restrict further. Needs no_new_privs or CAP_SYS_ADMIN.
 *
 * A kernel without Landlock is no fault, and said in the report. Throws `SystemError` when a kernel
 * that has it refuses.
 */
export function restrictWithLandlock(rules: LandlockRules): LandlockReport {
  const lib = libc();
  const abi = landlockAbi();
  const handled = handledAccess(rules, abi);
  const enforced = { files: abi > 0, tcp: handled.tcp !== 0n, scoped: handled.scopes !== 0n };
  if (abi === 0) return { abi, threads: "none", enforced, missing: [] };

  const ruleset = createRuleset(lib, abi, handled);
  try {
    const { read = [], write, turn = [] } = rules;
    const writing = WRITE_FILE | MAKE_FILE | TRUNCATE;
    const missing = [
      ...addPaths(lib, ruleset, read, (READ_FILE | READ_DIR) & handled.files),
      ...addPaths(lib, ruleset, write, writing & handled.files),
      // Renaming removes the old name.
      ...addPaths(lib, ruleset, turn, (writing | REMOVE_FILE) & handled.files),
    ];
    if (enforced.tcp) { for (const port of rules.connectTcp ?? []) addPort(lib, ruleset, port); }
    const all = abi >= 8;
    lib.check(
      lib.call.syscall(RESTRICT_SELF, BigInt(ruleset), all ? RESTRICT_SELF_TSYNC : 0n, 0n, 0n),
      "restrict file access (Landlock)",
    );
    return { abi, threads: all ? "all" : "this and later ones", enforced, missing };
  } finally {
    lib.call.close(ruleset);
  }
}

function createRuleset(lib: Libc, abi: number, handled: Handled): number {
  const words = new BigUint64Array([handled.files, handled.tcp, handled.scopes]);
  // An old kernel takes only as much of the structure as it knows.
  const size = abi >= 6 ? 24n : abi >= 4 ? 16n : 8n;
  const address = lib.addressOf(new Uint8Array(words.buffer));
  return lib.check(
    lib.call.syscall(CREATE_RULESET, address, size, 0n, 0n),
    "make a Landlock ruleset",
  );
}

/** Adds a rule for each path; returns those that do not exist. */
function addPaths(lib: Libc, ruleset: number, paths: string[], access: bigint): string[] {
  return paths.filter((path) => {
    let allowed = access;
    let file = lib.call.open(cString(path), O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
    if (file < 0) {
      // Not a directory: then the rights of directories are refused by the kernel.
      allowed &= ~(READ_DIR | MAKE_FILE | REMOVE_FILE);
      file = lib.call.open(cString(path), O_PATH | O_CLOEXEC, 0);
    }
    if (file < 0) {
      if (lib.errno() === Errno.ENOENT) return true;
      throw lib.failure(`allow ${path} (Landlock)`);
    }
    try {
      // struct landlock_path_beneath_attr, packed: u64 access, s32 file.
      const rule = new DataView(new ArrayBuffer(12));
      rule.setBigUint64(0, allowed, true);
      rule.setInt32(8, file, true);
      addRule(lib, ruleset, RULE_PATH_BENEATH, rule, path);
    } finally {
      lib.call.close(file);
    }
    return false;
  });
}

function addPort(lib: Libc, ruleset: number, port: number): void {
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new SystemError("allow a TCP port (Landlock)", Errno.EINVAL, `${port} is not a port`);
  }
  // struct landlock_net_port_attr: u64 access, u64 port in host order.
  const rule = new DataView(new ArrayBuffer(16));
  rule.setBigUint64(0, CONNECT_TCP, true);
  rule.setBigUint64(8, BigInt(port), true);
  addRule(lib, ruleset, RULE_NET_PORT, rule, `TCP port ${port}`);
}

function addRule(
  lib: Libc,
  ruleset: number,
  type: bigint,
  rule: DataView<ArrayBuffer>,
  what: string,
): void {
  const address = lib.addressOf(new Uint8Array(rule.buffer));
  lib.check(
    lib.call.syscall(ADD_RULE, BigInt(ruleset), type, address, 0n),
    `allow ${what} (Landlock)`,
  );
}

/** The report in one line, for `doctor` and `--verbose`. */
export function describeLandlock({ abi, threads, enforced, missing }: LandlockReport): string {
  if (abi === 0) return "Landlock: not in this kernel, files are guarded by ownership only";
  const what = [
    "files",
    ...(enforced.tcp ? ["TCP ports"] : []),
    ...(enforced.scoped ? ["signals"] : []),
  ];
  const gone = missing.length === 0 ? "" : `; not there: ${missing.join(", ")}`;
  return `Landlock ABI ${abi}: ${what.join(", ")}, for ${
    threads === "all" ? "all threads" : "this thread and later ones"
  }${gone}`;
}
