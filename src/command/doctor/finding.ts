// The result of one check of `scandog doctor`, and how it is printed. Knows no particular check.

import { printable } from "../../format/printable.ts";
import { CannotRun } from "../../failure.ts";

export type State = "ok" | "warn" | "fail" | "skip";

/** One line. A remedy says what to do about a `warn` or a `fail`. */
export interface Finding {
  name: string;
  state: State;
  text: string;
  remedy?: string;
}

/** A thing to look at. Whatever it throws is a `fail`: nothing must keep the other checks from it. */
export interface Check {
  name: string;
  look(): Promise<Omit<Finding, "name">> | Omit<Finding, "name">;
}

/** Looks at all things, one after the other. */
export async function findingsOf(checks: readonly Check[]): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { name, look } of checks) {
    try {
      found.push({ name, ...await look() });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      found.push({ name, state: "fail", text });
    }
  }
  return found;
}

const STATE_WORDS: Record<State, string> = { ok: "ok", warn: "warn", fail: "FAIL", skip: "skip" };

/** `FAIL  capture      not permitted: run as root, or ...`, one line each. */
export function findingLines(findings: readonly Finding[]): string[] {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings.map(({ name, state, text, remedy }) => {
    const whole = remedy === undefined ? text : `${text}: ${remedy}`;
    return `${STATE_WORDS[state].padEnd(4)}  ${name.padEnd(width)}  ${printable(whole)}`;
  });
}

/** True when nothing is wrong. */
export function isHealthy(findings: readonly Finding[]): boolean {
  return findings.every(({ state }) => state !== "fail");
}

/** The reason of a `CannotRun`, without the option that it begins with. */
export function refusalOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    if (error instanceof CannotRun) return error.message;
    throw error;
  }
}
