import assert from "node:assert/strict";
import { Progress } from "../../src/capture/progress.ts";

Deno.test("Progress shows one thread what the other says: file, bytes, and that it is to stop", () => {
  const ours = new Progress(), worker = new Progress(ours.memory);
  assert.deepEqual([ours.file, ours.bytes, worker.stopped()], [0, 0, false]);
  for (const file of [1, 0, 7, 3]) {
    worker.file = file;
    assert.equal(ours.file, file);
  }
  worker.bytes = 2 ** 40;
  assert.equal(ours.bytes, 2 ** 40);
  ours.stop();
  assert.ok(worker.stopped());
});
