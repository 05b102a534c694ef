import assert from "node:assert/strict";
import { importLine, runCode } from "./run_code.ts";

const IMPORT = importLine("remainingPermissions, revokeAllBut", "src/system/permissions.ts");

const PROBES = `[
  { name: "read" }, { name: "read", of: "/etc/passwd" }, { name: "write", of: "/var/log/x.log" },
  { name: "net", of: "127.0.0.1:514" }, { name: "env", of: "TZ" }, { name: "sys", of: "hostname" },
  { name: "run", of: "true" }, { name: "ffi", of: "/lib/libx.so" }, { name: "ffi" },
  { name: "import", of: "jsr.io" },
]`;
const FLAGS = [
  "--allow-read=/etc/passwd",
  "--allow-write=/var/log",
  "--allow-net=127.0.0.1:514",
  "--allow-env=TZ",
  "--allow-sys=hostname",
  "--allow-ffi=/lib/libx.so",
];

Deno.test("remainingPermissions() lists what was granted, as flags", async () => {
  const said = await runCode(
    FLAGS,
    `${IMPORT}console.log(remainingPermissions(${PROBES}).join("\\n"))`,
  );
  const list = said.split("\n");
  for (const flag of FLAGS) {
    if (flag !== "--allow-write=/var/log") assert.ok(list.includes(flag), `${flag} in ${said}`);
  }
  assert.ok(list.includes("--allow-write=/var/log/x.log"));
  assert.ok(!list.includes("--allow-read") && !list.includes("--allow-ffi"));
  assert.ok(!list.includes("--allow-run=true"));
});

Deno.test("revokeAllBut() takes every kind back but those named, whatever it was limited to", async () => {
  const said = await runCode(
    FLAGS,
    `${IMPORT}revokeAllBut(["write"]); console.log(remainingPermissions(${PROBES}).join("\\n"))`,
  );
  assert.equal(said, "--allow-write=/var/log/x.log");
});

Deno.test("revokeAllBut() leaves nothing of a process that had everything", async () => {
  const said = await runCode(
    ["--allow-all"],
    `${IMPORT}revokeAllBut([]); console.log(JSON.stringify(remainingPermissions(${PROBES})))`,
  );
  assert.equal(said, "[]");
});
