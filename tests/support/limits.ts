// Loaded before every test file (`deno test --preload`, see tests/run.ts): gives each test a time limit,
// and writes down each one that is skipped, with the reasons its file gave. Whoever runs the tests, files have the
// modes that most systems give them.

import { reasonsGiven } from "./skip.ts";
import { type Definition, definitionOf } from "./test_definition.ts";

/** A test that takes longer hangs: the longest, which makes a Debian of its own, takes five minutes at worst. */
const SECONDS_MAX = Number(Deno.env.get("SCANDOG_TEST_SECONDS") ?? 600);

/** Where to write, a line of JSON for each skipped test; see `SkippedTest`. */
const SKIPS = Deno.env.get("SCANDOG_SKIPS");

export interface SkippedTest {
  file: string;
  name: string;
  /** Of its file, in the file's words; empty when it gave none. */
  reasons: string[];
}

/** The test, which fails when it takes longer than so many seconds. */
export function limited(fn: Definition["fn"], seconds: number): Definition["fn"] {
  return async (context) => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`took longer than ${seconds} s, the limit of every test`);
      timer = setTimeout(() => reject(error), seconds * 1000);
    });
    try {
      await Promise.race([fn(context), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function noteSkipped(name: string): void {
  if (SKIPS === undefined) return;
  const skipped: SkippedTest = {
    file: Deno.mainModule.replace(/^.*\/tests\//, "tests/"),
    name,
    reasons: [...reasonsGiven],
  };
  Deno.writeTextFileSync(SKIPS, `${JSON.stringify(skipped)}\n`, { append: true });
}

// Some systems let a user's group write to new files, which scandog refuses to trust.
if (Deno.build.os !== "windows") Deno.umask(0o022);

const plain = Deno.test;
Object.defineProperty(Deno, "test", {
  configurable: true,
  value: new Proxy(plain, {
    apply(test, self, args) {
      const definition = definitionOf(args);
      if (definition.ignore) noteSkipped(definition.name);
      const fn = limited(definition.fn, SECONDS_MAX);
      return Reflect.apply(test, self, [{ ...definition, fn }]);
    },
  }),
});
