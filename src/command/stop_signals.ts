// SIGINT and SIGTERM ask a command to stop cleanly. Knows no command.

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Calls `stop` at the first of these signals; the next one ends the program as if nobody listened,
 * for when stopping takes too long. The function returned ends the listening.
 */
export function whenStopped(stop: () => void): () => void {
  const forget = () => {
    for (const signal of SIGNALS) Deno.removeSignalListener(signal, listener);
  };
  const listener = () => {
    forget();
    stop();
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, listener);
  return forget;
}
