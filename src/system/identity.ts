// Which user and rights this process has for the kernel. Changes nothing, and never asks the user for a permission.
// a permission.

import { libcQuestions } from "./libc.ts";
import { SystemError } from "./system_error.ts";

/** What is known of the rights this process has. */
export type Identity = "root" | "other" | "unknown";

/**
 * The effective user id; undefined where the sandbox hides it: it takes the permission to open the C
 * library, or --allow-sys=uid.
 */
export function effectiveUserId(): number | undefined {
  try {
    return libcQuestions().geteuid();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    const { state } = Deno.permissions.querySync({ name: "sys", kind: "uid" });
    return state === "granted" ? Deno.uid() ?? undefined : undefined;
  }
}

/** Does this process act with root's rights? */
export function identity(): Identity {
  const uid = effectiveUserId();
  return uid === undefined ? "unknown" : uid === 0 ? "root" : "other";
}

/** The end of a sentence on why something was refused. */
export function whoRuns(who: Identity): string {
  return who === "unknown"
    ? "this may run as root, as far as its sandbox tells it; permit --allow-sys=uid"
    : "this runs as root";
}
