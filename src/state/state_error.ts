// What keeps a state file from being used. One sentence that names the file and the remedy.

export class StateError extends Error {
  constructor(readonly path: string, reason: string) {
    super(`state ${path}: ${reason}`);
    this.name = "StateError";
  }
}
