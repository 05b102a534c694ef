// All commands. A command is a file and a line here; it is loaded when it is needed.

import type { Command } from "../options/command.ts";

export const COMMANDS: Record<string, () => Promise<Command>> = {
  watch: async () => (await import("./watch.ts")).WATCH,
  replay: async () => (await import("./replay.ts")).REPLAY,
  explain: async () => (await import("./explain.ts")).EXPLAIN,
  status: async () => (await import("./status.ts")).STATUS,
  report: async () => (await import("./report.ts")).REPORT,
  correlate: async () => (await import("./correlate.ts")).CORRELATE,
  log: async () => (await import("./log.ts")).LOG,
  doctor: async () => (await import("./doctor.ts")).DOCTOR,
  interfaces: async () => (await import("./interfaces.ts")).INTERFACES,
  schema: async () => (await import("./schema.ts")).SCHEMA,
  man: async () => (await import("./man.ts")).MAN,
};

/** All of them, for help, completions, documents, and the keys that a file may have. */
export function loadCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
