// Tests that need something which may be absent: they are skipped and say why, unless everything is
// required (SCANDOG_REQUIRE_ALL=1): then they run, and fail where it is missed.

/** For a test's `ignore`: whether to skip `what`, given why not (false: no reason). Prints the reason. */
export function skipped(what: string, reason: string | false): boolean {
  if (reason === false || Deno.env.get("SCANDOG_REQUIRE_ALL") === "1") return false;
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
