import assert from "node:assert/strict";
import fc from "fast-check";
import { CaptureFileError } from "../../../src/pcap/file/capture_file_error.ts";
import { PIECE_BYTES_MAX } from "../../../src/pcap/file/input_window.ts";
import { CaptureReader } from "../../../src/pcap/file/reader.ts";
import { Step } from "../../../src/pcap/file/step.ts";
import { concat } from "../../support/pcap_bytes.ts";
import {
  Block,
  block,
  countUp,
  enhanced,
  interfaceBlock,
  option,
  pcapHeader,
  pcapRecord,
  section,
} from "../support/files.ts";
import { readAll } from "../support/read_all.ts";

/** Small captures of every format, for tests that do things to all of them. */
const CAPTURES: Record<string, Uint8Array> = {
  "pcap, little-endian": pcap(0xa1b2c3d4, true, 4),
  "pcap, big-endian": pcap(0xa1b2c3d4, false, 4),
  "pcap, nanoseconds": pcap(0xa1b23c4d, true, 4),
  "pcap, Kuznetzov's": pcap(0xa1b2cd34, false, 4),
  "pcap 2.3": pcap(0xa1b2c3d4, true, 3),
  "pcapng, little-endian": pcapng(true),
  "pcapng, both orders": concat([pcapng(false), pcapng(true)]),
};

function pcap(magic: number, little: boolean, minor: number): Uint8Array {
  const extra = magic === 0xa1b2cd34 ? [1, 2] : [];
  const parts = [pcapHeader({ magic, little, minor, linkType: 101 })];
  for (const bytes of [60, 0, 1, 33]) {
    const words = [1700000000 + bytes, 999999, bytes, bytes + 4, ...extra];
    parts.push(pcapRecord(words, countUp(bytes), little));
  }
  return concat(parts);
}

function pcapng(little: boolean): Uint8Array {
  return concat([
    section(little),
    interfaceBlock(1, 40, [option(9, Uint8Array.of(9), little)], little),
    interfaceBlock(113, 0, [option(9, Uint8Array.of(0x8a), little)], little),
    enhanced(0, 1700000000123456789n, countUp(33), little),
    block(Block.Custom, countUp(9), little),
    enhanced(1, 1700000000n << 10n, countUp(14), little, {
      options: option(2, countUp(4), little),
    }),
    block(Block.Simple, concat([new Uint8Array(4), countUp(0)]), little),
    enhanced(1, 1700000001n << 10n, countUp(0), little),
  ]);
}

Deno.test("CaptureReader gives the same packets whatever pieces a file comes in", () => {
  for (const [name, file] of Object.entries(CAPTURES)) {
    const whole = readAll(file);
    assert.equal(whole.error, null, name);
    assert.ok(whole.packets.length >= 4, name);
    for (const piece of [1, 2, 3, 7, 16, 23, 24, 25, 64]) {
      assert.deepEqual(readAll(file, piece), whole, `${name}, pieces of ${piece}`);
    }
  }
});

Deno.test("CaptureReader tells the same damage whatever pieces a file comes in", () => {
  for (const [name, file] of Object.entries(CAPTURES)) {
    for (let length = 0; length < file.length; length += 3) {
      const cut = file.subarray(0, length);
      assert.deepEqual(readAll(cut, 1), readAll(cut), `${name} cut to ${length}`);
    }
  }
});

Deno.test("CaptureReader reads packets of any size through a buffer that they outgrow", () => {
  const seed = Date.now() & 0x7fffffff;
  console.log(`seed ${seed}`);
  const sizes = fc.array(fc.oneof(fc.nat(2000), fc.nat(262144)), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sizes, fc.integer({ min: 5000, max: 700000 }), (sizes, piece) => {
      const file = concat([
        pcapHeader(),
        ...sizes.map((size, i) => pcapRecord([i, 0, size, size], new Uint8Array(size).fill(i + 1))),
      ]);
      const { packets, error } = readAll(file, piece, PIECE_BYTES_MAX);
      assert.equal(error, null);
      assert.deepEqual(packets.map((p) => p.bytes.length), sizes);
      packets.forEach((p, i) => assert.ok(p.bytes.every((byte) => byte === i + 1)));
    }),
    { numRuns: 40, seed },
  );
});

Deno.test("CaptureReader tells the offset of damage far behind its buffer", () => {
  const record = pcapRecord([1, 2, 200000, 200000], new Uint8Array(200000));
  const bad = pcapRecord([1, 2, 70000000, 70000000], countUp(100));
  const file = concat([pcapHeader(), ...Array(20).fill(record), bad]);
  const { packets, error } = readAll(file, Infinity, PIECE_BYTES_MAX);
  assert.equal(packets.length, 20);
  assert.equal(
    error?.message,
    "test.pcap: record of 70000000 bytes claimed, at most 262144 allowed, at byte 4000344",
  );
  assert.equal(error?.file, "test.pcap");
  assert.equal(error?.offset, 4000344);
});

