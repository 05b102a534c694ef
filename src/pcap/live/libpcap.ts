// Finds and opens libpcap and the C library, and carries strings over. Knows no device, no packet.

import { ffiFlag, libraryPaths } from "./paths.ts";
import { PcapError } from "./pcap_error.ts";
import { LIBC_SYMBOLS, type LibcFunctions, PCAP_SYMBOLS, type PcapFunctions } from "./symbols.ts";

/** Longer texts from the library are cut. PCAP_ERRBUF_SIZE is 256; descriptions are shorter. */
const TEXT_BYTES_MAX = 1024;
/** PCAP_ERRBUF_SIZE, which every version of libpcap has had. */
const ERROR_BYTES = 256;

export interface LibpcapOptions {
  /** The libpcap to use, an absolute path; when absent, the first of `libraryPaths()` that opens. */
  path?: string;
  /** The C library that libpcap was built for; as `path`. */
  libcPath?: string;
}

/**
 * An opened libpcap. Needs `--allow-ffi` for two files and nothing else; see `ffiFlag()`. One per
 * thread: what it opens belongs to the thread that opened it.
 */
export class Libpcap {
  readonly pcap: PcapFunctions;
  readonly libc: LibcFunctions;
  /** The files that were opened: the permissions a worker needs for the same. */
  readonly paths: { pcap: string; libc: string };
  /** Where functions that take an error buffer put their text; read it with `errorText()`. */
  readonly errorBuffer: Uint8Array<ArrayBuffer> = new Uint8Array(ERROR_BYTES);
  readonly #text: Uint8Array<ArrayBuffer> = new Uint8Array(TEXT_BYTES_MAX);

  /** Throws `PcapError`: `library-missing`, `library-unusable` or `ffi-denied`. */
  constructor(options: LibpcapOptions = {}) {
    const candidates = libraryPaths();
    const chosen = [options.path, options.libcPath].filter((path) => path !== undefined);
    const pcap = open(
      "libpcap",
      options.path === undefined ? candidates.pcap : [options.path],
      chosen,
      (path) => Deno.dlopen(path, PCAP_SYMBOLS),
    );
    const libc = open(
      "the C library",
      options.libcPath === undefined ? candidates.libc : [options.libcPath],
      chosen,
      (path) => Deno.dlopen(path, LIBC_SYMBOLS),
    );
    this.pcap = pcap.library.symbols;
    this.libc = libc.library.symbols;
    this.paths = { pcap: pcap.path, libc: libc.path };
  }

  /** What the library says of itself: `libpcap version 1.10.3 (with TPACKET_V3)`. */
  get version(): string {
    return this.stringOf(this.pcap.pcap_lib_version());
  }

  /** A copy of the C string at `pointer`; empty for null. Cut at 1 KiB. */
  stringOf(pointer: Deno.PointerValue): string {
    if (pointer === null) return "";
    this.libc.copyString(this.#text, pointer, BigInt(TEXT_BYTES_MAX));
    return textOf(this.#text);
  }

  /** As `stringOf()`, of an address read from a C structure. */
  stringAt(address: bigint): string {
    if (address === 0n) return "";
    this.libc.copyStringAt(this.#text, address, BigInt(TEXT_BYTES_MAX));
    return textOf(this.#text);
  }

  /** Copies `into.length` bytes from an address read from a C structure. */
  copyAt(address: bigint, into: Uint8Array<ArrayBuffer>): void {
    this.libc.memcpy(into, address, BigInt(into.length));
  }

  /** The text in `errorBuffer`. */
  errorText(): string {
    return textOf(this.errorBuffer);
  }
}

/**
 * `text` as a C string. A NUL inside would end it early and silently, so it is refused; `what` names
 * the argument in the error.
 */
export function cString(text: string, what: string): Uint8Array<ArrayBuffer> {
  if (text.includes("\0")) {
    throw new PcapError("failed", what, `${what} must not contain a NUL character`);
  }
  return new TextEncoder().encode(text + "\0");
}

function textOf(bytes: Uint8Array<ArrayBuffer>): string {
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end));
}

/** Opens the first of `paths` that is there and permitted. `chosen` files belong in the flag too. */
function open<T>(
  what: string,
  paths: string[],
  chosen: string[],
  dlopen: (path: string) => T,
): { library: T; path: string } {
  const denied: string[] = [];
  const missing: string[] = [];
  for (const path of paths) {
    if (!path.startsWith("/")) {
      throw new PcapError("library-unusable", path, `${path} must be an absolute path to ${what}`);
    }
    // Asked first, because opening a file that is not permitted would prompt on a terminal.
    if (Deno.permissions.querySync({ name: "ffi", path }).state !== "granted") {
      denied.push(path);
      continue;
    }
    try {
      return { library: dlopen(path), path };
    } catch (error) {
      const said = (error as Error).message;
      if (!isMissing(said, path)) {
        throw new PcapError("library-unusable", path, `${path} cannot be used as ${what}: ${said}`);
      }
      missing.push(path);
    }
  }
  if (missing.length === 0 && denied.length > 0) {
    throw new PcapError(
      "ffi-denied",
      what,
      `No permission to open ${what}: run with --allow-ffi=${ffiFlag(Deno.build, chosen)}`,
    );
  }
  const passedOver = denied.length === 0 ? "" : ` (not permitted: ${denied.join(", ")})`;
  throw new PcapError(
    "library-missing",
    what,
    `Cannot find ${what}, tried ${missing.join(", ") || "nothing, this system is not known"}` +
      `${passedOver}: install it (Debian, Ubuntu: apt install libpcap0.8; Fedora, RHEL: ` +
      "dnf install libpcap), or name the file",
  );
}

/** Is it `path` itself that does not exist, rather than something it needs? */
function isMissing(said: string, path: string): boolean {
  return said.includes(`${path}: cannot open shared object file: No such file`) || // glibc
    said.includes(`Error loading shared library ${path}: No such file`) || // musl
    said.includes(`Cannot open "${path}"`) || // FreeBSD
    (said.includes(`'${path}' (no such file`) && !said.includes("Library not loaded")); // macOS
}
