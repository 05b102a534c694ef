// Bytes one at a time: in order across buffers, and -1 at the end, again and again.

import assert from "node:assert/strict";
import { ByteInput } from "../../../src/pcap/file/byte_input.ts";

Deno.test("ByteInput gives the head, then what is read, and -1 at the end", () => {
  const pieces = [[3, 4], [5], []];
  const input = new ByteInput(
    2,
    (into) => {
      const piece = pieces.shift() ?? [];
      into.set(piece);
      return piece.length;
    },
    Uint8Array.of(1, 2),
  );
  for (let byte = 1; byte <= 5; byte++) {
    assert.equal(input.offset(), byte - 1);
    assert.equal(input.peek(), byte);
    assert.equal(input.take(), byte);
  }
  for (let i = 0; i < 2; i++) assert.deepEqual([input.peek(), input.take()], [-1, -1]);
  assert.equal(input.offset(), 5);
});

Deno.test("ByteInput refuses a head that is longer than its buffer", () => {
  const make = (bytes: number) => new ByteInput(2, () => 0, new Uint8Array(bytes));
  assert.throws(() => make(3), RangeError);
  assert.equal(make(2).limit, 2);
});
