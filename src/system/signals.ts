// Signals of the operating system as calls of ours. Knows their names; not what they lead to.
//
// The runtime hands a signal over in a turn of the event loop, never in the middle of our code.

export interface SignalHandlers {
  /** SIGTERM, SIGINT: end cleanly. Called for the first one only; see `stopAgain`. */
  stop(signal: Deno.Signal): void;
  /** A second SIGTERM or SIGINT: the clean end takes too long for somebody. */
  stopAgain?(signal: Deno.Signal): void;
  /** SIGHUP: files were moved away, the configuration changed. */
  reload?(): void;
  /** SIGUSR1: print statistics. */
  statistics?(): void;
}

/**
 * Listens until the returned function is called. SIGHUP and SIGUSR1 keep their usual effect, which
 * is to end the process, when nobody handles them.
 */
export function listenForSignals(handlers: SignalHandlers): () => void {
  let stopping = false;
  const stop = (signal: Deno.Signal) => () => {
    if (stopping) return handlers.stopAgain?.(signal);
    stopping = true;
    handlers.stop(signal);
  };
  const listeners: [Deno.Signal, () => void][] = [["SIGINT", stop("SIGINT")]];
  // Windows knows SIGINT only of these.
  if (Deno.build.os !== "windows") {
    listeners.push(["SIGTERM", stop("SIGTERM")]);
    if (handlers.reload) listeners.push(["SIGHUP", handlers.reload]);
    if (handlers.statistics) listeners.push(["SIGUSR1", handlers.statistics]);
  }
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  };
}
