// How commands open libpcap: the one that an option names, or the system's.

import { ffiFlag, Libpcap, libraryPaths, PcapError } from "../pcap/mod.ts";
import { CannotRun } from "../failure.ts";

/** Runs `use` with libpcap; what libpcap says no to becomes `CannotRun`, in one line. */
export function withLibpcap<T>(path: string | undefined, use: (libpcap: Libpcap) => T): T {
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
  const { pcap, libc } = libraryPaths();
  const paths = new Set([...(own === undefined ? [] : [own]), ...pcap, ...libc]);
  const permitted = [...paths].filter((path) =>
    Deno.permissions.querySync({ name: "ffi", path }).state === "granted"
  );
  if (permitted.length > 0) return permitted;
  throw new CannotRun(`libpcap: no permission to open it; run with --allow-ffi=${ffiFlag()}`);
}
