import assert from "node:assert/strict";
import { constants, crc32, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { CaptureFileError } from "../../../src/pcap/file/capture_file_error.ts";
import { Gunzip, isGzip } from "../../../src/pcap/file/gunzip.ts";
import { concat } from "../../support/pcap_bytes.ts";
import {
  countUp,
  enhanced,
  interfaceBlock,
  pcapHeader,
  pcapRecord,
  section,
  wordBytes,
} from "../support/files.ts";
import { readAll } from "../support/read_all.ts";

/** Bytes that deflate makes something of, and that show their order. */
function text(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, i) => (i * 7919) >> 5);
}

interface Inflated {
  bytes: Uint8Array;
  error: CaptureFileError | null;
  garbageOffset: number;
}

/** Inflates `file`, given in pieces and taken in pieces. */
function inflate(
  file: Uint8Array,
  give = Infinity,
  take = 65536,
  head = 0,
): Inflated {
  let at = head;
  const gunzip = new Gunzip("x.gz", (into) => {
    const piece = file.subarray(at, at + Math.min(give, into.length));
    into.set(piece);
    at += piece.length;
    return piece.length;
  }, file.subarray(0, head));
  const parts: Uint8Array[] = [];
  const into = new Uint8Array(take);
  let error: CaptureFileError | null = null;
  try {
    for (let count = gunzip.read(into); count > 0; count = gunzip.read(into)) {
      parts.push(into.slice(0, count));
    }
    assert.equal(gunzip.read(into), 0, "the end is said again");
  } catch (thrown) {
    if (!(thrown instanceof CaptureFileError)) throw thrown;
    error = thrown;
  }
  return { bytes: concat(parts), error, garbageOffset: gunzip.garbageOffset };
}

/** A member whose header has every optional field. */
function memberWithAll(content: Uint8Array): Uint8Array {
  const plain = gzipSync(content);
  const utf8 = new TextEncoder();
  return concat([
    Uint8Array.of(0x1f, 0x8b, 8, 0x1f, 1, 2, 3, 4, 0, 255),
    Uint8Array.of(5, 1, ...countUp(261)),
    utf8.encode("capture.pcap\0"),
    utf8.encode("a comment\0"),
    Uint8Array.of(0xab, 0xcd),
    deflateRawSync(content),
    plain.subarray(plain.length - 8),
  ]);
}

Deno.test("isGzip() knows gzip data by its first two bytes", () => {
  assert.ok(isGzip(gzipSync(countUp(1))));
  assert.ok(isGzip(Uint8Array.of(0x1f, 0x8b)));
  for (const bytes of [[], [0x1f], [0x1f, 0x8c], [0x8b, 0x1f]]) {
    assert.ok(!isGzip(Uint8Array.from(bytes)));
  }
});

Deno.test("Gunzip inflates members one after another, however the file is cut in pieces", () => {
  const contents = [text(100000), text(0), text(1), text(300000), text(0)];
  const file = concat([
    ...contents.map((content) => gzipSync(content)),
    memberWithAll(text(5000)),
  ]);
  const want = concat([...contents, text(5000)]);
  for (
    const [give, take, head] of [[Infinity, 1 << 20, 0], [1, 65536, 0], [7, 999, 3], [100, 50, 100]]
  ) {
    const { bytes, error, garbageOffset } = inflate(file, give, take, head);
    assert.equal(error, null);
    assert.deepEqual(bytes, want);
    assert.equal(garbageOffset, -1);
  }
});

Deno.test("Gunzip gives CaptureReader a capture of any format, as it was before", () => {
  const body = text(200000);
  const records = [body, body.subarray(7), body.subarray(100000)];
  const pcapng = records.map((record) => enhanced(0, 5n, record));
  for (
    const file of [
      concat([pcapHeader(), ...records.map((r) => pcapRecord([1, 2, r.length, 9], r))]),
      concat([
        section(false),
        interfaceBlock(1, 0, [], false),
        section(),
        interfaceBlock(1),
        ...pcapng,
      ]),
    ]
  ) {
    const { bytes } = inflate(gzipSync(file));
    assert.deepEqual(readAll(bytes, 70000), readAll(file));
    assert.deepEqual(readAll(bytes).packets.map((p) => p.bytes), records);
  }
});

Deno.test("Gunzip says that a file is cut at any length, after all that can be inflated", () => {
  const content = text(4000);
  const file = memberWithAll(content);
  const bodyAt = 10 + 2 + 261 + 13 + 10 + 2;
  for (let length = 2; length < file.length; length++) {
    const { bytes, error } = inflate(file.subarray(0, length));
    assert.equal(error?.message, `x.gz: gzip file cut, copy it again, at byte ${length}`);
    assert.deepEqual(bytes, content.subarray(0, bytes.length));
    if (length <= bodyAt) assert.equal(bytes.length, 0);
    if (length >= file.length - 8) assert.equal(bytes.length, content.length);
  }
  const { bytes, error } = inflate(concat([file, file.subarray(0, 400)]));
  assert.equal(error?.offset, file.length + 400);
  assert.ok(bytes.length >= content.length);
});

