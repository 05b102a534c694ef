// Tests that need something which may be absent: they are skipped and say why, unless everything is
// required (SCANDOG_REQUIRE_ALL=1): then they run, and fail where it is missed.

/** What this file's tests gave as reasons so far. `deno task test` prints them at its end. */
export const reasonsGiven = new Set<string>();

/** For a test's `ignore`: whether to skip `what`, given why not (false: no reason). */
export function skipped(what: string, reason: string | false): boolean {
  if (reason === false || Deno.env.get("SCANDOG_REQUIRE_ALL") === "1") return false;
  return unsuited(what, reason);
}

/**
 * The same for what is skipped even where everything is required, since it is for another kind of run:
 * with the compiled binary, or with captures that are not part of the project.
 */
export function unsuited(what: string, reason: string | false): boolean {
  if (reason === false) return false;
  reasonsGiven.add(reason);
  console.log(`skipped: ${what}: ${reason}`);
  return true;
}

export function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
