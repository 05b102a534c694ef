// The error for a state file that cannot be used: one sentence with the file and the remedy.

import { CannotRun } from "../failure.ts";

export class StateError extends CannotRun {
  constructor(readonly path: string, reason: string) {
    super(`state ${path}: ${reason}`);
    this.name = "StateError";
  }
}
