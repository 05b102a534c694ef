// How commands open libpcap: the one that an option names, or the system's.

import { ffiFlag, Libpcap, libraryPaths, PcapError } from "../pcap/mod.ts";
import { CannotRun } from "../failure.ts";

/**
 * Throws `CannotRun` for a library that a compiled program was not built to open: no flag can change that. What else
 * is wrong with a library is said when it is opened.
 */
function refuseForeign(path: string | undefined): void {
  if (path === undefined || !path.startsWith("/") || !Deno.build.standalone) return;
  if (Deno.permissions.querySync({ name: "ffi", path }).state === "granted") return;
  throw new CannotRun(
    `--libpcap ${path}: this binary opens libpcap only where systems have it: leave --libpcap out, or run ` +
      `scandog from its sources with --allow-ffi=${path}`,
  );
}

/** Runs `use` with libpcap; what libpcap says no to becomes `CannotRun`, in one line. */
export function withLibpcap<T>(path: string | undefined, use: (libpcap: Libpcap) => T): T {
  refuseForeign(path);
  try {
    return use(new Libpcap({ path }));
  } catch (error) {
    if (error instanceof PcapError) throw new CannotRun(error.message);
    throw error;
  }
}

/**
 * The libraries that a capture worker may be given: `own` and the system's, as far as this program
 * may open them itself. Throws `CannotRun` when that is none.
 */
export function permittedLibraries(own: string | undefined): string[] {
  refuseForeign(own);
  const { pcap, libc } = libraryPaths();
  const paths = new Set([...(own === undefined ? [] : [own]), ...pcap, ...libc]);
  const permitted = [...paths].filter((path) =>
    Deno.permissions.querySync({ name: "ffi", path }).state === "granted"
  );
  if (permitted.length > 0) return permitted;
  throw new CannotRun(`libpcap: no permission to open it; run with --allow-ffi=${ffiFlag()}`);
}
