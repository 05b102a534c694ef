import assert from "node:assert/strict";
import { StatusOutlets } from "../../src/command/status_outlets.ts";
import { ask } from "../../src/status/ask.ts";
import type { Status } from "../../src/status/status.ts";
import { libc } from "../../src/system/libc.ts";
import { sampleStatus } from "../status/sample.ts";

// The program keeps the C library open for as long as it runs: no test's own.
libc();

/** Outlets with a socket, whose status counts how often it was asked for, and a clock that stands still. */
async function withOutlets(
  use: (path: string, clock: { ms: number }, made: () => number) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "scandog-outlets-" });
  const clock = { ms: 1000 };
  let made = 0;
  const { packets } = sampleStatus();
  const status = (): Status => sampleStatus({ packets: { ...packets, bytes: ++made } });
  const outlets = new StatusOutlets(undefined, assert.fail, status, () => clock.ms);
  try {
    await outlets.open(`${folder}/control`, undefined);
    await use(`${folder}/control`, clock, () => made);
  } finally {
    outlets.close(undefined);
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("StatusOutlets makes an answer anew four times a second, however many ask", async () => {
  await withOutlets(async (path, clock, made) => {
    const bytes = async () => JSON.parse(await ask(path, "status")).packets.bytes;
    for (let i = 0; i < 20; i++) assert.equal(await bytes(), 1);
    clock.ms += 249;
    assert.equal(await bytes(), 1);
    clock.ms += 1;
    assert.equal(await bytes(), 2);
    assert.equal(made(), 2);
  });
});

Deno.test("StatusOutlets keeps the answers to different requests apart", async () => {
  await withOutlets(async (path, _clock, made) => {
    const status = await ask(path, "status");
    const metrics = await ask(path, "metrics");
    assert.match(metrics, /^scandog_packet_bytes_total 2$/m);
    assert.equal(await ask(path, "status"), status);
    assert.equal(await ask(path, "metrics"), metrics);
    assert.equal(made(), 2);
  });
});

Deno.test("StatusOutlets says what may be asked for, and makes no status for what may not", async () => {
  await withOutlets(async (path, _clock, made) => {
    for (const request of ["stop", "toString", "__proto__", ""]) {
      assert.deepEqual(JSON.parse(await ask(path, request)), {
        error: "requests are: status, metrics",
      });
    }
    assert.equal(made(), 0);
  });
});
