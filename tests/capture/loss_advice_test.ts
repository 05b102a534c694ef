// The advice at the first loss is arithmetic on what was counted, and is given once.

import assert from "node:assert/strict";
import {
  bufferBytesOf,
  bufferMiBFor,
  type Counted,
  LossAdvice,
} from "../../src/capture/loss_advice.ts";

const ROOM = { bufferMiB: 8, ringRecords: 16384 };

/** A second later each time. */
function looks(...changes: Partial<Counted>[]): (string | undefined)[] {
  const advice = new LossAdvice(ROOM);
  return changes.map((change, i) =>
    advice.check({
      received: 0,
      kernel: 0,
      ring: 0,
      packets: 1000,
      kept: 60_000,
      lookedUs: (i + 1) * 1e6,
      ...change,
    })
  );
}

Deno.test("LossAdvice names the buffer that would have held what came, once", () => {
  const said = looks(
    { received: 100 },
    { received: 200_100, kernel: 40_000 },
    { received: 400_100, kernel: 80_000 },
  );
  assert.deepEqual(said, [
    undefined,
    "the kernel dropped 40,000 packets: its buffer of 8 MiB holds 0.3 s of the 200,000 packets a " +
    "second that came; --buffer-size 64 would hold 2.3 s",
    undefined,
  ]);
});

Deno.test("LossAdvice takes the time between two looks, and a second where there was no look before", () => {
  const rate = (...changes: Partial<Counted>[]) =>
    /of the ([\d,]+) packets a second/.exec(looks(...changes).at(-1)!)?.[1];
  assert.equal(rate({ received: 30_000, kernel: 5, lookedUs: 9e6 }), "30,000");
  const later = { received: 30_100, kernel: 5, lookedUs: 4e6 };
  assert.equal(rate({ received: 100, lookedUs: 1e6 }, later), "10,000");
});

Deno.test("LossAdvice says that nobody read, where the buffer was large enough", () => {
  const [, text] = looks({ received: 10 }, { received: 5_010, kernel: 1 });
  assert.match(text!, /^the kernel dropped 1 packet: .* holds 12 s of the 5,000 packets a second/);
  assert.match(
    text!,
    /was not read for longer than that: the machine was busy, or the program stopped/,
  );
});

Deno.test("LossAdvice tells a full ring from a full buffer", () => {
  const [, text] = looks({ received: 10 }, { received: 5_010, ring: 7 });
  assert.match(
    text!,
    /^7 packets found the ring between the threads full.*--live-ring-records 65536/,
  );
});

Deno.test("LossAdvice waits for a look at the kernel's counters, and takes each once", () => {
  const advice = new LossAdvice(ROOM);
  const first = { received: 9, kernel: 9, ring: 0, packets: 0, kept: 0, lookedUs: 0 };
  assert.equal(advice.check(first), undefined);
  assert.notEqual(advice.check({ ...first, lookedUs: 5 }), undefined);
});

Deno.test("bufferMiBFor() is what packets take in a ring of the kernel's", () => {
  assert.equal(bufferBytesOf(60), 144);
  assert.equal(bufferBytesOf(1500), 1584);
  assert.equal(bufferMiBFor(1, 100_000, 60), 16);
  assert.equal(bufferMiBFor(0.001, 10, 60), 1);
});
