// The option of all commands that use libpcap, and how they open it.

import { Libpcap, PcapError } from "../pcap/mod.ts";
import { CannotRun } from "./failure.ts";
import { FILE } from "./kinds.ts";
import type { Row } from "./row.ts";

export const LIBPCAP_OPTION = {
  kind: FILE,
  help: "The libpcap to use, an absolute path. The program must be permitted to open it.",
  group: "Capture path",
  defaultText: "the system's",
} satisfies Row<string>;

/** Runs `use` with libpcap; what libpcap says no to becomes `CannotRun`, in one line. */
export function withLibpcap<T>(path: string | undefined, use: (libpcap: Libpcap) => T): T {
  try {
    return use(new Libpcap({ path }));
  } catch (error) {
    if (error instanceof PcapError) throw new CannotRun(error.message);
    throw error;
  }
}
