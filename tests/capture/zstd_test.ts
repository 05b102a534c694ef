// Zstandard as it is pulled: frames written out by hand (RFC 8878 sections 3.1.1 and 3.1.2), in pieces of any size, and
// where one says that it is damaged.

import assert from "node:assert/strict";
import { Unzstd } from "../../src/capture/zstd.ts";
import { CaptureFileError } from "../../src/pcap/file/capture_file_error.ts";

const RAW = 0, RLE = 1, RESERVED = 3;

/** The header of a frame without a checksum and a size, with a window of 1 MiB; then its blocks. */
function frame(...blocks: number[][]): Uint8Array {
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50, ...blocks.flat()]);
}

/** Of a block of bytes as they are; `size` may be another than that of its bytes. */
function block(type: number, bytes: number[], isLast = false, size = bytes.length): number[] {
  const header = size << 3 | type << 1 | (isLast ? 1 : 0);
  return [header & 0xff, header >>> 8 & 0xff, header >>> 16, ...bytes];
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i % 251);

/** Reads all of it into pieces of `room` bytes; the first `head` bytes came before, and `most` are given at once. */
function pulled(input: Uint8Array, head: number, most = Infinity, room = 1000) {
  let at = head;
  const asked: number[] = [];
  const unzstd = new Unzstd("capture.zst", (into) => {
    asked.push(into.length);
    const piece = input.subarray(at, at + Math.min(most, into.length));
    into.set(piece);
    at += piece.length;
    return piece.length;
  }, input.subarray(0, head));
  const out: number[] = [], into = new Uint8Array(room);
  for (let count = unzstd.read(into); count > 0; count = unzstd.read(into)) {
    out.push(...into.subarray(0, count));
  }
  assert.equal(unzstd.read(into), 0, "the end stays the end");
  return { out, asked };
}

/** Where a damaged input says that it is damaged, and how. */
function damage(input: Uint8Array, head: number, most?: number): [offset: number, reason: string] {
  try {
    pulled(input, head, most);
  } catch (error) {
    assert.ok(error instanceof CaptureFileError);
    assert.equal(error.file, "capture.zst");
    return [error.offset, error.reason];
  }
  assert.fail("it was read to its end");
}

Deno.test("zstd: every byte comes once and in order, whatever came before, is given and is asked for at once", () => {
  const input = frame(block(RAW, numbers(700)), block(RAW, []), block(RAW, numbers(90), true));
  const expected = [...numbers(700), ...numbers(90)];
  for (const head of [0, 1, 6, 300, input.length]) {
    for (const [most, room] of [[1, 1000], [7, 3], [100_000, 1], [255, 700], [257, 89]]) {
      assert.deepEqual(pulled(input, head, most, room).out, expected, `${head} ${most} ${room}`);
    }
  }
});

Deno.test("zstd: a block of one byte is repeated, and an input of 64 KiB is asked for at once", () => {
  const { out, asked } = pulled(frame(block(RLE, [7], true, 100_000)), 4);
  assert.deepEqual([out.length, Math.min(...out), Math.max(...out)], [100_000, 7, 7]);
  assert.deepEqual(new Set(asked), new Set([65_536]));
});

Deno.test("zstd: frames follow each other", () => {
  const one = frame(block(RAW, [1, 2, 3], true)), two = frame(block(RAW, [4], true));
  assert.deepEqual(pulled(Uint8Array.from([...one, ...two]), 4).out, [1, 2, 3, 4]);
});

Deno.test("zstd: damage is where the 256 bytes begin that it is in, counted from the input's first byte", () => {
  for (const [before, at] of [[0, 0], [244, 0], [245, 256], [500, 256], [501, 512], [900, 768]]) {
    // The header of the damaged block, whose type no block has, ends at byte 12 + `before`.
    const input = frame(block(RAW, numbers(before)), block(RESERVED, []), numbers(20));
    for (const head of [0, input.length]) {
      assert.deepEqual(damage(input, head), [at, "zstd data: invalid block type"], `${before}`);
    }
  }
});

Deno.test("zstd: damage behind what was taken first is counted with it", () => {
  const input = frame(block(RAW, numbers(491)), block(RESERVED, []), numbers(20));
  assert.equal(input.length, 523);
  for (const [head, most, at] of [[100, 100, 500], [4, 200, 404], [300, 1000, 300]]) {
    assert.equal(damage(input, head, most)[0], at, `${head} ${most}`);
  }
});

Deno.test("zstd: an input that ends early is cut short, at its last byte", () => {
  const input = frame(block(RAW, numbers(20), true));
  for (const length of [5, 9, 28]) {
    assert.deepEqual(damage(input.subarray(0, length), 0), [length, "zstd data: cut short"]);
  }
});
