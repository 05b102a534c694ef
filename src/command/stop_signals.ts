// How every command ends by a signal: cleanly at the first one, at once at the second. Knows no command.

import { Exit } from "../failure.ts";
import { listenForSignals } from "../system/signals.ts";

/** For when stopping takes too long for somebody. */
export function giveUp(): never {
  Deno.exit(Exit.CannotRun);
}

/** Calls `stop` at the first SIGINT or SIGTERM. The function returned ends the listening. */
export function whenStopped(stop: () => void): () => void {
  return listenForSignals({ stop, stopAgain: giveUp });
}
