import assert from "node:assert/strict";
import { libc } from "../../src/system/libc.ts";
import { giveAway, withMode } from "../../src/system/ownership.ts";
import { SystemError } from "../../src/system/system_error.ts";
import { skipped } from "../support/skip.ts";

// The program keeps the C library open for as long as it runs: no test's own.
libc();

const NOBODY = 65534;
const ONLY_ROOT = skipped("ownership as root", Deno.uid() !== 0 && "it takes root");

Deno.test(
  "giveAway() gives a link away, and not the file that it leads to",
  { ignore: ONLY_ROOT },
  async () => {
    const folder = await Deno.makeTempDir({ prefix: "scandog-owner-" });
    await Deno.writeTextFile(`${folder}/shadow`, "root's");
    await Deno.symlink(`${folder}/shadow`, `${folder}/control`);
    giveAway(`${folder}/control`, NOBODY, NOBODY);
    assert.deepEqual((await Deno.stat(`${folder}/shadow`)).uid, 0);
    const { uid, gid } = await Deno.lstat(`${folder}/control`);
    assert.deepEqual([uid, gid], [NOBODY, NOBODY]);
    assert.throws(() => giveAway(`${folder}/absent`, NOBODY, NOBODY), SystemError);
    await Deno.remove(folder, { recursive: true });
  },
);

Deno.test("withMode() makes files with no more than the mode, and leaves the umask as it was", async () => {
  const folder = await Deno.makeTempDir({ prefix: "scandog-mode-" });
  const modeOf = (name: string) => Deno.statSync(`${folder}/${name}`).mode! & 0o777;
  const make = (name: string) => Deno.createSync(`${folder}/${name}`).close();
  make("before");
  withMode(0o640, () => make("inside"));
  assert.equal(modeOf("inside"), 0o640);
  assert.throws(() =>
    withMode(0o600, () => {
      throw new RangeError();
    }), RangeError);
  make("after");
  assert.equal(modeOf("after"), modeOf("before"));
  await Deno.remove(folder, { recursive: true });
});
