import assert from "node:assert/strict";
import { bytesOf, doublesOf, LINE_OFFSET, wordsInLines } from "../src/cache_lines.ts";

Deno.test("wordsInLines() gives zeros, of which bytesOf() and doublesOf() are the same memory", () => {
  const words = wordsInLines(6);
  assert.deepEqual([...words], [0, 0, 0, 0, 0, 0]);
  const bytes = bytesOf(words), doubles = doublesOf(words);
  assert.deepEqual([bytes.length, doubles.length], [24, 3]);
  bytes[4] = 7;
  assert.equal(words[1], 7);
  doubles[2] = 1;
  assert.deepEqual([...words], [0, 7, 0, 0, 0, 0x3ff00000]);
});

Deno.test("wordsInLines() begins large memory with a line in a fresh process on Linux", () => {
  assert.equal(LINE_OFFSET % 8, 0, "doubles are aligned");
  if (Deno.build.os !== "linux") return;
  // Here memory that other tests gave back may begin anywhere.
  const module = new URL("../src/cache_lines.ts", import.meta.url);
  const { stdout } = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `import { LINE_BYTES, wordsInLines } from "${module}";
       const pointer = Deno.UnsafePointer.of(wordsInLines(1 << 20));
       console.log(Deno.UnsafePointer.value(pointer) % BigInt(LINE_BYTES));`,
    ],
    env: { NO_COLOR: "1" },
  }).outputSync();
  assert.equal(new TextDecoder().decode(stdout), "0n\n");
});
