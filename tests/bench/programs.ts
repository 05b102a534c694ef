// The commands that benchmarks run: scandog from this tree (or SCANDOG_BINARY, a compiled one), and
// the real scanlogd.

const ROOT = new URL("../../", import.meta.url).pathname;

/** `scandog replay ...` with the permissions that replay needs, and more where it does more. */
export function scandogCommand(args: string[], more: string[] = []): string[] {
  const binary = Deno.env.get("SCANDOG_BINARY");
  if (binary !== undefined) return [binary, "replay", ...args];
  const run = ["run", "--quiet", "--no-check", "--allow-read", ...more, `${ROOT}main.ts`];
  return [Deno.execPath(), ...run, "replay", ...args];
}

/** The real scanlogd 2.2.8 over a capture; undefined where it cannot be run. */
export function scanlogdCommand(path: string, mode: "raw" | "pcap"): string[] | undefined {
  const shared = Deno.env.get("SCANDOG_SHARED") ?? `${ROOT}../shared`;
  const oracle = `${shared}/tools/scanlogd-oracle/scanlogd-oracle`;
  try {
    Deno.statSync(oracle);
    Deno.statSync("/usr/sbin/scanlogd");
  } catch {
    return undefined;
  }
  return [oracle, path, mode];
}
