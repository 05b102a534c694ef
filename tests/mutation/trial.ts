// Runs tests one by one in the order that a plan gives, and stops at the first that fails. Each line it prints
// is one fact, `start`, `cost`, `failed` or `passed`; a run without a last `passed` has failed.
// `deno run -A --no-check tests/mutation/trial.ts PLAN.json`, in the folder that has the tests.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { type Collected, testsOf } from "./collect.ts";
import type { Planned } from "./plan.ts";

/** What the tests themselves print is none of these facts, and is not shown. */
function say(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** Milliseconds of this thread on a processor, so that other programs do not count; else of the clock. */
function costMs(): number {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

async function run(file: string, index: number, { name, run }: Collected): Promise<void> {
  say(`start ${file} ${index}`);
  const began = costMs();
  try {
    await run();
  } catch (error) {
    const why = error instanceof Error ? error.message : `${error}`;
    say(`failed ${file} ${index} ${name}: ${why.split("\n")[0]}`);
    Deno.exit(1);
  }
  say(`cost ${file} ${index} ${(costMs() - began).toFixed(1)}`);
}

const plan: Planned[] = JSON.parse(await Deno.readTextFile(Deno.args[0]));
const files = new Map<string, Collected[]>();
console.log = console.info = console.error = () => {};
for (const { file, index } of plan) {
  // A file is imported when the first of its tests is due: most faults are noticed before.
  const tests = files.get(file) ?? await testsOf(pathToFileURL(file).href);
  files.set(file, tests);
  for (const [at, test] of tests.entries()) {
    if (!test.ignore && (index === undefined || index === at)) await run(file, at, test);
  }
}
say("passed");
Deno.exit(0);
