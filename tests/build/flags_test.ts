// The permissions that are built into a binary, each by its name.

import assert from "node:assert/strict";
import { permissionFlags, TARGETS } from "../../.github/build/flags.ts";
import { libcPaths } from "../../src/system/libc.ts";

/** All that a binary may do, but for the libraries. Whoever widens it has to say so here. */
const ALLOWED = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-sys=uid,hostname",
  "--allow-env=TZ,HOME,XDG_CONFIG_HOME,TERM,NOTIFY_SOCKET,WATCHDOG_USEC,WATCHDOG_PID",
];

/** Whole paths of libpcap or of the C library, nothing that could name anything else. */
const LIBRARY = new RegExp(
  "^/[A-Za-z0-9_./-]+/(libpcap\\.so\\.(0\\.8|1)|libc\\.so\\.6|libpcap\\.A\\.dylib|libSystem\\.B\\.dylib)$",
);

Deno.test("a binary has these permissions and no other: no programs, no code, six variables", () => {
  for (const target of Object.keys(TARGETS)) {
    const flags = permissionFlags(target);
    const [ffi, ...more] = flags.filter((flag) => flag.startsWith("--allow-ffi"));
    assert.deepEqual(more, []);
    assert.deepEqual(flags.filter((flag) => flag !== ffi).sort(), [...ALLOWED].sort(), target);
  }
});

Deno.test("a binary opens libpcap and the C library by their whole paths, and no other library", () => {
  for (const target of Object.keys(TARGETS)) {
    const ffi = permissionFlags(target).find((flag) => flag.startsWith("--allow-ffi="));
    const paths = ffi!.slice("--allow-ffi=".length).split(",");
    for (const path of paths) {
      assert.match(path, LIBRARY);
      assert.ok(!path.includes(".."), path);
    }
    assert.ok(paths.some((path) => path.includes("libpcap")), target);
  }
});

Deno.test("one permission serves both users of the C library", () => {
  for (const [target, { os, arch, env }] of Object.entries(TARGETS)) {
    if (os !== "linux") continue;
    const ffi = permissionFlags(target).join(" ");
    for (const path of libcPaths({ arch, env })) assert.ok(ffi.includes(path), path);
  }
});

Deno.test("permissionFlags() knows the targets that are released, and no other", () => {
  assert.throws(() => permissionFlags("x86_64-pc-windows-msvc"), RangeError);
});
