import assert from "node:assert/strict";
import { ffiFlag, libraryPaths } from "../../../src/pcap/mod.ts";

const SYSTEMS = [
  { os: "linux", arch: "x86_64", env: "gnu" },
  { os: "linux", arch: "aarch64", env: "gnu" },
  { os: "linux", arch: "x86_64", env: "musl" },
  { os: "darwin", arch: "aarch64" },
  { os: "freebsd", arch: "x86_64" },
];

Deno.test("libraryPaths() gives absolute paths, each once, for every system it knows", () => {
  for (const system of SYSTEMS) {
    const { pcap, libc } = libraryPaths(system);
    assert.ok(pcap.length > 0 && libc.length > 0, JSON.stringify(system));
    const paths = [...pcap, ...libc];
    assert.equal(new Set(paths).size, paths.length);
    for (const path of paths) assert.match(path, /^\/[^,]+$/);
  }
});

Deno.test("libraryPaths() puts the machine's own directory first on Debian and its kin", () => {
  const { pcap, libc } = libraryPaths({ os: "linux", arch: "aarch64", env: "gnu" });
  assert.equal(pcap[0], "/usr/lib/aarch64-linux-gnu/libpcap.so.0.8");
  assert.equal(libc[0], "/usr/lib/aarch64-linux-gnu/libc.so.6");
  assert.ok(pcap.includes("/usr/lib64/libpcap.so.1"), "Fedora, SUSE");
  assert.ok(pcap.includes("/usr/lib/libpcap.so.1"), "Arch");
});

Deno.test("libraryPaths() never mixes musl's libpcap with glibc", () => {
  const { pcap, libc } = libraryPaths({ os: "linux", arch: "x86_64", env: "musl" });
  assert.ok(libc.every((path) => path.includes("musl")));
  assert.deepEqual(pcap, ["/usr/lib/libpcap.so.1", "/usr/local/lib/libpcap.so.1"]);
});

Deno.test("libraryPaths() is empty for a system nothing is known of", () => {
  assert.deepEqual(libraryPaths({ os: "windows", arch: "x86_64" }), { pcap: [], libc: [] });
});

Deno.test("ffiFlag() lists the extra files, then every candidate", () => {
  const system = SYSTEMS[4];
  const { pcap, libc } = libraryPaths(system);
  assert.equal(ffiFlag(system, ["/opt/libpcap.so"]), ["/opt/libpcap.so", ...pcap, ...libc].join());
});
