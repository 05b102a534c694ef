import assert from "node:assert/strict";
import { keepLargeBlocksApart } from "../../src/system/large_blocks.ts";
import type { Libc } from "../../src/system/libc.ts";
import { SystemError } from "../../src/system/system_error.ts";
import { inRepository } from "../support/paths.ts";
import { skipped } from "../support/skip.ts";
import { runCode } from "./run_code.ts";

/** Frees blocks of 256 KiB that were written, with something above them, and takes as many anew. */
const CODE = `
  import { keepLargeBlocksApart } from "file://${inRepository("src/system/large_blocks.ts")}";
  const anonymousKiB = () =>
    Number(/^Anonymous:\\s+(\\d+)/m.exec(Deno.readTextFileSync("/proc/self/smaps_rollup"))[1]);
  const isApart = keepLargeBlocksApart();
  let blocks = Array.from({ length: 64 }, () => new Uint8Array(1 << 18).fill(1));
  const above = Array.from({ length: 64 }, () => new Uint8Array(2000).fill(1));
  blocks = undefined;
  gc();
  const before = anonymousKiB();
  const tables = Array.from({ length: 48 }, () => new Uint8Array(1 << 18));
  console.log(JSON.stringify([isApart, anonymousKiB() - before, tables.length + above.length]));
`;

Deno.test({
  name: "keepLargeBlocksApart() lets a table take no memory before something is written",
  ignore: skipped("large blocks", Deno.build.env !== "gnu" && "it needs glibc"),
  async fn() {
    const flags = ["--quiet", "--no-check", "-A", "--v8-flags=--expose-gc"];
    const [isApart, grownKiB] = JSON.parse(await runCode(flags, CODE));
    assert.equal(isApart, true);
    // 12 MiB were taken; 4.6 MiB of them were resident at once without it, 0.2 are with it.
    assert.ok(grownKiB < 2048, `${grownKiB} KiB`);
  },
});

Deno.test("keepLargeBlocksApart() changes nothing with another C library, or without permission for it", () => {
  const other = { call: { mallopt: null } } as unknown as Libc;
  assert.equal(keepLargeBlocksApart(() => other), false);
  const refusing = { call: { mallopt: () => 0 } } as unknown as Libc;
  assert.equal(keepLargeBlocksApart(() => refusing), false);
  const denied = () => {
    throw new SystemError("open the C library", 0, "no permission");
  };
  assert.equal(keepLargeBlocksApart(denied), false);
  assert.throws(() => keepLargeBlocksApart(() => assert.fail("a mistake of ours")), /mistake/);
});
