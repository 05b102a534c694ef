// What a start leaves behind in a thread's heap: modules are read and compiled, options are settled. V8 would collect it
// when the heap has grown by as much again, which that of an idle watch never does.

/** Given by V8's flag --expose-gc, which is in the binary (`.github/build/flags.ts`) and not where sources run. */
type Collect = (how: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

/** Gives back memory that is not used, for a thread that goes on for long; takes some 10 ms. */
export function collectGarbage(): void {
  const { gc } = globalThis as { gc?: Collect };
  gc?.({ type: "major", execution: "sync", flavor: "last-resort" });
}