Deno.test("CaptureReader throws the same error again when it is called after damage", () => {
  for (const magic of [0xa1b2c3d4, 0xa1b23c4d]) {
    const reader = new CaptureReader("cut.pcap");
    const cut = concat([pcapHeader({ magic }), pcapRecord([1, 2, 9, 9], countUp(4))]);
    reader.space().set(cut);
    reader.filled(cut.length);
    assert.equal(reader.next(), Step.NeedBytes);
    reader.filled(0);
    const told =
      /^CaptureFileError: cut\.pcap: file cut in a packet, 4 of 9 bytes there, copy it again, at byte 24$/;
    assert.throws(() => reader.next(), told);
    // The missing bytes come too late.
    reader.space().set(countUp(5));
    reader.filled(5);
    assert.throws(() => reader.next(), told);
    assert.throws(() => reader.next(), CaptureFileError);
  }
});

Deno.test("CaptureReader says the end again when it is called after the end", () => {
  for (const [name, file] of Object.entries(CAPTURES)) {
    const reader = new CaptureReader(name);
    reader.space().set(file);
    reader.filled(file.length);
    reader.filled(0);
    let step: number = reader.next();
    while (step === Step.Packet) step = reader.next();
    assert.equal(step, Step.End);
    assert.equal(reader.next(), Step.End);
  }
});

Deno.test("CaptureReader refuses a buffer that a packet may outgrow, and counts that cannot be", () => {
  for (const bytes of [0, 65536, PIECE_BYTES_MAX - 1, NaN]) {
    assert.throws(() => new CaptureReader("x", { bufferBytes: bytes }), RangeError);
  }
  const reader = new CaptureReader("x", { bufferBytes: PIECE_BYTES_MAX });
  for (const count of [-1, 0.5, PIECE_BYTES_MAX + 1]) {
    assert.throws(() => reader.filled(count), RangeError);
  }
  reader.filled(PIECE_BYTES_MAX);
  assert.throws(() => reader.space(), RangeError);
});

Deno.test("CaptureReader survives any change of any bytes: packets, then an end or an error", () => {
  const seed = Date.now() & 0x7fffffff;
  console.log(`seed ${seed}`);
  const files = Object.values(CAPTURES);
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    value: fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)),
  });
  const cut = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(change, { minLength: 1, maxLength: 8 }),
      cut,
      fc.integer({ min: 1, max: 300 }),
      (file, changes, cut, piece) => {
        const bad = file.slice(0, Math.ceil(file.length * (0.5 + cut)));
        for (const { at, value } of changes) bad[Math.floor(at * bad.length)] = value;
        // readAll() passes on whatever is not a CaptureFileError, and checks the bounds.
        const outcome = readAll(bad, piece, PIECE_BYTES_MAX);
        // Bytes behind the file's end are not read.
        assert.deepEqual(readAll(bad, Infinity, PIECE_BYTES_MAX, 0xff), outcome);
        const { packets, error } = outcome;
        // No packet is made of fewer than 12 bytes of file.
        assert.ok(packets.length <= bad.length / 12);
        for (const packet of packets) {
          assert.ok(Number.isInteger(packet.timeUs) && packet.timeUs >= 0);
          assert.ok(packet.nanos >= 0 && packet.nanos <= 999);
        }
        if (error !== null) assert.ok(error.offset >= 0 && error.offset <= bad.length);
      },
    ),
    { numRuns: 4000, seed },
  );
});

Deno.test("CaptureReader goes on after the records that were read in place, with their time", () => {
  const records = [60, 1, 33, 40].map((bytes) =>
    pcapRecord([1_700_000_000 + bytes, 7, bytes, bytes], countUp(bytes), true)
  );
  const file = concat([
    pcapHeader({ magic: 0xa1b2c3d4, little: true, minor: 4, linkType: 1 }),
    ...records,
  ]);
  const reader = new CaptureReader("in place");
  assert.equal(reader.plainBytesMax, 0, "before the first record");
  reader.space().set(file);
  reader.filled(file.length);
  assert.equal(reader.next(), Step.Packet);
  assert.ok(reader.plainBytesMax > 0);
  assert.equal(reader.limit - reader.at, file.length - 24 - records[0].length);
  const timeUs = 1_700_000_033 * 1e6 + 7;
  reader.passed(reader.at + records[1].length + records[2].length, timeUs);
  assert.equal(reader.timeUs, timeUs);
  assert.equal(reader.next(), Step.Packet);
  assert.equal(reader.wireLength, 40);
  assert.equal(reader.at, reader.limit);
});
