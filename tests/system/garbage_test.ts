import assert from "node:assert/strict";
import { V8_FLAGS } from "../../.github/build/flags.ts";
import { inRepository } from "../support/paths.ts";
import { runCode } from "./run_code.ts";

/** Makes megabytes of which nothing is left, and tells how many the heap has before and after. */
const CODE = `
  import { collectGarbage } from "file://${inRepository("src/system/garbage.ts")}";
  // Old enough to have left the young generation, where V8 would collect by itself.
  let kept = Array.from({ length: 300_000 }, (_, i) => ({ i }));
  for (let round = 0; round < 30; round++) Array.from({ length: 100_000 }, (_, i) => [i]);
  const used = () => Deno.memoryUsage().heapUsed / 1e6;
  const before = used();
  kept = undefined;
  collectGarbage();
  console.log(JSON.stringify([before, used()]));
`;

Deno.test("collectGarbage() frees what nobody has any more, with the flags of a binary", async () => {
  const flags = ["--quiet", "--no-check", "--allow-read", `--v8-flags=${V8_FLAGS.join(",")}`];
  const [before, after] = JSON.parse(await runCode(flags, CODE));
  assert.ok(before - after > 5, `${before} MB before, ${after} after`);
});

Deno.test("collectGarbage() leaves a program alone that was not given the means, as sources are run", async () => {
  const [before, after] = JSON.parse(
    await runCode(["--quiet", "--no-check", "--allow-read"], CODE),
  );
  assert.ok(before > 0 && after > 0);
});
