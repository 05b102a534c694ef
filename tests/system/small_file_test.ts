import assert from "node:assert/strict";
import { readSmallText } from "../../src/system/small_file.ts";

Deno.test("readSmallText() gives a file's text, whatever its length and where its characters lie", async () => {
  const path = await Deno.makeTempFile();
  // A character of three bytes across every border of pieces.
  for (const text of ["", "a", "\u20ac".repeat(100_000), "x" + "\u20ac".repeat(60_000)]) {
    await Deno.writeTextFile(path, text);
    assert.ok(readSmallText(path) === text, `${text.length} characters`);
  }
  await Deno.writeFile(path, new Uint8Array([0xef, 0xbb, 0xbf, 0x61]));
  assert.equal(readSmallText(path), "a");
  await Deno.remove(path);
});

Deno.test("readSmallText() refuses what has no end, after a bounded number of bytes", () => {
  assert.throws(() => readSmallText("/dev/zero"), /it has more than 32 MiB; name another/);
  assert.throws(() => readSmallText("/nonesuch/x"), Deno.errors.NotFound);
});

Deno.test("readSmallText() takes as many bytes as it may, and not one more", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "x".repeat(1 << 20));
  assert.equal(readSmallText(path, 1 << 20).length, 1 << 20);
  await Deno.writeTextFile(path, "x".repeat((1 << 20) + 1));
  assert.throws(() => readSmallText(path, 1 << 20), /more than 1 MiB/);
  await Deno.remove(path);
});
