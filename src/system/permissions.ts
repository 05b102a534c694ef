// Deno's permissions at run time: gives back what is no longer needed, lists what remains.
//
// A permission can be given back whole, whatever paths or hosts it was limited to, and for good
// while the program runs with --no-prompt. Libraries, files and sockets opened before stay usable,
// and a worker keeps its own.

/** All kinds there are, in the order they are reported. */
export const PERMISSION_NAMES = [
  "read",
  "write",
  "net",
  "env",
  "sys",
  "run",
  "ffi",
  "import",
] as const;

export type PermissionName = typeof PERMISSION_NAMES[number];

/** Gives all kinds back but `keep`. */
export function revokeAllBut(keep: readonly PermissionName[]): void {
  for (const name of PERMISSION_NAMES) {
    // Deno's type lacks "import", which the runtime knows.
    if (!keep.includes(name)) Deno.permissions.revokeSync({ name } as Deno.PermissionDescriptor);
  }
}

/** One thing that could be permitted, told as Deno's permission flags tell it. */
export interface PermissionProbe {
  name: PermissionName;
  /** A path, `host:port`, variable or command; absent: the whole kind. */
  of?: string;
}

/**
 * Those of `probes` that are permitted, as `--allow-...` flags. Deno tells only whether something is
 * permitted, never what all is, so the list is as complete as the probes are.
 */
export function remainingPermissions(probes: readonly PermissionProbe[]): string[] {
  return probes.filter(({ name, of }) => {
    const key = { net: "host", env: "variable", sys: "kind", run: "command", import: "host" };
    const about = of === undefined
      ? {}
      : { [name in key ? key[name as keyof typeof key] : "path"]: of };
    const descriptor = { name, ...about } as Deno.PermissionDescriptor;
    return Deno.permissions.querySync(descriptor).state === "granted";
  }).map(({ name, of }) => `--allow-${name}${of === undefined ? "" : `=${of}`}`);
}
