// The tests of a file as functions that can be called in any order: `Deno.test`, which does nothing under
// `deno run`, takes them down here.

import { type Definition, definitionOf } from "../support/test_definition.ts";

export interface Collected {
  name: string;
  ignore: boolean;
  run: () => void | Promise<void>;
}

/** Steps are run as they are met, and their failure is that of their test. */
const CONTEXT = {
  async step(...args: unknown[]) {
    const { ignore, fn } = definitionOf(args);
    if (!ignore) await fn(CONTEXT);
    return !ignore;
  },
} as Deno.TestContext;

const collected: Collected[] = [];

/** Imports a test file and gives back its tests, in the order in which they stand. */
export async function testsOf(url: string): Promise<Collected[]> {
  const collect = (...args: unknown[]) => {
    const { name, ignore = false, fn }: Definition = definitionOf(args);
    collected.push({ name, ignore, run: () => fn(CONTEXT) });
  };
  Object.defineProperty(Deno, "test", { value: collect, configurable: true });
  await import(url);
  return collected.splice(0);
}
