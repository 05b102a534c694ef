// The last check of `scandog doctor`: this process gives up what `watch` would, with the same options, and reports
// what the kernel then shows. No other check can follow it.

import { CannotRun } from "../../failure.ts";
import type { CONFINEMENT_OPTIONS } from "../../options/confinement.ts";
import type { ValuesOf } from "../../options/row.ts";
import { cString, libc } from "../../system/libc.ts";
import type { User } from "../../system/users.ts";
import { confine } from "../confinement.ts";
import type { Check } from "./finding.ts";

const W_OK = 2;

interface Values extends ValuesOf<typeof CONFINEMENT_OPTIONS> {
  logFile?: string;
  state?: string;
}

/** `user`: whom to become; undefined when nobody, or when there is no such user, which `user` says. */
export function confinementCheck(values: Values, user: User | undefined): Check {
  return {
    name: "confinement",
    look: () => {
      if (Deno.build.os !== "linux") {
        return { state: "skip", text: "Linux alone has what a process gives up" };
      }
      const { logFile, state } = values;
      const files = [logFile, state].filter((path) => path !== undefined);
      const needs = { read: [], write: files.map(folderOf), ports: [] };
      const said = confine(values, user, () => files.forEach(refuseUnwritable), needs);
      return { state: "ok", text: said.join("; ") };
    },
  };
}

/** Asks the kernel as the user that writes; makes and opens nothing. */
function refuseUnwritable(path: string): void {
  const { call } = libc();
  const place = call.access(cString(path), 0) === 0 ? path : folderOf(path);
  if (call.access(cString(place), W_OK) === 0) return;
  const { message } = libc().failure(`write ${path}`);
  throw new CannotRun(`${message} (${place}, as uid ${call.geteuid()})`);
}

function folderOf(path: string): string {
  return path.replace(/\/?[^/]*$/, "") || (path.startsWith("/") ? "/" : ".");
}
