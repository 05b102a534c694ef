import assert from "node:assert/strict";
import { type Libc, libc } from "../../src/system/libc.ts";
import { SystemError } from "../../src/system/system_error.ts";
import { WakeUp } from "../../src/system/wake_up.ts";
import { exists, skipped } from "../support/skip.ts";

const ignore = skipped(
  "the end of another thread's wait",
  Deno.build.os !== "linux" && "it needs Linux",
);

Deno.test({
  name: "WakeUp ends the poll of another thread, which would never end",
  ignore,
  async fn() {
    const wakeUp = WakeUp.open()!;
    const worker = new Worker(new URL("./wake_up_worker.ts", import.meta.url), { type: "module" });
    const messages: unknown[] = [];
    const { promise: waits, resolve } = Promise.withResolvers<void>();
    const woken = new Promise<void>((done, fail) => {
      worker.onmessage = ({ data }) => {
        messages.push(data);
        if (data === "waits") resolve();
        if (messages.length === 3) done();
      };
      worker.onerror = (event) => fail(new Error(event.message));
    });
    worker.postMessage(wakeUp.fd);
    await waits;
    wakeUp.ring();
    await woken;
    // And it stays rung: whoever waits next does not.
    assert.deepEqual(messages, ["waits", 1, 1]);
    worker.terminate();
    wakeUp.close();
  },
});

Deno.test({
  name: "WakeUp.ring() writes to no other file that has its number later",
  ignore,
  fn() {
    const path = Deno.makeTempFileSync();
    const wakeUp = WakeUp.open()!;
    wakeUp.close();
    // The number is given again once no lower one is free.
    const files: Deno.FsFile[] = [];
    const isOurs = () => exists(`/proc/self/fd/${wakeUp.fd}`);
    while (!isOurs() && files.length < 1000) files.push(Deno.openSync(path, { write: true }));
    assert.ok(isOurs(), `descriptor ${wakeUp.fd}`);
    wakeUp.ring();
    wakeUp.close();
    assert.equal(Deno.statSync(path).size, 0);
    for (const file of files) file.close();
    Deno.removeSync(path);
  },
});

Deno.test("WakeUp.open() gives nothing where the kernel has none, and without the C library", () => {
  const without = { call: { eventfd: () => -1 } } as unknown as Libc;
  assert.equal(WakeUp.open(() => without), undefined);
  const denied = () => {
    throw new SystemError("open the C library", 0, "no permission");
  };
  assert.equal(WakeUp.open(denied), undefined);
  const broken = () => {
    throw new TypeError("a mistake");
  };
  assert.throws(() => WakeUp.open(broken), TypeError);
});

Deno.test({
  name: "WakeUp is what the capture thread's filter takes for a wake-up",
  ignore,
  async fn() {
    const { isWakeUp, openDescriptors } = await import("../../src/system/descriptors.ts");
    const wakeUp = WakeUp.open()!;
    const found = openDescriptors(libc()).find(({ fd }) => fd === wakeUp.fd)!;
    assert.ok(isWakeUp(found), found.target);
    wakeUp.close();
  },
});
