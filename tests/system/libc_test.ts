import assert from "node:assert/strict";
import { libraryPaths } from "../../src/pcap/mod.ts";
import { cString, libc, libcPaths } from "../../src/system/libc.ts";
import { SystemError } from "../../src/system/system_error.ts";
import { skipped } from "../support/skip.ts";
import { importLine, runCode } from "./run_code.ts";

const ignore = skipped("the C library", Deno.build.os !== "linux" && "it needs Linux");

Deno.test("libcPaths() are the files that the capture library looks for, so one permission serves", () => {
  for (const arch of ["x86_64", "aarch64"]) {
    for (const env of ["gnu", "musl"]) {
      const platform = { os: "linux", arch, env };
      assert.deepEqual(libcPaths(platform), libraryPaths(platform).libc, `${arch} ${env}`);
    }
  }
});

Deno.test({
  name: "libc() tells why a call failed, in the system's words",
  ignore,
  fn() {
    const { call } = libc();
    const result = call.open(cString("/nonexistent/file"), 0, 0);
    assert.equal(libc().errno(), 2);
    assert.throws(
      () => libc().check(result, "open /nonexistent/file"),
      (error: SystemError) =>
        error instanceof SystemError && error.errno === 2 &&
        error.message === "Cannot open /nonexistent/file: No such file or directory",
    );
    assert.equal(libc().check(7n, "nothing"), 7);
  },
});

Deno.test("cString() refuses a NUL inside, and ends with one", () => {
  assert.deepEqual([...cString("é")], [0xc3, 0xa9, 0]);
  assert.throws(() => cString("a\0b"), TypeError);
});

Deno.test({
  name: "libc() names the permission that is missing, and does not prompt",
  ignore,
  async fn() {
    const said = await runCode(
      [],
      importLine("libc", "src/system/libc.ts") +
        "try { libc() } catch (error) { console.log(error.message) }",
    );
    assert.equal(
      said,
      `Cannot open the C library: no permission: run with --allow-ffi=${libcPaths().join(",")}`,
    );
  },
});
