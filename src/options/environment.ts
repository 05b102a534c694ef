// Variables of the environment. Few are read, and only those that the program is permitted to read, without asking
// for permission.

/** The variables that are read; a binary may read these and no other. */
export const VARIABLES = [
  ...["TZ", "HOME", "XDG_CONFIG_HOME", "TERM"] as const,
  // How a service manager is told: sd_notify(3).
  ...["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] as const,
] as const;

/** Undefined where it is not set, or not for this program to read. */
export function variable(name: typeof VARIABLES[number]): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}