Deno.test("Gunzip ignores what is after the last member, as gzip(1) does, and says where", () => {
  const file = concat([gzipSync(text(3000)), gzipSync(text(3))]);
  const want = concat([text(3000), text(3)]);
  for (const tail of ["garbage", "\x1f", "\x1f\x8c\x08", "x".repeat(200000)]) {
    for (const give of [Infinity, 1]) {
      const bad = concat([file, Uint8Array.from(tail, (char) => char.charCodeAt(0))]);
      const { bytes, error, garbageOffset } = inflate(bad, give);
      assert.equal(error, null);
      assert.deepEqual(bytes, want);
      assert.equal(garbageOffset, file.length);
    }
  }
  const padded = inflate(concat([file, new Uint8Array(5000)]));
  assert.deepEqual(padded, { bytes: want, error: null, garbageOffset: -1 });
});

Deno.test("Gunzip gives all that it inflated before a checksum or length that does not match", () => {
  const good = gzipSync(text(700000));
  for (
    const [back, reason] of [[8, "gzip checksum does not match"], [
      1,
      "gzip length does not match",
    ]] as const
  ) {
    const bad = Uint8Array.from(good);
    bad[bad.length - back] ^= 1;
    const { bytes, error } = inflate(bad);
    assert.deepEqual(bytes, text(700000));
    assert.equal(error?.message, `x.gz: ${reason}, at byte ${good.length - 8}`);
  }
});

Deno.test("Gunzip says where compressed data makes no sense", () => {
  const first = gzipSync(text(50000));
  const second = Uint8Array.from(gzipSync(text(50000)));
  second[10] = 0x07; // a block of the type that does not exist
  const { bytes, error } = inflate(concat([first, second]));
  assert.deepEqual(bytes, text(50000));
  assert.match(
    error?.message ?? "",
    /^x\.gz: gzip data is damaged \(invalid block type\), at byte \d+$/,
  );
  assert.ok(error!.offset >= first.length + 10 && error!.offset <= first.length + second.length);
});

Deno.test("Gunzip refuses headers it does not know, and files that are no gzip data", () => {
  const file = Uint8Array.from(gzipSync(countUp(9)));
  const method = file.slice();
  method[2] = 9;
  assert.equal(
    inflate(method).error?.message,
    "x.gz: gzip method 9 is not known (8 is), at byte 0",
  );
  const flags = file.slice();
  flags[3] = 0x20;
  assert.equal(
    inflate(flags).error?.message,
    "x.gz: gzip header with reserved flags set, at byte 0",
  );
  for (const bytes of [0, 1, 100]) {
    assert.equal((inflate(countUp(bytes))).error?.message, "x.gz: no gzip data, at byte 0");
  }
  assert.throws(() => new Gunzip("x", () => 0, new Uint8Array(65537)), RangeError);
});

Deno.test("Gunzip streams data that inflates to a thousand times its size", () => {
  // One member of a gigabyte of zeros, in blocks that may stand one after another.
  const zeros = new Uint8Array(1 << 20);
  const flushed = deflateRawSync(zeros, { finishFlush: constants.Z_FULL_FLUSH });
  const times = 1024;
  let checksum = 0;
  for (let i = 0; i < times; i++) checksum = crc32(zeros, checksum);
  const file = concat([
    Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255),
    ...Array(times).fill(flushed),
    Uint8Array.of(3, 0), // the last block, empty
    wordBytes([checksum, times << 20]),
  ]);
  let at = 0;
  const gunzip = new Gunzip("bomb.gz", (into) => {
    const piece = file.subarray(at, at + into.length);
    into.set(piece);
    at += piece.length;
    return piece.length;
  });
  const into = new Uint8Array(65536);
  const before = Deno.memoryUsage().rss;
  let total = 0;
  let most = 0;
  for (let count = gunzip.read(into); count > 0; count = gunzip.read(into)) {
    total += count;
    most = Math.max(most, Deno.memoryUsage().rss);
  }
  assert.equal(total, times << 20);
  // Some 70 MiB are seen, most of them chunks that wait to be collected, which may be late on a busy machine.
  assert.ok(most - before < 512 << 20, `memory grew by ${(most - before) >> 20} MiB`);
});

Deno.test("Gunzip survives any change of any bytes: good bytes, then an end or an error", () => {
  const seed = Date.now() & 0x7fffffff;
  console.log(`seed ${seed}`);
  const file = concat([memberWithAll(text(2000)), gzipSync(text(500)), gzipSync(text(0))]);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(file.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 400 }),
      (changes, give) => {
        const bad = file.slice();
        for (const [at, value] of changes) bad[at] = value;
        // inflate() passes on whatever is not a CaptureFileError.
        const { error } = inflate(bad, give);
        if (error !== null) assert.ok(error.offset >= 0 && error.offset <= bad.length);
      },
    ),
    { numRuns: 500, seed },
  );
});
