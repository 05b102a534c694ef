// The checks of `scandog doctor` for the control socket and the file of metrics. Nothing is asked there, and nothing
// is written.

import type { STATUS_OPTIONS } from "../../options/status.ts";
import type { ValuesOf } from "../../options/row.ts";
import type { User } from "../../system/users.ts";
import type { Check } from "./finding.ts";
import { fileCheck } from "./sinks.ts";

/** One check for each that is chosen; `user` is who will write, undefined when nobody is to become another. */
export function statusChecks(
  { control, metricsFile }: ValuesOf<typeof STATUS_OPTIONS>,
  user: User | undefined,
): Check[] {
  const checks: Check[] = [];
  if (control !== undefined) {
    checks.push({ name: "control socket", look: () => controlCheck(control, user) });
  }
  if (metricsFile !== undefined) {
    // It is made beside the file, which it then replaces.
    checks.push({ name: "metrics file", look: () => fileCheck(`${metricsFile}.new`, user) });
  }
  return checks;
}

async function controlCheck(path: string, user: User | undefined) {
  const info = await Deno.lstat(path).catch(() => undefined);
  if (info === undefined) return fileCheck(path, user);
  if (!info.isSocket) {
    const remedy = `name another file: --control`;
    return { state: "fail" as const, text: `${path} is there, and no socket`, remedy };
  }
  try {
    (await Deno.connect({ transport: "unix", path })).close();
    return { state: "ok" as const, text: `a running program answers on ${path}` };
  } catch {
    return { state: "ok" as const, text: `${path} is left from an earlier run, and is replaced` };
  }
}
