// How often an end of a ring sleeps or wakes the other: what else is seen of it is a tenth of a second.

/** Calls of `Atomics.wait()` or `Atomics.notify()` while `run` goes on; neither sleeps nor wakes. */
export function calls(name: "wait" | "notify", run: () => void): number {
  let count = 0;
  const real = Atomics[name];
  Object.defineProperty(Atomics, name, {
    configurable: true,
    writable: true,
    value: () => ++count,
  });
  try {
    run();
  } finally {
    Object.defineProperty(Atomics, name, { configurable: true, writable: true, value: real });
  }
  return count;
}
