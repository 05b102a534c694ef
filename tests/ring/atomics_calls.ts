// How often an end of a ring sleeps or wakes the other: what else is seen of it is a tenth of a second.

/** Who calls so often in vain would never end. */
const CALLS_MAX = 10;

/** Calls of `Atomics.wait()` or `Atomics.notify()` while `run` goes on; neither sleeps nor wakes. */
export function calls(name: "wait" | "notify", run: () => void): number {
  let count = 0;
  const real = Atomics[name];
  const value = () => {
    if (++count > CALLS_MAX) throw new Error(`Atomics.${name}() is called again and again`);
  };
  Object.defineProperty(Atomics, name, { configurable: true, writable: true, value });
  try {
    run();
  } finally {
    Object.defineProperty(Atomics, name, { configurable: true, writable: true, value: real });
  }
  return count;
}
