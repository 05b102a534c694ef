// What a compiled scandog may do, for good: these flags are fixed in the binary, and a test names
// each of them. Less is left once it runs: a command gives back what it does not need, and `watch`
// limits the rest to the files and ports in use (Landlock).

import { VARIABLES } from "../../src/options/environment.ts";
import { ffiFlag, type Platform } from "../../src/pcap/mod.ts";

/** What a binary can be built for: the name that `deno compile --target` knows. */
export const TARGETS: Record<string, Platform> = {
  "x86_64-unknown-linux-gnu": { os: "linux", arch: "x86_64", env: "gnu" },
  "aarch64-unknown-linux-gnu": { os: "linux", arch: "aarch64", env: "gnu" },
  "x86_64-apple-darwin": { os: "darwin", arch: "x86_64" },
  "aarch64-apple-darwin": { os: "darwin", arch: "aarch64" },
};

/** V8's own: see `src/system/garbage.ts`, which is the only one that asks for it. */
export const V8_FLAGS = ["--expose-gc"];

/** The permission flags for a target. What is not here is refused without a question. */
export function permissionFlags(target: string): string[] {
  const platform = TARGETS[target];
  if (platform === undefined) {
    throw new RangeError(
      `Cannot build for ${target}: known are ${Object.keys(TARGETS).join(", ")}`,
    );
  }
  return [
    "--no-prompt",
    // Captures, expectations and the configuration may lie anywhere.
    "--allow-read",
    // So may the log file, and what `log` and `--report` write.
    "--allow-write",
    // The host of a remote syslog is known only to the one who runs it. A watch without remote TCP
    // syslog and without a server that it publishes to gives this back before it looks at a packet.
    "--allow-net",
    // libpcap and the C library, where systems have them, and no other file.
    `--allow-ffi=${ffiFlag(platform)}`,
    // Is this root? What is this sensor called? What does it run on?
    "--allow-sys=uid,hostname",
    // Whose clocks, and where a user's own configuration lies.
    `--allow-env=${VARIABLES.join(",")}`,
  ];
}
