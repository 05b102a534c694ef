import assert from "node:assert/strict";
import { Libpcap, libraryPaths, PcapError } from "../../../src/pcap/mod.ts";
import { skippedWithoutLibpcap } from "./installed.ts";

const ignore = skippedWithoutLibpcap("the libpcap of this machine");
const PROGRAM = new URL("./sandboxed.ts", import.meta.url).pathname;

function errorOf(open: () => unknown): PcapError {
  try {
    open();
  } catch (error) {
    assert.ok(error instanceof PcapError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "no error" });
}

/** Runs `sandboxed.ts` with these permissions and nothing else; a prompt would hang, so none may come. */
function runSandboxed(permissions: string[]): { code: number; out: string; error: string } {
  const { code, stdout, stderr } = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-remote", ...permissions, PROGRAM],
    env: { NO_COLOR: "1" },
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), error: text(stderr) };
}

Deno.test("Libpcap names every file it tried, and what to install, when there is none", () => {
  const path = "/nonexistent/libpcap.so.1";
  const { kind, message } = errorOf(() => new Libpcap({ path }));
  assert.equal(kind, "library-missing");
  for (const part of [path, "apt install libpcap0.8", "dnf install libpcap"]) {
    assert.ok(message.includes(part), message);
  }
  assert.ok(!message.includes("\n"));
});

Deno.test("Libpcap refuses a relative path", () => {
  const { kind, message } = errorOf(() => new Libpcap({ path: "libpcap.so.0.8" }));
  assert.equal(kind, "library-unusable");
  assert.match(message, /libpcap\.so\.0\.8 must be an absolute path/);
});

Deno.test({ name: "Libpcap names the missing symbol of a library that is another", ignore }, () => {
  const { libc } = new Libpcap().paths;
  const { kind, subject, message } = errorOf(() => new Libpcap({ path: libc }));
  assert.equal(kind, "library-unusable");
  assert.equal(subject, libc);
  assert.match(message, /cannot be used as libpcap: .*pcap_/);
});

Deno.test("Libpcap says so when a file is no library", () => {
  const path = new URL(import.meta.url).pathname;
  const { kind, message } = errorOf(() => new Libpcap({ path }));
  assert.equal(kind, "library-unusable");
  assert.ok(message.startsWith(`${path} cannot be used as libpcap: `), message);
});

Deno.test({ name: "Libpcap opens the first candidate that is there", ignore }, () => {
  const libpcap = new Libpcap();
  assert.match(libpcap.version, /^libpcap version \d+\.\d+/);
  assert.ok(libraryPaths().pcap.includes(libpcap.paths.pcap));
  assert.ok(libraryPaths().libc.includes(libpcap.paths.libc));
});

Deno.test(
  { name: "Libpcap works with FFI permission for two files and nothing else", ignore },
  () => {
    const { pcap, libc } = new Libpcap().paths;
    const { code, out, error } = runSandboxed([`--allow-ffi=${pcap},${libc}`]);
    assert.equal(code, 0, error);
    const said = JSON.parse(out);
    assert.deepEqual(said.paths, { pcap, libc });
    assert.match(said.version, /^libpcap version/);
    assert.deepEqual(said.pointers, ["NotCapable", "NotCapable", "NotCapable"]);
    assert.deepEqual(said.filter, [true, false]);
    assert.ok(said.devices.some((device: { loopback: boolean }) => device.loopback));
  },
);

Deno.test(
  { name: "Libpcap works in a worker that has FFI for two files and nothing else", ignore },
  async () => {
    const { pcap, libc } = new Libpcap().paths;
    const worker = new Worker(new URL("./sandboxed.ts", import.meta.url), {
      type: "module",
      deno: { permissions: { ffi: [pcap, libc] } },
    });
    const said = await new Promise<{ paths: unknown; filter: boolean[] }>((resolve, reject) => {
      worker.onmessage = (event) => resolve(event.data);
      worker.onerror = (event) => reject(new Error(event.message));
    });
    worker.terminate();
    assert.deepEqual(said.paths, { pcap, libc });
    assert.deepEqual(said.filter, [true, false]);
  },
);

Deno.test("Libpcap asks for a flag, without a prompt, when it may not use FFI", () => {
  const { code, error } = runSandboxed([]);
  assert.notEqual(code, 0);
  assert.ok(error.includes(`run with --allow-ffi=${libraryPaths().pcap[0]},`), error);
});

Deno.test({ name: "Libpcap says which library may not be opened", ignore }, () => {
  const { error } = runSandboxed([`--allow-ffi=${new Libpcap().paths.pcap}`]);
  assert.match(error, /PcapError: No permission to open the C library: run with --allow-ffi=\//);
});
