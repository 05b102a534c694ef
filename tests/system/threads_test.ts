import assert from "node:assert/strict";
import { libc } from "../../src/system/libc.ts";
import { parseStatus, ThreadTable } from "../../src/system/threads.ts";
import { skipped } from "../support/skip.ts";

const ignore = skipped("reading threads", Deno.build.os !== "linux" && "it needs Linux");

Deno.test("parseStatus() reads a status file", () => {
  const text = [
    "Name:\tV8 DefaultWorke",
    "Uid:\t1\t2\t3\t4",
    "Gid:\t5\t6\t7\t8",
    "Groups:\t4 27 100 ",
    "CapInh:\t0000000000000001",
    "CapPrm:\t000001ffffffffff",
    "CapEff:\t0000000000002000",
    "CapBnd:\t0000000000000003",
    "CapAmb:\t0000000000000004",
    "NoNewPrivs:\t1",
    "Seccomp:\t2",
    "Seccomp_filters:\t1",
    "",
  ].join("\n");
  assert.deepEqual(parseStatus(9, text), {
    tid: 9,
    name: "V8 DefaultWorke",
    uid: [1, 2, 3, 4],
    gid: [5, 6, 7, 8],
    groups: [4, 27, 100],
    inheritable: 1n,
    permitted: 0x1ffffffffffn,
    effective: 0x2000n,
    bounding: 3n,
    ambient: 4n,
    noNewPrivs: true,
    seccomp: 2,
    seccompFilters: 1,
  });
});

Deno.test("parseStatus() takes a missing line for nothing given up", () => {
  const status = parseStatus(1, "Name:\tx\n");
  assert.equal(status.permitted, 0xffff_ffff_ffff_ffffn);
  assert.equal(status.noNewPrivs, false);
  assert.equal(status.seccomp, 0);
  assert.deepEqual(status.uid, []);
});

Deno.test({
  name: "ThreadTable reads the threads that /proc lists, itself among them",
  ignore,
  fn() {
    const table = new ThreadTable(libc());
    const listed = () => [...Deno.readDirSync("/proc/self/task")].map(({ name }) => Number(name));
    // The runtime may start or end a thread between the two looks.
    let threads = table.read();
    for (let i = 0; i < 20 && threads.length !== listed().length; i++) threads = table.read();
    assert.deepEqual(threads.map(({ tid }) => tid), listed().sort((a, b) => a - b));
    assert.ok(threads.some(({ tid }) => tid === Deno.pid), "the main thread has the process's id");
    assert.ok(threads.every(({ uid }) => uid[1] === Deno.uid()));
    table.close();
    assert.throws(() => table.read(), /Cannot rewind \/proc\/self\/task: Bad file descriptor/);
  },
});
