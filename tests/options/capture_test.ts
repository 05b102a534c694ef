import assert from "node:assert/strict";
import { CAPTURE_OPTIONS } from "../../src/options/capture.ts";
import { Refusal } from "../../src/options/row.ts";

const { parse, fromToml } = CAPTURE_OPTIONS.bufferSize.kind;

Deno.test("--buffer-size is MiB, or a time at 100,000 small packets a second", () => {
  assert.deepEqual(["8", "2s", "0.5s", "0.01s"].map(parse), [8, 28, 7, 1]);
  assert.deepEqual([fromToml(32), fromToml("2s"), fromToml("16")], [32, 28, 16]);
});

Deno.test("--buffer-size refuses what is neither, or out of range", () => {
  for (const text of ["", "x", "0", "2000", "1.5", "-1s", "s", "2 s", "3600s", "0s"]) {
    assert.ok(parse(text) instanceof Refusal, text);
  }
  assert.match((parse("x") as Refusal).reason, /or a time, such as 2s/);
  assert.ok(fromToml(true) instanceof Refusal);
});
