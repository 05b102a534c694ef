import assert from "node:assert/strict";
import { DEVICES_COUNTED_MAX, Progress, Start } from "../../src/capture/progress.ts";

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

Deno.test("Progress keeps every number apart from every other, of as many devices as are counted", () => {
  const ours = new Progress(), worker = new Progress(ours.memory);
  const of = (index: number) => ({
    received: 100 + index,
    kernel: 900 + index,
    isUp: index % 2 > 0,
  });
  worker.file = 3;
  worker.start(Start.Confined);
  worker.bytes = 11;
  worker.setKernel(12, 13, 14);
  ours.setInterfaceDrops(15);
  for (let i = 0; i < 16; i++) worker.countRingDrop();
  worker.countKept(8);
  worker.countKept(9);
  // One beyond those that are counted is nobody's.
  for (let i = 0; i <= DEVICES_COUNTED_MAX; i++) worker.setDevice(i, of(i));
  assert.deepEqual([ours.file, ours.bytes, ours.stopped()], [3, 11, false]);
  assert.equal(ours.waitForStart(), Start.Confined);
  assert.deepEqual(ours.losses(), {
    received: 12,
    kernel: 13,
    lookedUs: 14,
    interface: 15,
    ring: 16,
    kept: 17,
  });
  const all = Array.from({ length: DEVICES_COUNTED_MAX }, (_, index) => of(index));
  assert.deepEqual(ours.devices(DEVICES_COUNTED_MAX + 1), all);
  assert.deepEqual(ours.devices(2), all.slice(0, 2));
  ours.stop();
  assert.equal(worker.waitForStart(), undefined, "to stop goes before how to go on");
});

/** How each call of Atomics.wait ended that `run` makes; none sleeps. */
function waits(run: () => void, meanwhile = () => {}): string[] {
  const { wait } = Atomics, ends: string[] = [];
  Atomics.wait = ((words: Int32Array, index: number, value: number) => {
    ends.push(wait(words, index, value, 0));
    meanwhile();
  }) as typeof wait;
  try {
    run();
  } finally {
    Atomics.wait = wait;
  }
  return ends;
}

Deno.test("Progress sleeps in a pause while nobody asked to stop, and not afterwards", () => {
  const progress = new Progress();
  assert.deepEqual(waits(() => progress.pause(7)), ["timed-out"]);
  progress.stop();
  assert.deepEqual(waits(() => progress.pause(7)), ["not-equal"]);
});

Deno.test("Progress sleeps until it is said how to go on, and looks again each time", () => {
  const progress = new Progress();
  let looks = 0;
  const ends = waits(
    () => assert.equal(progress.waitForStart(), Start.Free),
    () => ++looks === 3 && progress.start(Start.Free),
  );
  assert.deepEqual(ends, ["timed-out", "timed-out", "timed-out"]);
});
