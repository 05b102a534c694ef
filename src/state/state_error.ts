// What keeps a state file from being used. One sentence that names the file and the remedy.

import { CannotRun } from "../failure.ts";

export class StateError extends CannotRun {
  constructor(readonly path: string, reason: string) {
    super(`state ${path}: ${reason}`);
    this.name = "StateError";
  }
}
