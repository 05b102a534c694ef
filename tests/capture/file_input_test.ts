// A capture file as bytes: plain or compressed, whatever pieces it comes in, and what is said where it cannot be read.

import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { FileInput, shownName } from "../../src/capture/file_input.ts";
import { concat } from "../support/pcap_bytes.ts";
import { Random } from "../support/random.ts";
import { type Held, withFiles } from "./opened_files.ts";

const HEAD_BYTES = 64 * 1024, PIECE_BYTES = 256 * 1024;

function noise(length: number): Uint8Array {
  const random = new Random(length);
  return Uint8Array.from({ length }, () => random.below(256));
}

/** All bytes of an input, read into so many places at once. */
function readAll(held: Held, room: number) {
  return withFiles({ a: held }, () => {
    const input = FileInput.open("a");
    assert.ok(typeof input !== "string", `${input}`);
    const parts: Uint8Array[] = [], counts: number[] = [];
    for (let count = -1; count !== 0;) {
      const into = new Uint8Array(room);
      count = input.read(into);
      parts.push(into.subarray(0, count));
      if (count > 0) counts.push(count);
    }
    const { bytesRead } = input;
    input.close();
    return { bytes: concat(parts), counts, bytesRead, warning: input.warning() };
  });
}

const RAW = Uint8Array.from([...new TextEncoder().encode("plain "), ...noise(600)]);
const GZIP = new Uint8Array(gzipSync(RAW));
/** A zstd frame of one raw block (RFC 8878): magic, a single segment with two bytes of size, the block. */
const ZSTD = Uint8Array.from([
  ...[0x28, 0xb5, 0x2f, 0xfd, 0x60],
  ...[(RAW.length - 256) & 0xff, (RAW.length - 256) >> 8],
  ...[(RAW.length << 3 | 1) & 0xff, (RAW.length << 3) >> 8 & 0xff, (RAW.length << 3) >> 16],
  ...RAW,
]);

Deno.test("FileInput gives each byte once and in order, plain or compressed, in whatever pieces it comes", () => {
  for (const bytes of [RAW, GZIP, ZSTD]) {
    for (const most of [undefined, 1, 3, 1000]) {
      for (const room of [7, 5000]) {
        const { result, opened, closed } = readAll({ bytes, most }, room);
        assert.deepEqual(result.bytes, RAW, `${bytes.length} ${most} ${room}`);
        assert.equal(result.bytesRead, bytes.length, "as they lie in the file");
        assert.equal(result.warning, undefined);
        assert.deepEqual([opened, closed], [["a"], ["a"]]);
      }
    }
  }
});

Deno.test("FileInput gives its first bytes as far as there is room, then reads so many at once at most", () => {
  const bytes = noise(HEAD_BYTES + PIECE_BYTES + 10);
  const { result, asked } = readAll({ bytes }, 2 * PIECE_BYTES);
  assert.deepEqual(result.bytes, bytes);
  assert.deepEqual(result.counts, [HEAD_BYTES, PIECE_BYTES, 10]);
  assert.deepEqual(asked, [HEAD_BYTES, PIECE_BYTES, PIECE_BYTES, PIECE_BYTES]);
  const small = readAll({ bytes: bytes.subarray(0, HEAD_BYTES + 5) }, HEAD_BYTES - 1);
  assert.deepEqual(small.result.counts, [HEAD_BYTES - 1, 1, 5]);
});

Deno.test("FileInput reads no more than four bytes to know what a file is, where they come one by one", () => {
  for (
    const [bytes, reads] of [[RAW, 4], [RAW.subarray(0, 4), 4], [RAW.subarray(0, 3), 4]] as const
  ) {
    const { asked } = withFiles({ a: { bytes, most: 1 } }, () => FileInput.open("a"));
    assert.equal(asked.length, reads, `${bytes.length} bytes`);
  }
});

Deno.test("FileInput takes a file for compressed only where all of its first bytes say so", () => {
  for (let places = 0; places < 4; places++) {
    const bytes = ZSTD.slice();
    bytes[places] ^= 0x80;
    assert.deepEqual(readAll({ bytes }, 5000).result.bytes, bytes);
  }
  assert.deepEqual(readAll({ bytes: ZSTD.subarray(0, 3) }, 50).result.bytes, ZSTD.slice(0, 3));
  assert.deepEqual(readAll({ bytes: new Uint8Array(0) }, 50).result.bytes, new Uint8Array(0));
});

Deno.test("FileInput warns of bytes behind gzip data, where they begin", () => {
  const { result } = readAll({ bytes: Uint8Array.from([...GZIP, 1, 2, 3]) }, 5000);
  assert.deepEqual(result.bytes, RAW);
  assert.equal(result.warning, `a: bytes after the gzip data are ignored, at byte ${GZIP.length}`);
});

Deno.test("FileInput says in a sentence why a file cannot be opened or read, and closes it", () => {
  const errors = Deno.errors;
  const saying = (failing: Error) => {
    const { result, closed } = withFiles(
      { a: { bytes: new Uint8Array(0), failing } },
      () => FileInput.open("a"),
    );
    assert.deepEqual(closed, ["a"]);
    return result;
  };
  assert.equal(saying(new errors.PermissionDenied("x")), "a: cannot be read: permission denied");
  assert.equal(
    saying(new errors.IsADirectory("x")),
    "a: is a folder without capture files: pcap, pcapng, .gz or .zst of these",
  );
  const { result } = withFiles({}, () => FileInput.open("a"));
  assert.equal(result, "a: cannot be opened: there is no such file");
});

Deno.test("FileInput tells a device that may not be opened from a path that was not allowed", () => {
  const { openSync } = Deno;
  const refusing = (message: string) => {
    const refuse = () => {
      throw new Deno.errors.NotCapable(message);
    };
    Object.defineProperty(Deno, "openSync", { value: refuse, configurable: true, writable: true });
    try {
      return FileInput.open("a");
    } finally {
      Object.defineProperty(Deno, "openSync", {
        value: openSync,
        configurable: true,
        writable: true,
      });
    }
  };
  assert.equal(
    refusing("Requires all access, run again with the --allow-all flag"),
    "a: cannot be opened: is a device or a file of the kernel's: copy it, or pipe it in",
  );
  assert.equal(
    refusing("Requires read access"),
    "a: cannot be opened: reading it was not allowed at start",
  );
});

Deno.test("FileInput throws a mistake of the program's on, and closes the file", () => {
  for (const failing of [new TypeError("a mistake"), new RangeError("a mistake")]) {
    const { closed } = withFiles({ a: { bytes: new Uint8Array(0), failing } }, () => {
      assert.throws(() => FileInput.open("a"), failing);
    });
    assert.deepEqual(closed, ["a"]);
  }
});

Deno.test("shownName() calls standard input so", () => {
  assert.deepEqual([shownName("-"), shownName("--"), shownName("a")], [
    "standard input",
    "--",
    "a",
  ]);
});
