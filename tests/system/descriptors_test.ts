import assert from "node:assert/strict";
import { type Descriptor, leftOpen, sharedMappings } from "../../src/system/descriptors.ts";
import { isMapped } from "../../src/system/privileges.ts";
import { writableByOthers } from "../../src/system/safe_folder.ts";

const READ = { writable: false, folder: false };
const WRITE = { writable: true, folder: false };

Deno.test("leftOpen() finds files that can be written and folders, but for what was handed over", () => {
  const descriptors: Descriptor[] = [
    { fd: 0, target: "/dev/pts/0", ...WRITE },
    { fd: 1, target: "/home/a/out", ...WRITE },
    { fd: 2, target: "pipe:[1]", ...WRITE },
    { fd: 3, target: "anon_inode:[eventpoll]", ...WRITE },
    { fd: 4, target: "/root/.cache/deno/v8_code_cache_v2", ...WRITE },
    { fd: 5, target: "/root/.cache/deno/v8_code_cache_v2-shm (deleted)", ...WRITE },
    { fd: 6, target: "/etc/hosts", ...READ },
    { fd: 7, target: "/", ...READ, folder: true },
    { fd: 8, target: "/home/a/out", ...WRITE },
    { fd: 9, target: "/dev/null", ...WRITE },
    { fd: 10, target: "socket:[2]", ...WRITE },
  ];
  assert.deepEqual(leftOpen(descriptors).map(({ fd }) => fd), [4, 5, 7]);
  assert.deepEqual(leftOpen([]), []);
});

Deno.test("sharedMappings() finds files that memory writes to, and no other memory", () => {
  const maps = [
    "7f8344747000-7f834474f000 rw-s 00000000 fe:00 2220680                    /var/cache/a b-shm",
    "7f834474f000-7f8344757000 r--s 00000000 fe:00 2220679                    /var/cache/c",
    "7f8344778000-7f8344780000 rw-p 00000000 fe:00 2220678                    /usr/bin/deno",
    "7f82994fc000-7f8299cfc000 rw-s 00000000 00:09 637870                     socket:[637870]",
    "7f82994fc000-7f8299cfc000 rw-s 00000000 00:01 1                          /dev/zero (deleted)",
    "7ffc0ddc0000-7ffc0dde1000 rw-p 00000000 00:00 0                          [stack]",
    "7ffc0ddc0000-7ffc0dde1000 rw-p 00000000 00:00 0 ",
    "",
  ].join("\n");
  assert.deepEqual(sharedMappings(maps), [
    { start: 0x7f8344747000n, length: 0x8000n, path: "/var/cache/a b-shm" },
  ]);
});

Deno.test("isMapped() reads which ids a user namespace has", () => {
  const whole = "         0          0 4294967295\n";
  assert.deepEqual([0, 65534, 4294967294].map((id) => isMapped(whole, id)), [true, true, true]);
  const one = "         0       1000          1\n";
  assert.deepEqual([0, 1, 65534].map((id) => isMapped(one, id)), [true, false, false]);
  const many = "0 1000 1\n1 100000 65536\n";
  assert.deepEqual([65536, 65537].map((id) => isMapped(many, id)), [true, false]);
  assert.equal(isMapped(undefined, 7), true, "no /proc: the kernel will say");
  assert.equal(isMapped("", 0), false);
});

Deno.test("writableByOthers() finds who could lay a link in root's way, in any folder above", () => {
  const root = { uid: 0, mode: 0o755 };
  const found = (folders: Record<string, { uid: number; mode: number }>, path: string) =>
    writableByOthers(path, (path) => folders[path] ?? root);
  assert.equal(found({}, "/var/log/scandog"), undefined);
  assert.equal(found({ "/var/log": { uid: 7, mode: 0o755 } }, "/var/log/scandog"), "/var/log");
  const group = { uid: 0, mode: 0o775 }, sticky = { uid: 0, mode: 0o1777 };
  assert.equal(found({ "/var/log": group }, "/var/log/scandog"), "/var/log");
  assert.equal(found({ "/var/log": group }, "/var/log"), "/var/log");
  // In a sticky folder nobody can move a folder of root's away; but anybody can make a link.
  assert.equal(found({ "/tmp": sticky }, "/tmp/of-root"), undefined);
  assert.equal(found({ "/tmp": sticky }, "/tmp"), "/tmp");
});
